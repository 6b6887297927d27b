import type { RunOutcome } from '@tardy/core';
import type { HistoryRow } from '@tardy/core/learn';

/**
 * The Standard Workload Format, in which logs of parallel machines are published: 18 numbers a line, -1 for unknown, comments that begin with
 * a semicolon. See https://www.cs.huji.ac.il/labs/parallel/workload/swf.html.
 */
export function isSwf(start: string): boolean {
  const lines = start.split('\n').slice(0, -1);
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith(';'));
  if (first === undefined) return /^;\s*Version:\s*2/m.test(start);
  return first.trim().split(/\s+/).length === 18 && /^[\s\d.-]+$/.test(first);
}

/** What the numbers of a line mean, by position. */
const FIELD = { id: 0, submit: 1, wait: 2, runTime: 3, requested: 8, status: 10, user: 11, executable: 13 } as const;

const OUTCOMES: Readonly<Record<number, RunOutcome>> = { 0: 'failed', 1: 'succeeded', 5: 'cancelled' };

/**
 * Makes a reader of lines: each gives a row, `undefined` for a comment, or what is wrong with it. The type of a job is its executable, or its
 * user where the log does not name executables.
 */
export function swfReader(source: string): (line: string) => HistoryRow | string | undefined {
  let startMs = 0;
  let number = 0;
  return (line) => {
    number++;
    if (line.startsWith(';')) {
      const start = /^;\s*UnixStartTime:\s*(\d+)/.exec(line);
      if (start !== null) startMs = Number(start[1]) * 1000;
      return undefined;
    }
    if (line.trim() === '') return undefined;
    const fields = line.trim().split(/\s+/).map(Number);
    if (fields.length < FIELD.executable + 1 || fields.some(Number.isNaN)) {
      return `line ${number}: it has not the 18 numbers of the Standard Workload Format`;
    }
    const field = (name: keyof typeof FIELD) => fields[FIELD[name]] as number;
    const queuedAt = startMs + field('submit') * 1000;
    const startedAt = field('wait') < 0 ? undefined : queuedAt + field('wait') * 1000;
    const ended = startedAt !== undefined && field('runTime') >= 0;
    return {
      source,
      type: field('executable') > 0 ? `executable ${field('executable')}` : `user ${field('user')}`,
      id: String(field('id')),
      attempt: 1,
      queuedAt,
      startedAt,
      endedAt: ended ? startedAt + field('runTime') * 1000 : undefined,
      outcome: ended ? (OUTCOMES[field('status')] ?? 'unknown') : 'cancelled',
      limit: field('requested') > 0 ? field('requested') * 1000 : undefined,
    };
  };
}
