import { isActive, type Run } from '@tardy/core';

/** How many active runs of a source lack fields that a verdict or a reader needs. */
export type FieldGaps = {
  readonly active: number;
  /** Active runs with no time to judge by. */
  readonly no_time: number;
  /** Running ones without a heartbeat. */
  readonly running: number;
  readonly no_heartbeat: number;
  readonly no_url: number;
  /** Active runs whose status is unknown to us. */
  readonly unknown_status: number;
};

/** Counts the missing fields of one source's runs. */
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

/** The gaps in sentences; none if nothing is missing. */
export function gapSentences({ active, no_time, running, no_heartbeat, no_url, unknown_status }: FieldGaps): string[] {
  const sentences: string[] = [];
  if (no_time > 0) sentences.push(`No usable time: ${no_time} of ${active} active runs.`);
  if (unknown_status > 0) sentences.push(`Unknown status: ${unknown_status} of ${active} active runs.`);
  if (no_heartbeat > 0) {
    sentences.push(
      `No heartbeat (heartbeat_at): ${no_heartbeat} of ${running} running runs. Only elapsed time shows whether they are stuck.`,
    );
  }
  if (no_url > 0) sentences.push(`No link (url): ${no_url} of ${active} active runs.`);
  return sentences;
}
