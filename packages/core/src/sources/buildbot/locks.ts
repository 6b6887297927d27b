import type { Run } from '../../run.js';
import { queryText } from '../reading/body.js';
import { lastOf, serverClock } from '../reading/wire-time.js';
import type { SourceFetch } from '../source.js';
import { rowsOf, seconds, totalIn } from './api.js';

/** Among more builds than these, one is taken to be at work. */
const MOST_BUILDS = 20;

const UNSEEN = [400, 403, 404];

/** A build that gets a lock needs a moment to say so. */
const PAUSE_MS = 600_000;

/**
 * Only a build holds a lock. Where each one waits for a lock, or for a build that does, none of them can continue, and a flag says so. All
 * builds that wait for a lock make the same requests.
 *
 * @param run a build that waits for a lock
 * @param base the URL of the API
 * @param again reads a build by its request, and looks inside.
 */
export async function lockedForEver(
  run: Run,
  base: string,
  fetch: SourceFetch,
  again: (id: string) => Promise<Run | undefined>,
): Promise<Run> {
  const open = queryText([
    ['complete', 'false'],
    ['order', 'started_at'],
    ['limit', MOST_BUILDS],
  ]);
  const active = await fetch({ url: `${base}builds?${open}`, accept: UNSEEN });
  if (active.status >= 400 || totalIn(active) > MOST_BUILDS) return run;
  const waits = [run];
  for (const { buildrequestid: request } of rowsOf(active, 'builds', MOST_BUILDS)) {
    const id = String(request);
    if (id === run.id) continue;
    const other = await again(id);
    if (other?.hold !== 'limit') return run;
    waits.push(other);
  }
  const newest = queryText([
    ['complete', 'true'],
    ['order', '-complete_at'],
    ['limit', 1],
  ]);
  const latest = await fetch({ url: `${base}builds?${newest}`, accept: UNSEEN });
  if (latest.status >= 400) return run;
  const [ended] = rowsOf(latest, 'builds', 1);
  const times = [...waits.map(({ holdSince, startedAt }) => holdSince ?? startedAt), seconds(ended?.['complete_at'])];
  const since = lastOf(times.filter((at) => at !== undefined));
  const now = serverClock(active);
  if (since === undefined || now === undefined || now - since < PAUSE_MS) return run;
  const text = 'Every build waits for a lock, or for a build that does, so none is left to give one back.';
  return { ...run, flag: { kind: 'orphaned', by: 'tardy', text, since } };
}
