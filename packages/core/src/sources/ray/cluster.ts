import type { Instant } from '../../run.js';
import {
  countField,
  isObject,
  isText,
  memberOf,
  objectBody,
  objectsField,
  textField,
  type JsonObject,
} from '../reading/body.js';
import { epochMs } from '../reading/epoch-time.js';
import { lastOf } from '../reading/wire-time.js';
import { SourceError, type SourceFetch } from '../source.js';

/** What messages call the system. */
export const RAY_API = "Ray's API";

/** Amounts by resource: `CPU`, `GPU`, `memory`, and what a cluster names itself. */
export type Resources = Readonly<Record<string, number>>;

/** A node of the cluster. */
export type RayNode = {
  readonly id: string;
  readonly isAlive: boolean;
  readonly resources: Resources;
  /** Why it died, in Ray's words. */
  readonly message: string | undefined;
  readonly diedAt: Instant | undefined;
};

/** A task or an actor that has not ended. */
export type RayWork = {
  readonly name: string | undefined;
  readonly job: string | undefined;
  readonly state: string;
  readonly needs: Resources;
  /** When it came into its state. */
  readonly since: Instant | undefined;
};

/** The cluster as its State API shows it. */
export type Cluster = {
  readonly nodes: readonly RayNode[];
  /** The tasks and actors of each job, by its id. */
  readonly works: ReadonlyMap<string, readonly RayWork[]>;
  /** The actors that have a name, by it. */
  readonly actors: ReadonlyMap<string, RayWork>;
};

/** The most that the State API sends. */
const MOST = 10_000;

const NOT_ENDED = ['FINISHED', 'FAILED'].map((state) => filter('state', state)).join('&');
const NOT_DEAD = filter('state', 'DEAD');

/**
 * Reads nodes, tasks and actors; `undefined` from a cluster without a State API, and from one that shows only some of them: what is
 * left out may be the evidence that a job is at work.
 */
export async function readCluster(address: string, fetch: SourceFetch): Promise<Cluster | undefined> {
  const [nodes, tasks, actors] = await Promise.all([
    stateOf(`${address}api/v0/nodes?detail=1&limit=${MOST}`, fetch),
    stateOf(`${address}api/v0/tasks?${NOT_ENDED}&detail=1&limit=${MOST}`, fetch),
    stateOf(`${address}api/v0/actors?${NOT_DEAD}&detail=1&limit=${MOST}`, fetch),
  ]);
  if (nodes === undefined || tasks === undefined || actors === undefined) return undefined;
  const read = actors.map(readWork);
  const works = new Map<string, RayWork[]>();
  for (const work of [...tasks.map(readWork), ...read]) {
    if (work.job === undefined) continue;
    const own = works.get(work.job);
    if (own === undefined) works.set(work.job, [work]);
    else own.push(work);
  }
  const named = read.flatMap((actor) => (actor.name === undefined ? [] : [[actor.name, actor] as const]));
  return { nodes: nodes.map(readNode), works, actors: new Map(named) };
}

/** Whether a node that is alive could ever have the resources. */
export function couldRun({ nodes }: Cluster, needs: Resources): boolean {
  return nodes.some(
    ({ isAlive, resources }) =>
      isAlive && Object.entries(needs).every(([name, amount]) => (resources[name] ?? 0) >= amount),
  );
}

/** Resources in words: `GPU 1, CPU 4`. */
export function resourceText(needs: Resources): string {
  return Object.entries(needs)
    .map(([name, amount]) => `${name} ${amount}`)
    .join(', ');
}

function filter(key: string, value: string): string {
  return `filter_keys=${key}&filter_predicates=!%3D&filter_values=${value}`;
}

async function stateOf(url: string, fetch: SourceFetch): Promise<readonly JsonObject[] | undefined> {
  const response = await fetch({ url, accept: [404] });
  if (response.status === 404) return undefined;
  const body = objectBody(response, RAY_API);
  if (body['result'] !== true) {
    throw new SourceError('shape', `Ray did not say what state it is in: ${String(body['msg']).slice(0, 300)}`);
  }
  const state = memberOf(memberOf(body, 'data'), 'result');
  const rows = objectsField(state, 'result', RAY_API);
  const total = countField(state, 'num_filtered', RAY_API) ?? rows.length;
  if (rows.length > MOST) throw new SourceError('limit', `Ray was asked for ${MOST} rows and sent ${rows.length}.`);
  if (rows.length < Math.min(total, MOST)) {
    throw new SourceError('truncated', `Ray counts ${total} rows and sent ${rows.length}.`);
  }
  return rows.length < total ? undefined : rows;
}

function readNode(row: JsonObject): RayNode {
  return {
    id: textField(row, 'node_id', RAY_API) ?? '',
    isAlive: textField(row, 'state', RAY_API) !== 'DEAD',
    resources: resourcesIn(row, 'resources_total'),
    message: textField(row, 'state_message', RAY_API),
    diedAt: epochMs(row['end_time_ms']),
  };
}

function readWork(row: JsonObject): RayWork {
  const changes = objectsField(row, 'events', RAY_API).flatMap((event) => epochMs(event['created_ms']) ?? []);
  return {
    name: textField(row, 'name', RAY_API),
    job: textField(row, 'job_id', RAY_API),
    state: textField(row, 'state', RAY_API) ?? 'none',
    needs: resourcesIn(row, 'required_resources'),
    since: lastOf(changes),
  };
}

function resourcesIn(row: JsonObject, name: string): Resources {
  const amounts: Record<string, number> = {};
  const found = memberOf(row, name);
  for (const [resource, amount] of Object.entries(isObject(found) ? found : {})) {
    if (isText(resource) && typeof amount === 'number') amounts[resource] = amount;
  }
  return amounts;
}
