import { hasNumber, isObject, isTrue, type JsonObject } from '../reading/body.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { lostWorker, nameOfBuilder, nameOfWorker, waitOf, type BuildbotContext } from './workers.js';
import { BUILDBOT_ROW_SHAPE } from './shapes.js';
import { BUILDBOT } from './api.js';

/** Buildbot's results by their numbers. */
export const BUILDBOT_RESULTS = [
  'success',
  'warnings',
  'failure',
  'skipped',
  'exception',
  'retry',
  'cancelled',
] as const;

/** The state of a build that waits for a lock of its builder: Buildbot lets only so many builds hold one. */
const ACQUIRING_LOCKS = 'acquiring locks';

/** The states of a build before its worker is there: one that is started on demand connects later. */
const PREPARING: readonly unknown[] = ['starting', 'preparing worker'];

/** What Buildbot says by `complete` and `claimed`, and its results. After `retry` another build of the same request follows. */
const STATES: Vocabulary = {
  unclaimed: { status: 'queued' },
  // A master has taken the request and makes a build of it, which takes a moment.
  claimed: { status: 'queued' },
  preparing: { status: 'queued' },
  building: { status: 'running' },
  [ACQUIRING_LOCKS]: { status: 'running', hold: 'limit' },
  success: { status: 'completed', outcome: 'succeeded' },
  warnings: { status: 'completed', outcome: 'partially_succeeded' },
  failure: { status: 'completed', outcome: 'failed' },
  skipped: { status: 'completed', outcome: 'skipped' },
  exception: { status: 'completed', outcome: 'failed' },
  retry: { status: 'completed', outcome: 'cancelled' },
  cancelled: { status: 'completed', outcome: 'cancelled' },
};

/**
 * A build, or a request for one, in the wire form of a run. The run is the request: it stays when Buildbot loses the worker, whereas
 * the build is dropped and another one made.
 */
export function buildbotRowToWire(row: JsonObject, context: BuildbotContext): Record<string, unknown> {
  const { builderid, buildrequestid: request } = row;
  const isBuild = row['buildid'] !== undefined;
  const state = stateOf(row, isBuild);
  const meaning = meaningOf(STATES, state);
  const ended = meaning.status === 'completed';
  const builder = nameOfBuilder(builderid, context);
  const owner = propertyOf(row, 'owner');
  const waits = state === 'unclaimed' ? waitOf(builderid, context) : {};
  return checkedWire(row, BUILDBOT_ROW_SHAPE, BUILDBOT, {
    id: typeof request === 'number' ? String(request) : request,
    type: builder ?? (hasNumber(builderid) ? `builder ${builderid}` : undefined),
    title: propertyOf(row, 'reason'),
    ...meaning,
    hold: waits.hold ?? meaning.hold,
    queued_at: epochSecondsToWire(row['submitted_at']),
    started_at: epochSecondsToWire(row['started_at']),
    phase_at: phaseOf(row, state),
    ended_at: ended ? epochSecondsToWire(row['complete_at']) : undefined,
    flag: meaning.status === 'running' ? lostWorker(row, context) : waits.flag,
    failure: meaning.outcome === 'failed' ? { message: shortText(row['state_string']) } : undefined,
    initiator: owner === undefined ? undefined : { kind: 'user', name: owner },
    url: urlOf(row, isBuild, context.pages),
    labels: textLabels({
      worker: isBuild ? nameOfWorker(row['workerid'], context) : undefined,
      why: shortText(waits.why),
    }),
  });
}

function stateOf(row: JsonObject, isBuild: boolean): string {
  if (row['complete'] !== true) {
    if (isBuild && PREPARING.includes(row['state_string'])) return 'preparing';
    if (isBuild) return row['state_string'] === ACQUIRING_LOCKS ? ACQUIRING_LOCKS : 'building';
    return isTrue(row['claimed']) ? 'claimed' : 'unclaimed';
  }
  const { results } = row;
  if (!hasNumber(results)) return 'none';
  return BUILDBOT_RESULTS[results] ?? String(results);
}

/** A request may wait long before a master takes it or a worker is prepared for it. */
function phaseOf(row: JsonObject, state: string): unknown {
  if (state === 'claimed') return epochSecondsToWire(row['claimed_at']);
  return state === 'preparing' ? epochSecondsToWire(row['started_at']) : undefined;
}

function propertyOf(row: JsonObject, name: string): unknown {
  const properties = isObject(row['properties']) ? row['properties'] : {};
  const value = properties[name];
  return Array.isArray(value) && value[0] !== '' ? (value[0] as unknown) : undefined;
}

function urlOf(row: JsonObject, isBuild: boolean, pages: string): string | undefined {
  const { builderid, number, buildrequestid } = row;
  if (isBuild) {
    const known = hasNumber(builderid) && typeof number === 'number';
    return known ? `${pages}#/builders/${builderid}/builds/${number}` : undefined;
  }
  return hasNumber(buildrequestid) ? `${pages}#/buildrequests/${buildrequestid}` : undefined;
}
