import { isActive, type Run } from '@tardy/core';

/** How many of a source's active runs lack what a verdict or a reader needs. */
export type FieldGaps = {
  readonly active: number;
  /** Active runs with no instant at all to judge by. */
  readonly no_time: number;
  /** Running ones that never gave a sign of life. */
  readonly running: number;
  readonly no_heartbeat: number;
  readonly no_url: number;
  /** Those whose status the source spells in a way that is not known. */
  readonly unknown_status: number;
};

/** Counts what the runs of one source lack. */
export function findGaps(runs: readonly Run[]): FieldGaps {
  const active = runs.filter(isActive);
  const running = active.filter(({ status, hold }) => status === 'running' && hold === undefined);
  const count = (among: readonly Run[], lacks: (run: Run) => boolean) => among.filter(lacks).length;
  return {
    active: active.length,
    no_time: count(active, (run) => (run.startedAt ?? run.queuedAt ?? run.heartbeatAt ?? run.deadlineAt) === undefined),
    running: running.length,
    no_heartbeat: count(running, (run) => run.heartbeatAt === undefined),
    no_url: count(active, (run) => run.url === undefined),
    unknown_status: count(active, (run) => run.outcome === 'unknown'),
  };
}

/** What follows from the gaps, in sentences; none where nothing is missing. */
export function gapSentences({ active, no_time, running, no_heartbeat, no_url, unknown_status }: FieldGaps): string[] {
  const sentences: string[] = [];
  if (no_time > 0) sentences.push(`No time to be judged by: ${no_time} of ${active} active.`);
  if (unknown_status > 0) sentences.push(`A status that is not known: ${unknown_status} of ${active} active.`);
  if (no_heartbeat > 0) {
    sentences.push(
      `No heartbeat (heartbeat_at): ${no_heartbeat} of ${running} running. Only elapsed time tells whether they are stuck.`,
    );
  }
  if (no_url > 0) sentences.push(`No link (url): ${no_url} of ${active} active.`);
  return sentences;
}
