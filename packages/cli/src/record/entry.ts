import { isActive, present, type FreshnessState, type Instant, type Run } from '@tardy/core';
import type { SeenRun } from '../read/tally.js';

/** A verdict that a run had from some check on. */
export type SeenVerdict = {
  /** When a check first saw it. */
  readonly seenAt: Instant;
  /** When the state was reached; absent where it has no such instant. */
  readonly since: Instant | undefined;
  readonly state: FreshnessState;
  /** What decided, and where its threshold comes from. */
  readonly clock: string | undefined;
  readonly rule: string | undefined;
  readonly label: string;
  readonly headline: string;
};

/** What a record keeps of one run. */
export type Entry = {
  /** The source that it was read from, as configured; the run may name another. */
  readonly sourceName: string;
  /** The run as it was last seen, without what only its own page needs. */
  readonly run: Run;
  readonly firstSeen: Instant;
  /** When a check last saw something new about it. */
  readonly lastSeen: Instant;
  /** The longest time since its last heartbeat that a check saw while it ran, in milliseconds; absent if there was no heartbeat. */
  readonly silenceMs: number | undefined;
  /** It was seen on hold after it had started. */
  readonly held: boolean;
  /** When a complete list no longer had it, and how it ended could not be read. */
  readonly goneAt: Instant | undefined;
  /** One for each change, the first at `firstSeen`. */
  readonly verdicts: readonly SeenVerdict[];
};

/** One reading of one source. */
export type SourceCheck = {
  readonly at: Instant;
  readonly sourceName: string;
  readonly complete: boolean;
  /** Active runs, and how many of them were in these states. */
  readonly runs: number;
  readonly late: number;
  readonly likelyStale: number;
  readonly unknown: number;
};

/** A longer silence is worth a new line only if it is longer by this factor. */
const NEWS_OF_SILENCE = 1.1;

/** Identifies a run in a record. */
export function entryKey(sourceName: string, { source, id, attempt }: Pick<Run, 'source' | 'id' | 'attempt'>): string {
  return JSON.stringify([sourceName, source, id, attempt]);
}

/** Whether the end of a run is still to be seen. */
export function isOpen({ run, goneAt }: Entry): boolean {
  return isActive(run) && goneAt === undefined;
}

/** What a record knows about a run once a check has seen it; `undefined` if that is nothing new. */
export function advanceEntry(before: Entry | undefined, sourceName: string, seen: SeenRun): Entry | undefined {
  const { now } = seen;
  const run = essentials(seen.run);
  const silence = silenceOf(seen);
  const verdict = verdictOf(seen);
  const held = isActive(run) && run.hold !== undefined && run.startedAt !== undefined;
  if (before === undefined) {
    const about = { sourceName, run, held, silenceMs: silence, goneAt: undefined };
    return { ...about, firstSeen: now, lastSeen: now, verdicts: [verdict] };
  }
  // A list may lag behind what was seen before.
  if (!isActive(before.run) && isActive(run)) return undefined;
  const last = before.verdicts.at(-1);
  const isNewState = last?.state !== verdict.state || last.rule !== verdict.rule;
  const isLonger = silence !== undefined && !(silence < (before.silenceMs ?? 0) * NEWS_OF_SILENCE);
  const isNew =
    isNewState ||
    (isLonger && silence > (before.silenceMs ?? -1)) ||
    (held && !before.held) ||
    before.goneAt !== undefined ||
    factsOf(before.run) !== factsOf(run);
  if (!isNew) return undefined;
  return {
    ...before,
    run,
    lastSeen: now,
    silenceMs: silence === undefined ? before.silenceMs : Math.max(silence, before.silenceMs ?? 0),
    held: before.held || held,
    goneAt: undefined,
    verdicts: isNewState ? [...before.verdicts, verdict] : before.verdicts,
  };
}

/** A run that a complete list no longer has, and whose end could not be read. */
export function withoutEnd(before: Entry, at: Instant): Entry {
  return { ...before, goneAt: at, lastSeen: at };
}

/** What people and learning need of a run. The rest may be large, or nobody's business for months. */
function essentials(run: Run): Run {
  const { id, source, type, title, workspace, tenant, status, outcome, hold, attempt, reconciliation, url } = run;
  const { queuedAt, startedAt, endedAt, deadlineAt } = run;
  const owners = { workspace, tenant };
  const times = { queuedAt, startedAt, endedAt, deadlineAt };
  return {
    id,
    source,
    type,
    title,
    ...owners,
    status,
    outcome,
    hold,
    ...times,
    attempt,
    reconciliation,
    url,
    labels: {},
  };
}

/** What counts as news about a run beside its verdict. */
function factsOf({ status, outcome, hold, queuedAt, startedAt, endedAt, deadlineAt, reconciliation }: Run): string {
  return JSON.stringify([status, outcome, hold, queuedAt, startedAt, endedAt, deadlineAt, reconciliation?.at]);
}

/** As the clock of silence counts it. */
function silenceOf({ run, now }: SeenRun): number | undefined {
  const { heartbeatAt, status, hold } = run;
  if (heartbeatAt === undefined || status !== 'running' || hold !== undefined) return undefined;
  return Math.max(0, now - heartbeatAt);
}

function verdictOf({ run, freshness, now }: SeenRun): SeenVerdict {
  const { label, headline } = present(run, freshness, now);
  const { since, state, clock, rule } = freshness;
  return { seenAt: now, since, state, clock, rule, label, headline };
}
