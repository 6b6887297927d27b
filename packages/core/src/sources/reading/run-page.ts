import { parseInstant } from '../../instant.js';
import type { ParsedRun, RunIssue } from '../../wire.js';
import { SourceError, type SourcePage } from '../source.js';
import { booleanField, countField, isObject, listField, refuseError, textField, type JsonObject } from './body.js';
import { collectRuns } from './read-rows.js';

/** A page of the run API with what it says of itself. */
export type RunPage = SourcePage & {
  /** The cursor or URL of the next page. */
  readonly next: string | undefined;
  /** A `next` of another type: the rows of this page count, and reading ends here. */
  readonly nextError: SourceError | undefined;
};

/**
 * Reads a page of the run API, wherever it comes from: a host, a file, standard input.
 *
 * A row that cannot be read becomes an issue. A `complete`, `issues`, `total` or `now` of another type makes the page incomplete: it
 * is never taken for absent. `only` says whether no other page was read before it; only then its total is compared, since runs come
 * and go while several pages are read.
 *
 * @throws {SourceError} `shape` if the body reports an error.
 */
export function readRunPage(
  body: JsonObject,
  rows: readonly unknown[],
  parse: (row: unknown, index: number) => ParsedRun,
  { where, only }: { readonly where: string; readonly only: boolean },
): RunPage {
  refuseError(body, { url: where });
  const { runs, issues } = collectRuns(rows, parse);
  const problems: SourceError[] = [];
  const complete = readField(() => booleanField(body, 'complete', where), problems);
  const reported = readField(() => listField(body, 'issues', where), problems) ?? [];
  const total = readField(() => countField(body, 'total', where), problems);
  const now = readField(() => instantField(body, where), problems);
  const [problem] = problems;
  for (const issue of reported) issues.push(readIssue(issue));

  const nextProblems: SourceError[] = [];
  const next = readField(() => textField(body, 'next', where), nextProblems);
  const [nextError] = nextProblems;
  const arrived = rows.length + reported.length;
  let incomplete = problem?.message;
  if (complete === false && reported.length === 0) incomplete ??= `${where} says that its response is not complete.`;
  if (only && next === undefined && nextError === undefined && total !== undefined && arrived < total) {
    incomplete ??= `${where} says that there are ${total} runs, sent ${arrived}, and names no next page.`;
  }
  return { runs, issues, now, total, incomplete, next, nextError };
}

function readField<T>(read: () => T, problems: SourceError[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    problems.push(error);
    return undefined;
  }
}

function instantField(body: JsonObject, where: string): number | undefined {
  const text = textField(body, 'now', where);
  if (text === undefined) return undefined;
  const now = parseInstant(text);
  if (now !== undefined) return now;
  throw new SourceError('shape', `${where} sent a "now" that is not a time with an offset.`);
}

function readIssue(issue: unknown): RunIssue {
  const { id, reason } = isObject(issue) ? issue : {};
  return {
    id: typeof id === 'string' ? id.slice(0, 200) : undefined,
    reason: typeof reason === 'string' ? reason.slice(0, 500) : 'the server could not read it and gave no reason',
  };
}
