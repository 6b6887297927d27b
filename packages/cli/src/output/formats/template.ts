import { verdictWords } from '@tardy/core';
import { UsageError } from '../../errors.js';
import { sanitizeInline } from '../sanitize.js';
import type { ReportFormat, Template } from './format.js';

/** A Handlebars template of the caller's, filled with the report and with `summary`, the verdict in a sentence. */
export const templateFormat: ReportFormat = {
  render: async (report, { template }) => {
    const render = await compiled(required(template));
    return render({ ...sanitizedRecord(report), summary: verdictWords(report) });
  },
  check: async ({ template }) => {
    // Handlebars compiles at the first use. A template that does not compile must be known before anything is read.
    await compiled(required(template)).then((render) => render(EMPTY));
  },
};

/** Enough for a template to be compiled: a section over an absent list is empty. */
const EMPTY = {};

/** Without other helpers a misspelt one is an error rather than empty text. */
const OPTIONS = { knownHelpersOnly: true, knownHelpers: { json: true } } as const;

/** Loaded only for whoever has a template. */
async function compiled({ path, text }: Template): Promise<(context: Readonly<Record<string, unknown>>) => string> {
  const { default: handlebars } = await import('handlebars');
  const library = handlebars.create();
  library.registerHelper('json', (value: unknown) => new library.SafeString(jsonOf(value)));
  const template = library.compile<Readonly<Record<string, unknown>>>(text, { ...OPTIONS, noEscape: !isMarkup(path) });
  return (context) => {
    try {
      return template(context);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`The template ${path} does not work: ${reason}`);
    }
  };
}

/** Markup by the name of the template, with or without an ending of its own: `mail.html`, `mail.html.hbs`. */
function isMarkup(path: string): boolean {
  return /\.(?:html?|xml|svg)(?:\.\w+)?$/i.test(path);
}

/** Also inside a `<script>`. */
function jsonOf(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replaceAll('<', String.raw`\u003c`);
}

function required(template: Template | undefined): Template {
  if (template !== undefined) return template;
  throw new UsageError('--format template needs a template.', 'Name its file: --template report.hbs');
}

/** Texts are made safe for one line of a terminal or a log: every line break in the output is of the template. */
function sanitizedRecord(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [sanitizeInline(name), sanitized(part)]));
}

function sanitized(value: unknown): unknown {
  if (typeof value === 'string') return sanitizeInline(value);
  if (Array.isArray(value)) return value.map(sanitized);
  return typeof value === 'object' && value !== null ? sanitizedRecord(value) : value;
}
