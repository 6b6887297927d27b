import type { FreshnessState } from '../classify.js';
import type { Instant, Owner, Run } from '../run.js';

/** How bad an alarming run is: a state that a check can fail for. */
export type AlertLevel = Extract<FreshnessState, 'late' | 'likely_stale'>;

/** All levels, the worse one last. */
export const ALERT_LEVELS: readonly AlertLevel[] = ['late', 'likely_stale'];

/**
 * What a check says about an alarming run compared with the one before. `recovered`: it was read and is below the level, or has ended;
 * `vanished`: a complete list no longer has it, and how it ended could not be read.
 */
export type AlertStatus = 'new' | 'still' | 'recovered' | 'vanished';

/** All statuses, in the order in which outputs list them. */
export const ALERT_STATUSES: readonly AlertStatus[] = ['new', 'still', 'recovered', 'vanished'];

/** The facts of a run that an alert keeps, so that it can be named after its source has forgotten it. */
export type AlertRun = Pick<Run, 'source' | 'id' | 'attempt' | 'type' | 'title'> & {
  readonly workspace?: Owner | undefined;
  readonly tenant?: Owner | undefined;
  readonly url?: string | undefined;
};

/** Who accepted that a run is alarming, why, and until when. */
export type Acknowledgement = { readonly by: string; readonly reason: string; readonly until: Instant };

/** What a target was last sent about a run: only what it confirmed is recorded. */
export type Delivery = {
  readonly at: Instant;
  readonly level: AlertLevel;
  /** The key of the incident in the target's system, which a recovery closes. */
  readonly thread: string;
};

/** How an alert ended. `text` is for people. */
export type AlertEnd = {
  readonly at: Instant;
  readonly how: Extract<AlertStatus, 'recovered' | 'vanished'>;
  readonly text: string;
};

/** A run that a check found alarming, what became of it, and who was sent what about it. */
export type Alert = {
  /** Identifies the run: see `alertIdentity`. */
  readonly key: string;
  /** Present if it is about a source that could not be read completely: `run` then stands for the source. */
  readonly about?: 'source' | undefined;
  /** The source that it was read from, as configured; the run may name another. */
  readonly sourceName: string;
  readonly run: AlertRun;
  readonly level: AlertLevel;
  /** What is wrong, in the words in which it was last presented. */
  readonly label: string;
  readonly headline: string;
  /** When a check first found it alarming, this time. */
  readonly since: Instant;
  /** When a check last found it alarming. */
  readonly seenAt: Instant;
  /** Absent while it is alarming. */
  readonly ended?: AlertEnd | undefined;
  /** Present while somebody accepts it. */
  readonly acknowledged?: Acknowledgement | undefined;
  /** When its acknowledgement ended while it was still alarming: it then alarms again. */
  readonly renewedAt?: Instant | undefined;
  /** When it began to alarm, this time and the times before within `FLAP_WINDOW_MS`. */
  readonly starts: readonly Instant[];
  /** By the name of the target. */
  readonly deliveries: Readonly<Record<string, Delivery>>;
};

/** How far back a run counts as flapping, in milliseconds. */
export const FLAP_WINDOW_MS = 6 * 3_600_000;

/** How often it has begun to alarm within that time. */
const FLAP_STARTS = 3;

/**
 * Whether a run alarms and recovers again and again. Its recovery is then sent only after it has lasted, and it does not alarm again
 * before that.
 */
export function isFlapping({ starts }: Pick<Alert, 'starts'>, now: Instant): boolean {
  return recentStarts(starts, now).length >= FLAP_STARTS;
}

/** The starts that still count. */
export function recentStarts(starts: readonly Instant[], now: Instant): readonly Instant[] {
  // Those in the future come from a clock that was wrong.
  return starts.filter((at) => at > now - FLAP_WINDOW_MS && at <= now);
}

/** The identity of an alarming run: the same text for the same configured source, source, id and attempt, and for no other. */
export function alertIdentity(
  sourceName: string,
  { source, id, attempt }: Pick<Run, 'source' | 'id' | 'attempt'>,
): string {
  // Lengths say where a name ends: names and ids may contain any character.
  return `${sourceName.length}:${sourceName}${source.length}:${source}${attempt}:${id}`;
}

/** The facts of a run that its alert keeps. */
export function alertRunOf({ source, id, attempt, type, title, workspace, tenant, url }: Run): AlertRun {
  return { source, id, attempt, type, title, workspace, tenant, url };
}

/** Whether the first level is worse than the second. */
export function isWorse(level: AlertLevel, than: AlertLevel): boolean {
  return ALERT_LEVELS.indexOf(level) > ALERT_LEVELS.indexOf(than);
}
