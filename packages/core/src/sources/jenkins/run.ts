import type { Hold, InitiatorKind } from '../../run.js';
import { hasNumber, isObject, isTrue, type JsonObject } from '../reading/body.js';
import { epochMsToWire } from '../reading/epoch-time.js';
import { because, meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import type { JenkinsHolder } from './executors.js';
import { jenkinsJobPath, jenkinsPath, jobName, jobNameOfBuild } from './path.js';
import { holdOfBlocked, holdOfBuildable } from './queue.js';
import { JENKINS_BUILD_SHAPE, JENKINS_ITEM_SHAPE } from './shapes.js';
import { JENKINS } from './api.js';

/** Jenkins' `Result`, and our words for a build that has none yet and for the kinds of queue item. */
const STATES: Vocabulary = {
  WaitingItem: { status: 'queued', hold: 'schedule' },
  BlockedItem: { status: 'queued', hold: 'dependency' },
  BuildableItem: { status: 'queued' },
  LeftItem: { status: 'completed', outcome: 'cancelled' },
  building: { status: 'running' },
  SUCCESS: { status: 'completed', outcome: 'succeeded' },
  UNSTABLE: { status: 'completed', outcome: 'partially_succeeded' },
  FAILURE: { status: 'completed', outcome: 'failed' },
  NOT_BUILT: { status: 'completed', outcome: 'skipped' },
  ABORTED: { status: 'completed', outcome: 'cancelled' },
};

/** Who or what starts builds, by the class of a cause. All others that are known are events: a push, another build. */
const CAUSES: readonly (readonly [part: string, kind: InitiatorKind])[] = [
  ['UserIdCause', 'user'],
  ['TimerTriggerCause', 'schedule'],
  ['RemoteCause', 'api'],
  ['Cause', 'event'],
];

/** A build in the wire form of a run. `holdersOf` gives the executors that it occupies, those of the steps of a pipeline as well. */
export function jenkinsBuildToWire(
  build: JsonObject,
  holdersOf: (path: string) => readonly JenkinsHolder[],
  address: string,
): Record<string, unknown> {
  const { result, timestamp, duration, building } = build;
  // A build that continues may have a result already: it can only become worse.
  const atWork = isTrue(building) || (building === undefined && (result === null || result === undefined));
  const meaning = meaningOf(STATES, atWork ? 'building' : result);
  const ended = meaning.status === 'completed';
  const path = jenkinsPath(build['url']);
  const holders = path === undefined ? [] : holdersOf(path);
  return checkedWire(build, JENKINS_BUILD_SHAPE, JENKINS, {
    id: path,
    type: path === undefined ? undefined : jobNameOfBuild(path),
    title: build['fullDisplayName'],
    ...meaning,
    started_at: epochMsToWire(timestamp),
    ended_at: ended && hasNumber(timestamp) && hasNumber(duration) ? epochMsToWire(timestamp + duration) : undefined,
    flag: atWork ? flagOf(holders) : undefined,
    initiator: initiatorOf(build),
    url: path === undefined ? undefined : `${address}${path}/`,
    labels: textLabels({ node: nodesOf(holders) }),
  });
}

/** An item of the queue in the wire form of a run. Its kind is told by its class, which Jenkins sends unasked. */
export function jenkinsItemToWire(item: JsonObject, address: string): Record<string, unknown> {
  const { id, task, why, stuck } = item;
  const kind = typeof item['_class'] === 'string' ? item['_class'].split('$').at(-1) : kindByFields(item);
  const meaning = meaningOf(STATES, kind);
  const { name, url } = isObject(task) ? task : {};
  const waits = meaning.status === 'queued';
  // A step of a pipeline has the URL of its build.
  const path = jenkinsPath(url);
  const job = path === undefined ? jenkinsJobPath(url) : path.slice(0, path.lastIndexOf('/'));
  return checkedWire(item, JENKINS_ITEM_SHAPE, JENKINS, {
    id: typeof id === 'number' ? `queue/item/${id}` : id,
    // Older plugins do not say what pipeline a step belongs to.
    type: job === undefined ? (name ?? 'step of a pipeline') : jobName(job),
    title: name,
    ...meaning,
    hold: holdOf(kind, why) ?? meaning.hold,
    queued_at: epochMsToWire(item['inQueueSince']),
    not_before: kind === 'WaitingItem' ? epochMsToWire(item['timestamp']) : undefined,
    flag:
      waits && isTrue(stuck) ? { kind: 'stuck', by: 'source', text: `stuck in the queue${because(why)}` } : undefined,
    initiator: initiatorOf(item),
    url: job === undefined ? undefined : `${address}${path ?? job}/`,
    labels: textLabels({ why: shortText(why) }),
  });
}

function holdOf(kind: string | undefined, why: unknown): Hold | undefined {
  if (kind === 'BlockedItem') return holdOfBlocked(why);
  return kind === 'BuildableItem' ? holdOfBuildable(why) : undefined;
}

/** Before 2016 Jenkins sent no classes. */
function kindByFields({ blocked, buildable }: JsonObject): string | undefined {
  return isTrue(blocked) ? 'BlockedItem' : isTrue(buildable) ? 'BuildableItem' : undefined;
}

function nodesOf(holders: readonly JenkinsHolder[]): unknown {
  if (holders.length <= 1) return holders[0]?.node;
  return shortText([...new Set(holders.map(({ node }) => node))].join(', '));
}

function flagOf(holders: readonly JenkinsHolder[]): Record<string, unknown> | undefined {
  const { node, lost } = holders.find((holder) => holder.lost !== undefined) ?? {};
  if (lost !== undefined) {
    const text = `Its node ${node ?? 'without a name'} is offline${because(lost.reason)}`;
    return { kind: 'worker_lost', by: 'tardy', text, since: epochMsToWire(lost.since) };
  }
  return holders.some(({ likelyStuck }) => likelyStuck)
    ? {
        kind: 'stuck',
        by: 'source',
        text: 'likelyStuck: it takes many times as long as such builds did.',
      }
    : undefined;
}

function initiatorOf(row: JsonObject): Record<string, unknown> | undefined {
  const actions: readonly unknown[] = Array.isArray(row['actions']) ? row['actions'] : [];
  const causing = actions.find((action) => isObject(action) && Array.isArray(action['causes']));
  const cause = isObject(causing) ? (causing['causes'] as readonly unknown[])[0] : undefined;
  if (!isObject(cause)) return undefined;
  const { _class: type, userName, userId } = cause;
  const known = CAUSES.find(([part]) => typeof type === 'string' && type.includes(part));
  if (known === undefined) return undefined;
  return { kind: known[1], name: known[1] === 'user' ? (userName ?? userId) : undefined };
}
