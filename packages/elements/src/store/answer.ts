import { parseInstant, parseRun, type Instant, type ParsedRun, type Run, type RunIssue } from '@tardy/core';
import { youngestOf } from './cadence.js';

/** One page of runs as the run API answers it. */
export type RunPage = {
  readonly runs: readonly Run[];
  readonly issues: readonly RunIssue[];
  readonly next: string | undefined;
  /** False where the server says that its answer lacks something. */
  readonly complete: boolean;
  /** The server's now, in the instant of answering. */
  readonly now: Instant | undefined;
  /** When the first of its runs began. */
  readonly oldest: Instant;
  /** When the last of its active runs began; `undefined` where none is active. */
  readonly youngest: Instant | undefined;
};

/** Thrown for an answer whose whole body cannot be read. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/**
 * Reads a page of runs, or a single one. A row that cannot be read becomes an issue; the others stand.
 *
 * `before` are rows of the page that have been read already, and come before those in `body`.
 */
export function readRunPage(body: unknown, before: readonly ParsedRun[] = []): RunPage {
  if (typeof body !== 'object' || body === null) throw new ShapeError('The answer is not an object.');
  const {
    runs: rows = 'id' in body ? [body] : undefined,
    issues: told,
    next,
    complete,
    now,
  } = body as Readonly<Record<string, unknown>>;
  if (!Array.isArray(rows)) throw new ShapeError('The answer holds no list of runs.');
  const runs: Run[] = [];
  const issues: RunIssue[] = Array.isArray(told) ? (told as RunIssue[]) : [];
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

/** Reads JSON; `undefined` for a text that is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the rows of an answer were read as, by their text. */
export type KnownRows = ReadonlyMap<string, ParsedRun>;

/** A page, and its rows for the next time. */
export type ReadAnswer = { readonly page: RunPage; readonly known: KnownRows };

/** Reads the text of an answer. A row that is written as in the answer before is not read again: its run is the same object. */
export function readAnswer(text: string, known: KnownRows | undefined): ReadAnswer {
  // Rows are told apart by how they begin. Should that ever be in the midst of one, neither part of it is JSON.
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
