import type { Flag, Hold } from '../../run.js';
import { isObject, type JsonObject } from '../reading/body.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { meaningOf, wordIn, type Vocabulary } from '../reading/vocabulary.js';
import { textLabels } from '../reading/read-rows.js';

/** The states of a job, and the flags that newer versions send beside them. */
const STATES: Vocabulary = {
  PENDING: { status: 'queued' },
  CONFIGURING: { status: 'queued' },
  REQUEUED: { status: 'queued' },
  REQUEUE_FED: { status: 'queued' },
  REQUEUE_HOLD: { status: 'queued', hold: 'paused' },
  RESV_DEL_HOLD: { status: 'queued', hold: 'paused' },
  SPECIAL_EXIT: { status: 'queued', hold: 'paused' },
  RUNNING: { status: 'running' },
  COMPLETING: { status: 'running' },
  RESIZING: { status: 'running' },
  SIGNALING: { status: 'running' },
  STAGE_OUT: { status: 'running' },
  STOPPED: { status: 'running', hold: 'paused' },
  SUSPENDED: { status: 'running', hold: 'paused' },
  COMPLETED: { status: 'completed', outcome: 'succeeded' },
  FAILED: { status: 'completed', outcome: 'failed' },
  TIMEOUT: { status: 'completed', outcome: 'failed' },
  NODE_FAIL: { status: 'completed', outcome: 'failed' },
  OUT_OF_MEMORY: { status: 'completed', outcome: 'failed' },
  BOOT_FAIL: { status: 'completed', outcome: 'failed' },
  DEADLINE: { status: 'completed', outcome: 'failed' },
  CANCELLED: { status: 'completed', outcome: 'cancelled' },
  PREEMPTED: { status: 'completed', outcome: 'cancelled' },
  REVOKED: { status: 'completed', outcome: 'cancelled' },
};

/** Why a pending job rightly waits. One that waits for nodes or its priority just queues. */
const HOLDS: Readonly<Record<string, Hold>> = {
  Dependency: 'dependency',
  Licenses: 'dependency',
  JobHeldUser: 'paused',
  JobHeldAdmin: 'paused',
  JobHoldMaxRequeue: 'paused',
  BeginTime: 'schedule',
  Reservation: 'schedule',
};

/**
 * A job as slurmrestd sends it, in the wire form of a run.
 *
 * The start of a pending job and the end of a running one are estimates of Slurm, and are not read.
 */
export function slurmJobToWire(job: JsonObject, flag: Flag | undefined): Record<string, unknown> {
  const words = wordsOf(job['job_state']);
  // The flags come after the state, and say what is going on now.
  const meaning = meaningOf(STATES, [...words].reverse().find((word) => Object.hasOwn(STATES, word)) ?? words.at(-1));
  const waits = meaning.status === 'queued';
  const ended = meaning.status === 'completed';
  const reason = job['state_reason'];
  const hold = (waits ? wordIn(HOLDS, reason) : undefined) ?? meaning.hold;
  const restarts = numberIn(job['restart_cnt']);
  const id = job['job_id'];
  const failed = meaning.outcome === 'failed';
  return {
    id: typeof id === 'number' ? String(id) : id,
    type: job['name'],
    title: titleOf(job),
    workspace: named(job['account']) === undefined ? undefined : { id: job['account'] },
    ...meaning,
    hold,
    hold_since: words.includes('SUSPENDED') ? time(job['suspend_time']) : undefined,
    queued_at: time(job['submit_time']),
    not_before: waits ? time(job['eligible_time']) : undefined,
    started_at: waits ? undefined : time(job['start_time']),
    ended_at: ended ? time(job['end_time']) : undefined,
    deadline_at: time(job['deadline']),
    attempt: typeof restarts === 'number' ? restarts + 1 : restarts,
    flag: ended ? undefined : (impossible(reason, waits) ?? flag),
    failure: failed ? { code: named(reason) ?? words[0], message: exitText(job['exit_code']) } : undefined,
    initiator: named(job['user_name']) === undefined ? undefined : { kind: 'user', name: job['user_name'] },
    labels: textLabels({
      cluster: job['cluster'],
      partition: job['partition'],
      nodes: job['nodes'],
      reason: reason === 'None' ? undefined : reason,
    }),
    native: { status: words.join(' ') || 'none' },
  };
}

/** Whether the job is at work on nodes. */
export function worksOnNodes(job: JsonObject): boolean {
  const words = wordsOf(job['job_state']);
  return words.includes('RUNNING') || words.includes('COMPLETING');
}

/** The nodes that a job runs on, as far as they are named one by one. */
export function nodesOf(job: JsonObject): readonly string[] {
  const resources = isObject(job['job_resources']) ? job['job_resources'] : {};
  const nodes = resources['allocated_nodes'] ?? (isObject(resources['nodes']) ? resources['nodes']['allocation'] : []);
  const allocated = Array.isArray(nodes) ? nodes.filter(isObject).map((node) => node['nodename'] ?? node['name']) : [];
  const names = [job['batch_host'], ...allocated].filter((node) => typeof node === 'string' && node !== '');
  return [...new Set(names as string[])];
}

/** Whether a node is down, or does not answer Slurm's own calls. */
export function isLost(node: JsonObject): boolean {
  const words = [...wordsOf(node['state']), ...wordsOf(node['state_flags'])].map((word) => word.toUpperCase());
  return words.includes('NOT_RESPONDING') || words.includes('DOWN');
}

/** One word up to v0.0.39, a list of them since. */
function wordsOf(state: unknown): readonly string[] {
  const words: readonly unknown[] = Array.isArray(state) ? state : [state];
  return words.filter((word) => typeof word === 'string' && word !== '') as string[];
}

/** A plain number up to v0.0.38; since then an object that says whether it is set, and whether it stands for no limit. */
function numberIn(value: unknown): unknown {
  if (!isObject(value)) return value;
  return value['set'] === false || value['infinite'] === true ? undefined : value['number'];
}

function time(value: unknown): unknown {
  return epochSecondsToWire(numberIn(value));
}

function named(value: unknown): unknown {
  return value === '' ? undefined : (value ?? undefined);
}

function titleOf(job: JsonObject): unknown {
  const task = numberIn(job['array_task_id']);
  return typeof task === 'number' && typeof job['name'] === 'string' ? `${job['name']}[${task}]` : job['name'];
}

/** Slurm leaves such a job in the queue for ever. */
function impossible(reason: unknown, waits: boolean): Record<string, unknown> | undefined {
  return waits && reason === 'DependencyNeverSatisfied'
    ? { kind: 'stuck', text: 'What the job depends on can no longer succeed.' }
    : undefined;
}

/** Up to v0.0.38 the status that wait(2) gives; since then taken apart. */
function exitText(exit: unknown): string | undefined {
  const code = isObject(exit) ? numberIn(exit['return_code']) : typeof exit === 'number' ? exit >> 8 : undefined;
  return typeof code === 'number' && code !== 0 ? `exit code ${code}` : undefined;
}
