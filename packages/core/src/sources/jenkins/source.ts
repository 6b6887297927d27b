import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import { isObject, listOf, queryText, withSlash, type JsonObject } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { jenkinsBuildToWire, jenkinsItemToWire, jenkinsPath, type JenkinsHolder } from './run.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import type { Source, SourceFetch, SourcePage, SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';

/** Where Jenkins answers. */
export type JenkinsConfig = { readonly url: string };

/** Jenkins in short, for the registry of kinds. */
export const jenkinsAdapter: SourceAdapter<JenkinsConfig> = {
  create: jenkinsSource,
  // `user:token`, the token made on the page of that user.
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'jenkins:https://host.example') }),
};

const SYSTEM = 'Jenkins';
const CAUSES = 'actions[causes[userId,userName]]';
const BUILD = `number,url,fullDisplayName,timestamp,duration,building,result,${CAUSES}`;
const ITEM = `id,inQueueSince,timestamp,stuck,blocked,buildable,why,task[name,url],${CAUSES}`;
const EXECUTOR = `likelyStuck,currentExecutable[${BUILD}]`;
const COMPUTERS = `computer[displayName,offline,executors[${EXECUTOR}],oneOffExecutors[${EXECUTOR}]]`;

/** Folders within folders that are looked into for builds that have ended. */
const DEPTH = 5;
/** Builds of each job; Jenkins reads every one from its disk. */
const RECENT_OF_JOB = 5;
const ALL_OF_JOB = 100;

/** What the executors say: the builds at work, and which executors each holds. */
type AtWork = { readonly builds: readonly unknown[]; readonly holders: ReadonlyMap<string, readonly JenkinsHolder[]> };

/** Reads the queue and the builds that executors are at work on. Jenkins tells no heartbeat, but what it takes for stuck itself. */
export function jenkinsSource(name: string, { url }: JenkinsConfig): Source {
  const address = withSlash(url);
  const itemToWire = (item: JsonObject) => jenkinsItemToWire(item, address);
  const buildToWire =
    (holders: AtWork['holders'] = new Map()) =>
    (build: JsonObject) =>
      jenkinsBuildToWire(build, (path) => holders.get(path) ?? [], address);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    // In the order of life: an item that starts meanwhile is seen twice and not missed.
    const queue = await fetch({ url: `${address}queue/api/json?${treeOf(`items[${ITEM}]`)}` });
    yield readRows(listOf(queue, 'items', SYSTEM), name, itemToWire);
    const { builds, holders } = await readAtWork(fetch);
    yield readRows(builds, name, buildToWire(holders));
    if (query.activity !== 'active') yield* ended(query, fetch);
  }

  async function readAtWork(fetch: SourceFetch): Promise<AtWork> {
    const response = await fetch({ url: `${address}computer/api/json?${treeOf(COMPUTERS)}`, headers: NO_CACHE });
    const builds = new Map<unknown, unknown>();
    const holders = new Map<string, JenkinsHolder[]>();
    for (const computer of listOf(response, 'computer', SYSTEM)) {
      for (const executor of executorsOf(computer)) {
        const build = isObject(executor) ? executor['currentExecutable'] : executor;
        if (build === null || build === undefined) continue;
        const path = isObject(build) ? jenkinsPath(build['url']) : undefined;
        // The steps of a pipeline hold executors of their own, and tell less than the one that the pipeline itself holds.
        const isStep = isObject(build) && build['building'] === undefined;
        if (!isStep || !builds.has(path)) builds.set(path ?? builds.size, build);
        if (path === undefined) continue;
        const others = holders.get(path);
        if (others === undefined) holders.set(path, [holderOf(computer, executor)]);
        else others.push(holderOf(computer, executor));
      }
    }
    return { builds: [...builds.values()], holders };
  }

  async function* ended(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const all = query.activity === 'all';
    const builds = `builds[${BUILD}]{0,${all ? ALL_OF_JOB : RECENT_OF_JOB}}`;
    let tree = 'jobs[name]';
    for (let level = 0; level < DEPTH; level++) tree = `jobs[${builds},${tree}]`;
    const response = await fetch({ url: `${address}api/json?${treeOf(tree)}` });
    const found: unknown[] = [];
    const deeper = collect(listOf(response, 'jobs', SYSTEM), found, DEPTH);
    const over = found.filter((build) => !isObject(build) || build['building'] !== true);
    const newest = over.sort((a, b) => startOf(b) - startOf(a)).slice(0, endedLimit(query));
    const incomplete = deeper
      ? `Folders more than ${DEPTH} deep were not looked into for builds that ended.`
      : undefined;
    yield { ...readRows(newest, name, buildToWire()), incomplete };
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    if (jenkinsPath(id) !== id || id.split('/').some((part) => part === '..' || part === '.')) return undefined;
    return id.startsWith('queue/') ? getItem(id, fetch) : getBuild(id, fetch);
  }

  async function getBuild(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    // Executors first: a build that is then still running without one has lost it.
    const { holders } = await readAtWork(fetch);
    const response = await fetch({ url: `${address}${id}/api/json?${treeOf(BUILD)}`, accept: [404] });
    if (response.status === 404) return undefined;
    const run = readOneRow(response.body, id, name, buildToWire(holders));
    if (run.status !== 'running' || holders.has(id)) return run;
    return { ...run, flag: { kind: 'worker_lost', text: 'It is called building, yet no executor is at work on it.' } };
  }

  /** Jenkins knows an item for some minutes after it left the queue; then it names the build that it became. */
  async function getItem(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const tree = `${ITEM},cancelled,executable[url]`;
    const response = await fetch({ url: `${address}${id}/api/json?${treeOf(tree)}`, accept: [404] });
    if (response.status === 404) return undefined;
    const executable = isObject(response.body) ? response.body['executable'] : undefined;
    const build = isObject(executable) ? jenkinsPath(executable['url']) : undefined;
    return build === undefined ? readOneRow(response.body, id, name, itemToWire) : getBuild(build, fetch);
  }

  /** A pipeline at an `input` step waits for a person. Told by the plugin that draws the stages, where there is one. */
  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status !== 'running' || run.flag?.kind === 'worker_lost') return run;
    const { body } = await fetch({ url: `${address}${run.id}/wfapi/describe`, accept: [403, 404] });
    if (!isObject(body) || body['status'] !== 'PAUSED_PENDING_INPUT') return run;
    // That it takes longer than such builds did is then no wonder.
    return { ...run, hold: 'approval', flag: undefined };
  }

  return { name, kind: 'jenkins', address, list, get, inspect };
}

/** Executors are requested again for each build, which transports refuse unless it is declared as intended. */
const NO_CACHE = { 'cache-control': 'no-cache' } as const;

function treeOf(tree: string): string {
  return queryText([['tree', tree]]);
}

function executorsOf(computer: unknown): readonly unknown[] {
  if (!isObject(computer)) return [computer];
  return ['executors', 'oneOffExecutors'].flatMap((kind): unknown[] => {
    const executors = computer[kind];
    return Array.isArray(executors) ? executors : [];
  });
}

function holderOf(computer: unknown, executor: unknown): JenkinsHolder {
  const { displayName, offline } = isObject(computer) ? computer : {};
  return {
    node: typeof displayName === 'string' ? displayName : 'without a name',
    isOffline: offline === true,
    likelyStuck: isObject(executor) && executor['likelyStuck'] === true,
  };
}

/** Gathers the builds of jobs, and of those in folders; says whether there are folders deeper than was asked. */
function collect(jobs: readonly unknown[], found: unknown[], left: number): boolean {
  let deeper = false;
  for (const job of jobs.filter(isObject)) {
    if (left === 0) return true;
    if (Array.isArray(job['builds'])) for (const build of job['builds'] as unknown[]) found.push(build);
    if (Array.isArray(job['jobs'])) deeper = collect(job['jobs'], found, left - 1) || deeper;
  }
  return deeper;
}

function startOf(build: unknown): number {
  const at = isObject(build) ? build['timestamp'] : undefined;
  return typeof at === 'number' ? at : 0;
}
