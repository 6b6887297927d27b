import { SourceConfigError } from './source.js';
import { kindOfScheme, SOURCE_KINDS, sourceKind } from './registry.js';
import { urlProblem } from './reading/base-url.js';

/** A source as named on the command line: `kind` is `stdin`, `file` or one of `SOURCE_KINDS`, `rest` what follows `kind:`. */
export type SourceUri = { readonly kind: string; readonly rest: string };

/**
 * Reads `github:owner/repo`, `runs:https://host/api`, `postgres://host/database`, `file:report.json` or `-`.
 *
 * @throws {SourceConfigError} for an unknown kind (naming the known ones), or a URL with credentials in it.
 */
export function parseSourceUri(text: string): SourceUri {
  if (text === '-') return { kind: 'stdin', rest: '' };
  const colon = text.indexOf(':');
  if (colon <= 0) throw new SourceConfigError(`"${text}" is no source: ${howToWrite()}.`);
  const kind = text.slice(0, colon).toLowerCase();
  const rest = text.slice(colon + 1);
  if (kind === 'file') {
    if (rest === '') throw new SourceConfigError('A file is written file:report.json');
    return { kind, rest };
  }
  if ((kind === 'http' || kind === 'https') && rest.startsWith('//')) {
    refuseBadUrl(text);
    throw new SourceConfigError(`Say what kind of API it is: runs:${text} for a run API, or a config with kind: http.`);
  }
  if (/^https?:\/\//i.test(rest)) refuseBadUrl(rest);
  const byScheme = kindOfScheme(kind);
  if (byScheme !== undefined) return { kind: byScheme.kind, rest: text };
  sourceKind(kind);
  return { kind, rest };
}

/**
 * The source URI that was probably meant by a text that is none: the page of a repository copied from a browser, or the path of a file.
 * `undefined` if nothing is evident.
 */
export function meantUri(text: string): string | undefined {
  if (/^https?:\/\//i.test(text) && URL.canParse(text) && urlProblem(text) === undefined) {
    const page = new URL(text);
    return Object.values(SOURCE_KINDS)
      .map(({ uriOfPage }) => uriOfPage?.(page))
      .find((uri) => uri !== undefined);
  }
  return /\.(?:json|ndjson|jsonl)$/i.test(text) && !/^\w{2,}:/.test(text) ? `file:${text}` : undefined;
}

/** Before anything repeats the URL in a message. */
function refuseBadUrl(address: string): void {
  const problem = urlProblem(address);
  if (problem !== undefined) throw new SourceConfigError(problem);
}

function howToWrite(): string {
  const examples = Object.values(SOURCE_KINDS).flatMap(({ example }) => (/\s/.test(example) ? [] : [example]));
  return `write ${[...examples, 'file:report.json'].join(', ')}, or - for standard input`;
}
