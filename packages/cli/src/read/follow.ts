import { isActive, runKey, type Instant, type Run } from '@tardy/core';
import type { Followed } from './followed.js';
import { unreachable } from './opened-source.js';
import { RequestBudget, sharedFetch } from './shared-fetch.js';
import type { SourceState } from './source-state.js';

/** A run that is asked after although it may not be in the list any more: it alarmed in the check before. */
export type FollowedRun = Pick<Run, 'source' | 'id' | 'attempt'>;

/** Which runs of which source to ask after, and what that may cost. */
export type Follow = {
  readonly runsOf: (sourceName: string) => readonly FollowedRun[];
  /** How many requests each source may get for it. */
  readonly maxRequests: number;
};

/** How many runs of one source at once. */
const CONCURRENCY = 5;

/**
 * Asks after the runs that alarmed before and are not in the list of this source now. Only a complete list shows that a run has gone; that
 * one has ended, the run itself shows. Never throws.
 */
export async function followUp(state: SourceState, follow: Follow, now: () => Instant): Promise<void> {
  if (state.error !== null) return;
  const { source, connection } = state.opened;
  const listed = new Set(state.tally.kept().map(({ run }) => runKey(run)));
  const absent = follow.runsOf(source.name).filter((run) => !listed.has(runKey(run)));
  if (absent.length === 0) return;
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(CONCURRENCY);
  const budget = new RequestBudget(follow.maxRequests);
  const fetch = connection === undefined ? unreachable : sharedFetch(budget.bound(connection.fetch));
  const ask = async (wanted: FollowedRun): Promise<Followed | undefined> => {
    try {
      const run = await source.get(wanted.id, fetch, wanted);
      if (run === undefined) return { kind: 'gone' };
      if (runKey(run) === runKey(wanted)) {
        // An active run that a complete list lacks: one of the two is wrong, so nothing is known.
        return isActive(run) ? undefined : { kind: 'ended', seen: state.tally.judge(run, now()) };
      }
      const isLater = run.source === wanted.source && run.attempt > wanted.attempt;
      return isLater ? { kind: 'replaced', attempt: run.attempt } : { kind: 'gone' };
    } catch {
      return { kind: 'gone' };
    }
  };
  await Promise.all(
    absent.map((run) =>
      limit(async () => {
        const followed = await ask(run);
        if (followed !== undefined && (followed.kind !== 'gone' || state.complete))
          state.followed.set(runKey(run), followed);
      }),
    ),
  );
}
