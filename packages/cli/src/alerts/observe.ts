import { createHash } from 'node:crypto';
import {
  alertIdentity,
  alertRunOf,
  present,
  reachesLevel,
  recoveryWords,
  replacedWords,
  runKey,
  VANISHED_WORDS,
  type Acknowledgements,
  type Alert,
  type AlertLevel,
  type FailOn,
  type Observation,
} from '@tardy/core';
import type { CompleteReading } from '../read/read-all.js';
import type { Follow } from '../read/follow.js';
import type { Keep, SeenRun } from '../read/tally.js';

/** The level from which a run is alarming: that of the check, and of one that never fails that of a stuck run. */
export function alarmLevel(failOn: FailOn): Exclude<FailOn, 'never'> {
  return failOn === 'late' ? 'late' : 'stale';
}

/**
 * Identifies an alarming run in states and in the systems of targets. A digest, because a source may put one of its secrets into an id, which is
 * then removed from everything that is written.
 */
export function alertKey(sourceName: string, run: Parameters<typeof alertIdentity>[1]): string {
  return keyOf(alertIdentity(sourceName, run));
}

/** The key of an alert with this identity. */
export function keyOf(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

/** The alerts of the check before, by what a reading has to keep and to ask after. */
export class Watched {
  readonly #alerts: readonly Alert[];
  readonly #keys: ReadonlySet<string>;

  constructor(alerts: readonly Alert[]) {
    this.#alerts = alerts.filter(({ ended }) => ended === undefined);
    this.#keys = new Set(this.#alerts.map(({ run }) => runKey(run)));
  }

  /** Whether a run alarmed before, in whatever source. */
  readonly keeps: Keep = ({ run }) => this.#keys.size > 0 && this.#keys.has(runKey(run));

  /** What to ask a source after. */
  follow(maxRequests: number): Follow | undefined {
    if (this.#alerts.length === 0) return undefined;
    return {
      runsOf: (name) => this.#alerts.flatMap(({ sourceName, run }) => (sourceName === name ? [run] : [])),
      maxRequests,
    };
  }

  /** The open alerts. */
  get alerts(): readonly Alert[] {
    return this.#alerts;
  }
}

/** What a reading says about the runs that are alarming, or were in the check before. */
export function observe(
  reading: CompleteReading,
  watched: Watched,
  failOn: FailOn,
  acknowledgements: Acknowledgements | undefined,
): readonly Observation[] {
  const level = alarmLevel(failOn);
  const { sources, runs, evidence, now } = reading;
  const observations: Observation[] = [];
  for (const seen of runs) {
    const sourceName = sources[seen.sourceIndex]?.name ?? '';
    const key = alertKey(sourceName, seen.run);
    const { state } = seen.freshness;
    if ((state === 'late' || state === 'likely_stale') && reachesLevel(state, level)) {
      const active = acknowledgements?.of(seen.run, sourceName, now).active;
      observations.push({
        kind: 'alarming',
        key,
        sourceName,
        run: alertRunOf(seen.run),
        level: state satisfies AlertLevel,
        ...wordsOf(seen),
        ...(active === undefined
          ? {}
          : { acknowledged: { by: active.by, reason: active.reason, until: active.until } }),
      });
    } else if (state !== 'unknown' && evidence[seen.sourceIndex]?.reliable === true) {
      observations.push({ kind: 'recovered', key, text: recoveryWords(seen.run, wordsOf(seen).label) });
    }
  }
  return [...observations, ...endings(reading, watched)];
}

/** What became of the runs that alarmed before and that no list has now. */
function endings({ sources, evidence }: CompleteReading, watched: Watched): readonly Observation[] {
  return watched.alerts.flatMap(({ key, sourceName, run }): Observation[] => {
    const index = sources.findIndex(({ name }) => name === sourceName);
    const followed = evidence[index]?.followed.get(runKey(run));
    switch (followed?.kind) {
      case undefined:
        return [];
      case 'ended':
        return [{ kind: 'recovered', key, text: recoveryWords(followed.seen.run, wordsOf(followed.seen).label) }];
      case 'replaced':
        return [{ kind: 'recovered', key, text: replacedWords(followed.attempt) }];
      case 'gone':
        return [{ kind: 'vanished', key, text: VANISHED_WORDS }];
    }
  });
}

function wordsOf({ run, freshness, now }: SeenRun): { readonly label: string; readonly headline: string } {
  const { label, headline } = present(run, freshness, now);
  return { label, headline };
}
