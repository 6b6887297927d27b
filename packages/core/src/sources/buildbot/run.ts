import type { Flag } from '../../run.js';
import { isObject, type JsonObject } from '../reading/body.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';

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

/** What Buildbot tells by `complete` and `claimed`, and its results. After `retry` another build of the same request follows. */
const STATES: Vocabulary = {
  unclaimed: { status: 'queued' },
  building: { status: 'running' },
  success: { status: 'completed', outcome: 'succeeded' },
  warnings: { status: 'completed', outcome: 'partially_succeeded' },
  failure: { status: 'completed', outcome: 'failed' },
  skipped: { status: 'completed', outcome: 'skipped' },
  exception: { status: 'completed', outcome: 'failed' },
  retry: { status: 'completed', outcome: 'cancelled' },
  cancelled: { status: 'completed', outcome: 'cancelled' },
};

/** What neither a build nor a request says of itself. */
export type BuildbotContext = {
  /** The address of Buildbot's pages, with a slash at its end. */
  readonly pages: string;
  readonly builderNames: ReadonlyMap<unknown, string>;
  readonly workers: readonly JsonObject[];
};

/**
 * A build, or a request for one, in the wire form of a run. The run is the request: it stays when Buildbot loses the worker, whereas
 * the build is dropped and another one made.
 */
export function buildbotRowToWire(row: JsonObject, context: BuildbotContext): Record<string, unknown> {
  const { builderid, buildrequestid: request } = row;
  const isBuild = row['buildid'] !== undefined;
  const meaning = meaningOf(STATES, stateOf(row, isBuild));
  const ended = meaning.status === 'completed';
  const builder = context.builderNames.get(builderid);
  const owner = propertyOf(row, 'owner');
  const waits = meaning.status === 'queued' ? waitOf(builderid, builder, context.workers) : {};
  return {
    id: typeof request === 'number' ? String(request) : request,
    type: builder ?? (typeof builderid === 'number' ? `builder ${builderid}` : undefined),
    title: propertyOf(row, 'reason'),
    ...meaning,
    hold: waits.hold,
    queued_at: epochSecondsToWire(row['submitted_at']),
    started_at: epochSecondsToWire(row['started_at']),
    ended_at: ended ? epochSecondsToWire(row['complete_at']) : undefined,
    flag: isBuild && !ended ? lostWorker(row, context.workers) : waits.flag,
    failure: meaning.outcome === 'failed' ? { message: shortText(row['state_string']) } : undefined,
    initiator: owner === undefined ? undefined : { kind: 'user', name: owner },
    url: urlOf(row, isBuild, context.pages),
    labels: { worker: isBuild ? nameOfWorker(row['workerid'], context.workers) : undefined },
  };
}

function stateOf(row: JsonObject, isBuild: boolean): string {
  if (row['complete'] !== true) return isBuild || row['claimed'] === true ? 'building' : 'unclaimed';
  const { results } = row;
  if (typeof results !== 'number') return 'none';
  return BUILDBOT_RESULTS[results] ?? String(results);
}

function propertyOf(row: JsonObject, name: string): unknown {
  const properties = isObject(row['properties']) ? row['properties'] : {};
  const value = properties[name];
  return Array.isArray(value) && value[0] !== '' ? (value[0] as unknown) : undefined;
}

function isConnected(worker: JsonObject): boolean {
  return Array.isArray(worker['connected_to']) && worker['connected_to'].length > 0;
}

function lostWorker(build: JsonObject, workers: readonly JsonObject[]): Flag | undefined {
  const worker = workers.find(({ workerid }) => workerid === build['workerid']);
  if (worker === undefined || isConnected(worker)) return undefined;
  const name = worker['name'];
  return {
    kind: 'worker_lost',
    text: `Its worker ${typeof name === 'string' ? `${name} ` : ''}is not connected.`,
    since: undefined,
  };
}

/** Why nobody takes a request: no worker of its builder is connected, or all that are have been paused. */
function waitOf(
  builderid: unknown,
  builder: string | undefined,
  workers: readonly JsonObject[],
): { readonly hold?: 'paused'; readonly flag?: Flag } {
  const own = workers.filter(
    ({ configured_on: builders }) =>
      Array.isArray(builders) && builders.some((one) => isObject(one) && one['builderid'] === builderid),
  );
  if (own.length === 0) return {};
  const connected = own.filter(isConnected);
  if (connected.length > 0) return connected.every(({ paused }) => paused === true) ? { hold: 'paused' } : {};
  const text =
    builder === undefined
      ? 'No worker of its builder is connected.'
      : `No worker of the builder ${builder} is connected.`;
  return { flag: { kind: 'worker_lost', text, since: undefined } };
}

function nameOfWorker(id: unknown, workers: readonly JsonObject[]): unknown {
  return workers.find(({ workerid }) => workerid === id)?.['name'];
}

function urlOf(row: JsonObject, isBuild: boolean, pages: string): string | undefined {
  const { builderid, number, buildrequestid } = row;
  if (isBuild) {
    const known = typeof builderid === 'number' && typeof number === 'number';
    return known ? `${pages}#/builders/${builderid}/builds/${number}` : undefined;
  }
  return typeof buildrequestid === 'number' ? `${pages}#/buildrequests/${buildrequestid}` : undefined;
}
