import { parseInstant, parseRun, type Instant, type ParsedRun, type Run, type RunIssue } from '@tardy/core';
import { youngestOf } from './cadence.js';

/** One page of runs in a response of the run API. */
export type RunPage = {
  readonly runs: readonly Run[];
  readonly issues: readonly RunIssue[];
  readonly next: string | undefined;
  /** False if the server says that its response is not complete. */
  readonly complete: boolean;
  /** The server's now, at the time of the response. */
  readonly now: Instant | undefined;
  /** When the first of its runs began. */
  readonly oldest: Instant;
  /** When the last of its active runs began; `undefined` where none is active. */
  readonly youngest: Instant | undefined;
};

/** Thrown for a response whose body cannot be read at all. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/**
 * Reads a page of runs, or a single run. A row that cannot be read becomes an issue; the others are kept.
 *
 * `before` are rows of the page that have been read already, and come before those in `body`.
 */
export function readRunPage(body: unknown, before: readonly ParsedRun[] = []): RunPage {
  if (typeof body !== 'object' || body === null) throw new ShapeError('The response is not an object.');
  const {
    runs: rows = 'id' in body ? [body] : undefined,
    issues: sentIssues,
    next,
    complete,
    now,
  } = body as Readonly<Record<string, unknown>>;
  if (!Array.isArray(rows)) throw new ShapeError('The response has no list of runs.');
  const runs: Run[] = [];
  const issues: RunIssue[] = Array.isArray(sentIssues) ? (sentIssues as RunIssue[]) : [];
  const here = (rows as unknown[]).map((row) => parseRun(row, 'api'));
  for (const parsed of [...before, ...here]) {
    if (parsed.ok) runs.push(parsed.run);
    else issues.push(parsed.issue);
  }
  return {
    runs,
    issues,
    next: typeof next === 'string' ? next : undefined,
    complete: complete !== false,
    now: typeof now === 'string' ? parseInstant(now) : undefined,
    oldest: runs.reduce((at, { queuedAt, startedAt }) => Math.min(at, queuedAt ?? startedAt ?? Infinity), Infinity),
    youngest: youngestOf(runs),
  };
}

/** Reads JSON; `undefined` for a text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The rows of a response as they were read, by their text. */
export type KnownRows = ReadonlyMap<string, ParsedRun>;

/** A page, and its rows for the next response. */
export type ReadPage = { readonly page: RunPage; readonly known: KnownRows };

/** Reads the text of a response. A row with the same text as in the response before is not parsed again: its run is the same object. */
export function readPage(text: string, known: KnownRows | undefined): ReadPage {
  // Rows are split by how they begin. If that text is also inside a row, neither part of it is JSON.
  const [start = '', opener = ''] = /^[^[]*"runs":\[(\{"\w+":)/.exec(text) ?? [];
  const rows = start === '' ? [] : text.slice(start.length).split(`,${opener}`);
  const last = rows.pop() ?? text;
  try {
    const read = rows.map((row) => [row, known?.get(row) ?? parseRun(JSON.parse(opener + row), 'api')] as const);
    const before = read.map(([, parsed]) => parsed);
    return { page: readRunPage(JSON.parse(start + last), before), known: new Map(read) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { page: readRunPage(parseJson(text)), known: new Map() };
  }
}
