import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import {
  hasText,
  isObject,
  listField,
  listOf,
  objectsField,
  objectsIn,
  textField,
  withoutQuery,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import { readOneRow, readRows, type RowToWire } from '../reading/read-rows.js';
import { nameFor } from '../reading/vocabulary.js';
import { serverClock } from '../reading/wire-time.js';
import { ofQosTogether, withoutRoom } from './limits.js';
import { nodesOf, readNode, slurmJobToWire, SYSTEM, waitsForNodes, worksOnNodes, type ClusterState } from './job.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceResponse } from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { strictSource } from '../reading/strict-source.js';
import { SLURM_SHAPES } from './shapes.js';

/** The URL of slurmrestd; `version` is the API version (default: its newest), `user` the user of the token. */
export type SlurmConfig = {
  readonly url: string;
  readonly version?: string | undefined;
  readonly user?: string | undefined;
};

/** Slurm in short, for the registry of kinds. */
export const slurmAdapter: SourceAdapter<SlurmConfig> = {
  create: slurmSource,
  credentialHeaders: (token, { user }) => {
    // `scontrol token` prints it with the name of the variable.
    const jwt = token.replace(/^SLURM_JWT=/, '');
    const name = user ?? userIn(jwt);
    return { 'x-slurm-user-token': jwt, ...(name === undefined ? {} : { 'x-slurm-user-name': name }) };
  },
  configFromUri: (rest) => ({ url: baseUrl(rest, 'slurm:http://host.example:6820') }),
};

/** How Slurm numbers that a job does not exist (any more). */
const INVALID_JOB = 2017;

/** Beyond so many nodes of one job, all nodes are read in one call. */
const SINGLE_NODES = 2;

/**
 * Reads the jobs that Slurm's controller holds: all at once, since its API knows neither pages nor states to ask for. Slurm tells no
 * heartbeat of a job, but which nodes do not respond.
 */
export function slurmSource(name: string, config: SlurmConfig): Source {
  const address = withSlash(config.url);
  let version = config.version === undefined ? undefined : Promise.resolve(config.version);

  async function* list(_: unknown, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const response = await ask('jobs', fetch);
    const jobs = listOf(response, 'jobs', SYSTEM);
    const needed = jobs.filter(isObject).some((job) => worksOnNodes(job) || waitsForNodes(job));
    const nodes = needed ? listOf(await ask('nodes', fetch), 'nodes', SYSTEM) : [];
    yield { ...readRows(jobs, name, toWire(stateOf(nodes, response, true))), total: jobs.length };
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    if (!/^\d+$/.test(id)) return undefined;
    const response = await ask(`job/${id}`, fetch);
    const job = listOf(response, 'jobs', SYSTEM).find((one) => isObject(one) && String(one['job_id']) === id);
    if (job === undefined) return undefined;
    return readOneRow(
      job,
      id,
      name,
      toWire(isObject(job) ? await clusterStateFor(job, response, fetch) : NOTHING_KNOWN),
    );
  }

  /** A pending job waits for any node of its partition; a running one depends on its own. */
  async function clusterStateFor(job: JsonObject, response: SourceResponse, fetch: SourceFetch): Promise<ClusterState> {
    const names = worksOnNodes(job) ? nodesOf(job) : [];
    const all = waitsForNodes(job) || names.length > SINGLE_NODES;
    const paths = all ? ['nodes'] : names.map((node) => `node/${encodeURIComponent(node)}`);
    const lists = await Promise.all(paths.map(async (path) => listOf(await ask(path, fetch), 'nodes', SYSTEM)));
    const state = stateOf(lists.flat(), response, all);
    const missing = all ? undefined : names.find((node) => !state.nodes.has(node));
    if (missing === undefined) return state;
    throw new SourceError('shape', `${SYSTEM} was asked for the node ${nameFor(missing)} and did not send it.`);
  }

  async function ask(path: string, fetch: SourceFetch): Promise<SourceResponse> {
    version ??= newestVersion(fetch);
    let spoken: string;
    try {
      spoken = await version;
    } catch (error) {
      version = undefined;
      throw error;
    }
    const response = await fetch({ url: `${address}slurm/${spoken}/${path}`, accept: [404, 500] });
    return path.startsWith('job/') && isMissing(response) ? { ...response, body: { jobs: [] } } : checked(response);
  }

  async function newestVersion(fetch: SourceFetch): Promise<string> {
    const { body, url } = await fetch({ url: `${address}openapi/v3` });
    const paths = isObject(body) && isObject(body['paths']) ? Object.keys(body['paths']) : [];
    const versions = paths.flatMap((path) => /^\/slurm\/(v\d+\.\d+\.\d+)\/jobs\/?$/.exec(path)?.[1] ?? []);
    const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
    if (newest !== undefined) return newest;
    throw new SourceError('shape', `${withoutQuery(url)} describes no jobs. Is this the URL of ${SYSTEM}?`);
  }

  /** A job waits in vain for what its QOS may use together if no other job uses any of it. All such jobs make the same request. */
  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const reason = run.labels['reason'] ?? '';
    if (run.hold !== 'limit' || !ofQosTogether(reason)) return run;
    const jobs = listOf(await ask('jobs', fetch), 'jobs', SYSTEM).filter(isObject);
    return withoutRoom(run, reason, jobs);
  }

  return strictSource({ name, kind: 'slurm', address, list, get, inspect }, SYSTEM, SLURM_SHAPES);
}

function toWire(cluster: ClusterState): RowToWire {
  return (job) => slurmJobToWire(job, cluster);
}

const NOTHING_KNOWN: ClusterState = { nodes: new Map(), closed: new Set(), now: undefined };

/** `complete` says that all nodes of the cluster were read, so that a partition without an open one is closed. */
function stateOf(nodes: readonly unknown[], response: SourceResponse, complete: boolean): ClusterState {
  const known = objectsIn(nodes, 'nodes', SYSTEM);
  const open = new Set(known.filter((node) => readNode(node).state === 'open').flatMap(partitionsOf));
  return {
    nodes: new Map(known.map((node) => [nameOf(node), readNode(node)] as const)),
    closed: new Set(complete ? known.flatMap(partitionsOf).filter((partition) => !open.has(partition)) : []),
    now: serverClock(response),
  };
}

function nameOf(node: JsonObject): string {
  const name = textField(node, 'name', SYSTEM);
  if (name !== undefined) return name;
  throw new SourceError('shape', `A node has no name. Is this the URL of ${SYSTEM}?`);
}

function partitionsOf(node: JsonObject): readonly string[] {
  return (listField(node, 'partitions', SYSTEM) ?? []).filter(hasText);
}

/**
 * Slurm responds with 500 and an empty list whenever the controller refuses or does not respond, and says why in `errors` at best: a token
 * that is wrong or expired is an "Unspecified error".
 */
function checked(response: SourceResponse): SourceResponse {
  const [first] = errorsIn(response);
  if (first === undefined && response.status < 400) return response;
  const said = [first?.['description'], first?.['error']].filter((text) => typeof text === 'string').join(': ');
  const where = withoutQuery(response.url);
  if (response.status === 404) {
    throw new SourceError('not_found', `${where} responded with 404. Check the version of the API.`, { status: 404 });
  }
  if (first?.['error_number'] === -1) {
    const fix = 'The token is likely wrong or expired (make one with scontrol token), or slurmctld is down.';
    throw new SourceError('auth', `${where} responded with ${response.status} (${said}). ${fix}`, {
      status: response.status,
    });
  }
  throw new SourceError('http', `${where} responded with ${response.status} (${said}).`, { status: response.status });
}

function isMissing(response: SourceResponse): boolean {
  return errorsIn(response).some((error) => error['error_number'] === INVALID_JOB);
}

function errorsIn({ body }: SourceResponse): readonly JsonObject[] {
  return isObject(body) ? objectsField(body, 'errors', SYSTEM) : [];
}

/** Slurm's tokens name their user as `sun`. */
function userIn(jwt: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(atob((jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
    return isObject(claims) && typeof claims['sun'] === 'string' ? claims['sun'] : undefined;
  } catch {
    return undefined;
  }
}
