import type { Flag, Hold, Run } from '../../run.js';
import { hasText, isObject, listField, listOf, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { SourceError, type SourceFetch } from '../source.js';
import { ITEM_TREE, JENKINS, jenkinsRequest } from './api.js';
import { readExecutors } from './executors.js';
import { inspectResources } from './resources.js';

/**
 * What a blocked item waits for, by Jenkins' own reason or that of the plugins Throttle Concurrent Builds and Lockable Resources. What is
 * not listed waits for a build of another job.
 */
const BLOCKED: readonly (readonly [reason: RegExp, hold: Hold])[] = [
  [/^Jenkins is about to shut down/, 'paused'],
  [/^(?:Build #\d+|A build) is already in progress/, 'limit'],
  [/^Already (?:running|scheduling) |^A build is pending launch|^Waiting for (?:resource|lockable)/, 'limit'],
];

/** Reasons for which a node does not take an item, however long that waits. */
const NO_NODE = [
  /^There are no nodes with the label/,
  /^All nodes of label .* are offline/,
  /^.{1,200} is offline$/,
  /^.{1,200} doesn.t have label /,
  /^.{1,200} is reserved for jobs with matching label expression/,
];

/** Why a blocked item is on hold. */
export function holdOfBlocked(why: unknown): Hold {
  return listedHold(why) ?? 'dependency';
}

/** Why an item that is not blocked is on hold: on each node that could take it, a limit may have been reached. */
export function holdOfBuildable(why: unknown): Hold | undefined {
  return listedHold(why);
}

function listedHold(why: unknown): Hold | undefined {
  const reasons = reasonsIn(why);
  return BLOCKED.find(([pattern]) => reasons.some((reason) => pattern.test(reason)))?.[1];
}

/** Jenkins joins the reasons of several nodes. */
function reasonsIn(why: unknown): readonly string[] {
  return hasText(why) ? why.split('; ') : [];
}

/** Reads all items of the queue. */
export async function readQueue(address: string, fetch: SourceFetch): Promise<readonly unknown[]> {
  const response = await fetch(jenkinsRequest(`${address}queue/`, `items[${ITEM_TREE}]`));
  return listOf(response, 'items', JENKINS);
}

/** What an item of the queue is to become: a build of a job, or a step of a build. Paths below the URL of Jenkins. */
export type QueuedTask = { readonly job?: string | undefined; readonly build?: string | undefined };

/**
 * Looks at what an item of the queue waits for: a build before it that has ended or that no executor works on, a node that does not
 * exist or is offline.
 */
export async function inspectItem(
  run: Run,
  { job, build }: QueuedTask,
  address: string,
  fetch: SourceFetch,
): Promise<Run> {
  const { why } = run.labels;
  const before = /^Build #(\d{1,10}) is already in progress/.exec(why ?? '')?.[1];
  if (run.hold === 'limit' && before !== undefined && job !== undefined) {
    return inspectBefore(run, `${job}/${before}`, address, fetch);
  }
  if (run.hold === 'limit') return inspectResources(run, address, fetch);
  if (run.hold !== undefined) return run;
  if (build !== undefined) {
    const ended = await withoutBuild(build, address, fetch);
    if (ended !== undefined) return orphaned(run, ended);
  }
  return { ...run, flag: (await withoutNode(why, address, fetch)) ?? run.flag };
}

/** Items that wait for the same build make the same requests. */
async function inspectBefore(run: Run, path: string, address: string, fetch: SourceFetch): Promise<Run> {
  const { holders } = await readExecutors(address, fetch);
  const response = await fetch({ ...jenkinsRequest(`${address}${path}/`, 'building,result'), accept: [404] });
  const name = `build #${path.slice(path.lastIndexOf('/') + 1)}`;
  const waitsFor = { kind: 'build', id: path, name, url: `${address}${path}/` };
  if (response.status === 404) {
    return orphaned({ ...run, waitsFor }, `It waits for ${name}, which Jenkins no longer has.`);
  }
  const { building, result } = isObject(response.body) ? response.body : {};
  if (typeof building !== 'boolean') throw notABuild(path, address);
  const seen: Run = {
    ...run,
    waitsFor: { ...waitsFor, state: building ? 'building' : hasText(result) ? nameFor(result) : 'ended' },
  };
  if (!building) return orphaned(seen, `It waits for ${name}, which has ended (${seen.waitsFor?.state ?? 'ended'}).`);
  return holders.has(path) ? seen : orphaned(seen, `It waits for ${name}, which is building without an executor.`);
}

function orphaned(run: Run, text: string): Run {
  return { ...run, flag: { kind: 'orphaned', by: 'tardy', text } };
}

/** What is wrong with a step in the queue whose build has ended; Jenkins then keeps it there until somebody removes it. */
async function withoutBuild(path: string, address: string, fetch: SourceFetch): Promise<string | undefined> {
  const response = await fetch({ ...jenkinsRequest(`${address}${path}/`, 'building,result'), accept: [404] });
  const name = `build #${path.slice(path.lastIndexOf('/') + 1)}`;
  if (response.status === 404) return `It is a step of ${name}, which Jenkins no longer has.`;
  const { building, result } = isObject(response.body) ? response.body : {};
  if (typeof building !== 'boolean') throw notABuild(path, address);
  return building
    ? undefined
    : `It is a step of ${name}, which has ended (${hasText(result) ? nameFor(result) : 'no result'}).`;
}

function notABuild(path: string, address: string): SourceError {
  const message = `${address}${path} does not say whether it is building. Is this the URL of ${JENKINS}?`;
  return new SourceError('shape', message);
}

/** A flag in Jenkins' own words if no node can take the item, unless a cloud may start one. */
async function withoutNode(why: string | undefined, address: string, fetch: SourceFetch): Promise<Flag | undefined> {
  if (why === undefined || !reasonsIn(why).every((reason) => NO_NODE.some((pattern) => pattern.test(reason))))
    return undefined;
  // Older versions write labels without quotation marks.
  const label = /label [‘']?([^‘’']{1,200})/.exec(why)?.[1]?.replace(/ are offline$/, '');
  if (label !== undefined) {
    // All items that wait for the same label make the same request.
    const page = `${address}label/${encodeURIComponent(label)}/`;
    const { body, status } = await fetch({ ...jenkinsRequest(page, 'clouds[name]'), accept: [403, 404] });
    const clouds = status < 400 ? listField(body, 'clouds', JENKINS) : undefined;
    if (clouds !== undefined && clouds.length > 0) return undefined;
  }
  return { kind: 'cannot_start', by: 'source', text: why };
}

/** The items of the queue that are steps of the build with this path. */
export function stepsOf(
  items: readonly unknown[],
  path: string,
  pathOf: (url: unknown) => string | undefined,
): JsonObject[] {
  return items.filter(isObject).filter(({ task }) => isObject(task) && pathOf(task['url']) === path);
}
