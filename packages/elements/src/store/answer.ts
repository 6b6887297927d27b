import { parseInstant, parseRun, type Instant, type Run, type RunIssue } from '@tardy/core';
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

/** Reads a page of runs, or a single one. A row that cannot be read becomes an issue; the others stand. */
export function readRunPage(body: unknown): RunPage {
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
  for (const row of rows as unknown[]) {
    const parsed = parseRun(row, 'api');
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
