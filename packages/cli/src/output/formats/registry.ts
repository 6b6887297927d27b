import type { Report } from '@tardy/core';
import { PLAIN_FILE } from '../terminal.js';
import type { FormatContext, ReportFormat } from './format.js';

/** A format before it is loaded. */
type Entry = {
  /** What it is for, in a few words. */
  readonly about: string;
  readonly load: () => Promise<ReportFormat>;
};

/** Every format of a report, in the order of the documentation. */
export const FORMATS = {
  text: { about: 'for people', load: async () => (await import('./text.js')).textFormat },
  json: { about: 'the complete report', load: async () => (await import('./json.js')).jsonFormat },
  ndjson: { about: 'one run per line', load: async () => (await import('./ndjson.js')).ndjsonFormat },
} as const satisfies Readonly<Record<string, Entry>>;

/** The name of a format. */
export type FormatName = keyof typeof FORMATS;

/** The names of all formats, in the order of the documentation. */
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** For a file or a message: every character, no colour, no wrapping. */
const NO_CONTEXT: FormatContext = { terminal: PLAIN_FILE, fields: undefined, jq: undefined, textOf: undefined };

/** A report in a format, for whoever sends or embeds it. Nothing is printed or written. */
export async function renderReport(
  name: FormatName,
  report: Report,
  context: Partial<FormatContext> = {},
): Promise<string> {
  const { render } = await FORMATS[name].load();
  return render(report, { ...NO_CONTEXT, ...context });
}
