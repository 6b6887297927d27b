import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { baseUrl } from '../reading/base-url.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import { isObject, withSlash, type JsonObject } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import type { Source, SourceFetch, SourcePage, SourceQuery } from '../source.js';
import { BUILD_TREE, ITEM_TREE, JENKINS, jenkinsRequest } from './api.js';
import { readBuilds } from './builds.js';
import { readExecutors, type AtWork } from './executors.js';
import { jenkinsJobPath, jenkinsPath } from './path.js';
import { inspectPipeline } from './pipeline.js';
import { inspectItem, readQueue } from './queue.js';
import { jenkinsBuildToWire, jenkinsItemToWire } from './run.js';
import { strictSource } from '../reading/strict-source.js';
import { JENKINS_SHAPES } from './shapes.js';

/** Where Jenkins is. */
export type JenkinsConfig = { readonly url: string };

/** Jenkins, for the registry of kinds. */
export const jenkinsAdapter: SourceAdapter<JenkinsConfig> = {
  create: jenkinsSource,
  // `user:token`, the token made on the page of that user.
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'jenkins:https://host.example') }),
};

/** The newest builds of each job that are read. */
const RECENT_OF_JOB = 5;
const ALL_OF_JOB = 100;

/** Reads the queue and the builds that are building. Jenkins reports no heartbeat, but it says what it takes for stuck itself. */
export function jenkinsSource(name: string, { url }: JenkinsConfig): Source {
  const address = withSlash(url);
  const itemToWire = (item: JsonObject) => jenkinsItemToWire(item, address);
  const buildToWire =
    (holders: AtWork['holders'] = new Map()) =>
    (build: JsonObject) =>
      jenkinsBuildToWire(build, (path) => holders.get(path) ?? [], address);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const isActive = query.activity === 'active';
    const recent = isActive ? readBuilds(address, RECENT_OF_JOB, fetch, 'url,building') : undefined;
    // A caller that stops early never awaits it; a failure is still thrown where it is awaited.
    recent?.catch(() => {});
    // In the order of life: an item that starts meanwhile is seen twice and not missed.
    yield readRows(await readQueue(address, fetch), name, itemToWire);
    const { builds, ...left } = (await recent) ?? (await readRecent(query, fetch));
    const { builds: atWork, holders } = await readExecutors(address, fetch);
    yield readRows(atWork, name, buildToWire(holders));
    // Read before the executors: a build that none of them works on has ended meanwhile, or lost its executor.
    const without = builds.filter((build) => !isObject(build) || isWithoutExecutor(build, holders));
    yield { ...(await readWithout(without, fetch)), ...left };
    if (!isActive) yield ended(builds, query);
  }

  function readRecent(query: SourceQuery, fetch: SourceFetch) {
    return readBuilds(address, query.activity === 'all' ? ALL_OF_JOB : RECENT_OF_JOB, fetch);
  }

  /** Builds that were building, though no executor works on them, read one by one. */
  async function readWithout(builds: readonly unknown[], fetch: SourceFetch): Promise<SourcePage> {
    const rows = await Promise.all(
      builds.map(async (build) => {
        const path = isObject(build) ? jenkinsPath(build['url']) : undefined;
        if (path === undefined) return build;
        const { body, status } = await fetch({ ...jenkinsRequest(`${address}${path}/`, BUILD_TREE), accept: [404] });
        // That it is not found is no evidence that it has ended.
        return status === 404 ? build : body;
      }),
    );
    const { runs, issues } = readRows(rows, name, buildToWire());
    return { runs: runs.map((run) => (run.status === 'completed' ? run : withoutExecutor(run))), issues };
  }

  function ended(builds: readonly unknown[], query: SourceQuery): SourcePage {
    const over = builds.filter(isObject).filter(({ building }) => building === false);
    const newest = [...over].sort((a, b) => startOf(b) - startOf(a)).slice(0, endedLimit(query));
    return readRows(newest, name, buildToWire());
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    if (jenkinsPath(id) !== id || id.split('/').some((part) => part === '..' || part === '.')) return undefined;
    return id.startsWith('queue/') ? getItem(id, fetch) : getBuild(id, fetch);
  }

  async function getBuild(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    // Executors first: a build that still continues after that without one has lost it.
    const { holders } = await readExecutors(address, fetch);
    const response = await fetch({ ...jenkinsRequest(`${address}${id}/`, BUILD_TREE), accept: [404] });
    if (response.status === 404) return undefined;
    const run = readOneRow(response.body, id, name, buildToWire(holders));
    return run.status !== 'running' || holders.has(id) ? run : withoutExecutor(run);
  }

  /** Jenkins knows an item for some minutes after it left the queue; then it names the build that it became. */
  async function getItem(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const tree = `${ITEM_TREE},cancelled,executable[url]`;
    const response = await fetch({ ...jenkinsRequest(`${address}${id}/`, tree), accept: [404] });
    if (response.status === 404) return undefined;
    const executable = isObject(response.body) ? response.body['executable'] : undefined;
    const build = isObject(executable) ? jenkinsPath(executable['url']) : undefined;
    return build === undefined ? readOneRow(response.body, id, name, itemToWire) : getBuild(build, fetch);
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.id.startsWith('queue/')) {
      // The URL of an item is that of its job, or of the build that it is a step of.
      const task = { job: jenkinsJobPath(run.url), build: jenkinsPath(run.url) };
      return inspectItem(run, task, address, fetch);
    }
    if (run.status !== 'running' || run.flag?.kind === 'worker_lost') return run;
    return inspectPipeline(run, address, fetch);
  }

  return strictSource({ name, kind: 'jenkins', address, list, get, inspect }, JENKINS, JENKINS_SHAPES);
}

function isWithoutExecutor(build: JsonObject, holders: AtWork['holders']): boolean {
  if (build['building'] === false) return false;
  const path = jenkinsPath(build['url']);
  return path === undefined || !holders.has(path);
}

function withoutExecutor(run: Run): Run {
  const text = 'It is called building, yet no executor works on it.';
  return { ...run, flag: { kind: 'worker_lost', by: 'tardy', text } };
}

function startOf(build: unknown): number {
  const at = isObject(build) ? build['timestamp'] : undefined;
  return typeof at === 'number' ? at : 0;
}
