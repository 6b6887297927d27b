import type { Flag, Instant, Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { lastOf } from '../reading/wire-time.js';
import { nameFor } from '../reading/vocabulary.js';
import { couldRun, resourceText, type Cluster, type RayWork } from './cluster.js';

/** Each submitted job has an actor that starts its entrypoint and watches it. */
const SUPERVISOR = '_ray_internal_job_actor_';

/** Tasks that wait for a node, and actors that wait to be created. */
const WAITING: ReadonlySet<string> = new Set(['PENDING_NODE_ASSIGNMENT', 'PENDING_CREATION']);

/** A run with what the cluster shows of it: whether it is at work, and what it may wait for in vain. */
export function lookAt(run: Run, row: JsonObject, cluster: Cluster): Run {
  if (run.status === 'completed') return run;
  const flag =
    lostNode(row, cluster) ?? (run.status === 'queued' ? unstartable(run, cluster) : stuckInside(run, row, cluster));
  return { ...run, flag, phaseAt: phaseOf(run, row, cluster) };
}

function lostNode({ driver_node_id: id }: JsonObject, { nodes }: Cluster): Flag | undefined {
  const node = nodes.find((one) => one.id === id);
  if (node === undefined || node.isAlive) return undefined;
  const why = node.message === undefined ? '' : `: ${node.message.slice(0, 300)}`;
  const text = `The node of its entrypoint, ${node.id.slice(0, 12)}, is dead${why}`;
  return { kind: 'worker_lost', by: 'tardy', text, since: node.diedAt };
}

function unstartable(run: Run, cluster: Cluster): Flag | undefined {
  const supervisor = cluster.actors.get(`${SUPERVISOR}${run.id}`);
  if (supervisor === undefined || !WAITING.has(supervisor.state) || couldRun(cluster, supervisor.needs))
    return undefined;
  const text = `No node of the cluster has what its entrypoint needs: ${resourceText(supervisor.needs)}.`;
  return { kind: 'cannot_start', by: 'tardy', text, since: run.queuedAt };
}

function stuckInside(run: Run, row: JsonObject, cluster: Cluster): Flag | undefined {
  const isSubmitted = row['submission_id'] !== null && row['submission_id'] !== undefined;
  if (isSubmitted && !cluster.actors.has(`${SUPERVISOR}${run.id}`)) {
    return { kind: 'worker_lost', by: 'tardy', text: 'The supervisor of its entrypoint is gone, yet it is running.' };
  }
  const own = workOf(row, cluster);
  // A task at work may make room, or be all that the job still waits for.
  if (own.some(({ state }) => state === 'RUNNING')) return undefined;
  const vain = own.filter(({ state, needs }) => WAITING.has(state) && !couldRun(cluster, needs));
  const [first] = vain;
  if (first === undefined) return undefined;
  const what = vain.length === 1 ? `Its task ${nameFor(first.name)} waits` : `${vain.length} of its tasks wait`;
  const text = `${what} for what no node of the cluster has: ${resourceText(first.needs)}.`;
  const since = lastOf(vain.flatMap((work) => work.since ?? []));
  return { kind: 'orphaned', by: 'tardy', text, since };
}

/** What a job does now began with the last of its tasks that are at work. */
function phaseOf(run: Run, row: JsonObject, cluster: Cluster): Instant | undefined {
  const atWork = workOf(row, cluster).filter(({ state }) => state === 'RUNNING');
  const began = lastOf(atWork.flatMap(({ since }) => since ?? []));
  return began !== undefined && (run.startedAt === undefined || began > run.startedAt) ? began : undefined;
}

function workOf({ job_id: job }: JsonObject, { works }: Cluster): readonly RayWork[] {
  if (typeof job !== 'string') return [];
  return (works.get(job) ?? []).filter(({ name }) => name?.startsWith(SUPERVISOR) !== true);
}
