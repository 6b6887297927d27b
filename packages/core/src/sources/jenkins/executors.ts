import type { Instant } from '../../run.js';
import { booleanField, hasText, isObject, isTrue, listField, listOf, memberOf } from '../reading/body.js';
import { epochMs } from '../reading/epoch-time.js';
import { nameFor } from '../reading/vocabulary.js';
import type { SourceFetch } from '../source.js';
import { BUILD_TREE, JENKINS, jenkinsRequest } from './api.js';
import { jenkinsPath } from './path.js';

/** An executor at work on a build. */
export type JenkinsHolder = {
  readonly node: string;
  /** What Jenkins says of a node whose connection is lost. One that is only closed to new builds continues its old ones. */
  readonly lost: { readonly reason: string | undefined; readonly since: Instant | undefined } | undefined;
  readonly likelyStuck: boolean;
  /** Whether it only drives a pipeline, whose steps work on executors of their own. */
  readonly isFlyweight: boolean;
};

/** The builds at work, and the executors of each by its path. */
export type AtWork = {
  readonly builds: readonly unknown[];
  readonly holders: ReadonlyMap<string, readonly JenkinsHolder[]>;
};

const EXECUTOR = `likelyStuck,currentExecutable[${BUILD_TREE}]`;
const NODE = 'displayName,offline,temporarilyOffline,offlineCauseReason,offlineCause[timestamp]';
const COMPUTERS = `computer[${NODE},executors[${EXECUTOR}],oneOffExecutors[${EXECUTOR}]]`;

/** Reads which builds the executors of all nodes work on. */
export async function readExecutors(address: string, fetch: SourceFetch): Promise<AtWork> {
  const response = await fetch(jenkinsRequest(`${address}computer/`, COMPUTERS));
  const builds = new Map<unknown, unknown>();
  const holders = new Map<string, JenkinsHolder[]>();
  for (const computer of listOf(response, 'computer', JENKINS)) {
    if (!isObject(computer)) {
      builds.set(builds.size, computer);
      continue;
    }
    for (const kind of ['executors', 'oneOffExecutors']) {
      for (const executor of listField(computer, kind, JENKINS) ?? []) {
        const build = isObject(executor) ? executor['currentExecutable'] : executor;
        if (build === null || build === undefined) continue;
        const path = isObject(build) ? jenkinsPath(build['url']) : undefined;
        // The steps of a pipeline hold executors of their own, and tell less than the one that the pipeline itself holds.
        const isStep = isObject(build) && build['building'] === undefined;
        if (!isStep || !builds.has(path)) builds.set(path ?? builds.size, build);
        if (path === undefined) continue;
        const holder = holderOf(computer, executor, kind === 'oneOffExecutors');
        const others = holders.get(path);
        if (others === undefined) holders.set(path, [holder]);
        else others.push(holder);
      }
    }
  }
  return { builds: [...builds.values()], holders };
}

function holderOf(computer: unknown, executor: unknown, isFlyweight: boolean): JenkinsHolder {
  const { displayName, offlineCauseReason: reason } = isObject(computer) ? computer : {};
  const isOffline = booleanField(computer, 'offline', JENKINS) === true;
  const isClosed = booleanField(computer, 'temporarilyOffline', JENKINS) === true;
  const { timestamp } = memberOf(computer, 'offlineCause');
  return {
    node: nameFor(displayName),
    lost:
      isOffline && !isClosed ? { reason: hasText(reason) ? reason : undefined, since: epochMs(timestamp) } : undefined,
    likelyStuck: isObject(executor) && isTrue(executor['likelyStuck']),
    isFlyweight,
  };
}
