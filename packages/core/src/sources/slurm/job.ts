import type { Instant } from '../../run.js';
import {
  hasNumber,
  hasText,
  isObject,
  isTrue,
  listField,
  memberOf,
  objectsIn,
  type JsonObject,
} from '../reading/body.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { hostsIn } from './hosts.js';
import { SourceError } from '../source.js';
import { meaningOfReason, meaningOfUnavailable, type NodeState, type ReasonMeaning } from './reasons.js';
import { SLURM_JOB_SHAPE } from './shapes.js';

/** What Slurm's REST API is called in messages. */
export const SYSTEM = 'slurmrestd';

/** The states of a job, and the flags that newer versions send beside them. */
export const STATES: Vocabulary = {
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

/** A node as the cluster reports it. `starting`: it is being powered up or rebooted. */
export type ReadNode = {
  readonly state: Exclude<NodeState, 'unknown'>;
  readonly starting: boolean;
  /** Whether Slurm itself drained it, after a failure. */
  readonly failed?: boolean;
};

/** Slurm's `JOB_STATES`; all others are flags. */
const BASE_STATES: ReadonlySet<string> = new Set([
  'PENDING',
  'RUNNING',
  'SUSPENDED',
  'COMPLETED',
  'CANCELLED',
  'FAILED',
  'TIMEOUT',
  'NODE_FAIL',
  'PREEMPTED',
  'BOOT_FAIL',
  'DEADLINE',
  'OUT_OF_MEMORY',
]);

/** What the state of the cluster says besides the job itself. */
export type ClusterState = {
  /** The nodes that were read: down or not responding, taking no new jobs, or open. */
  readonly nodes: ReadonlyMap<string, ReadNode>;
  /** Partitions none of whose nodes takes a job; only of clusters whose nodes were read. */
  readonly closed: ReadonlySet<string>;
  /** The clock of the controller. */
  readonly now: Instant | undefined;
};

/**
 * How long a completing job may take: Slurm gives its processes `KillWait` (30 s by default) and `UnkillableStepTimeout` (60 s), and
 * its epilog has to run. Longer, and a process that nothing can kill or an epilog holds the nodes.
 */
const COMPLETING_MS = 5 * 60_000;

/** How long a node may take to start: `ResumeTimeout` is 60 s by default, and clouds set it to 10 or 15 min. */
const STARTING_MS = 20 * 60_000;

/**
 * A job as slurmrestd sends it, in the wire form of a run.
 *
 * The start of a pending job is an estimate, and so is the end of a running one: neither says how far the job is.
 */
export function slurmJobToWire(job: JsonObject, cluster: ClusterState): Record<string, unknown> {
  const words = wordsOf(job['job_state']);
  const meaning = meaningOf(STATES, decisiveWord(words));
  const waits = meaning.status === 'queued';
  const ended = meaning.status === 'completed';
  const completing = words.includes('COMPLETING');
  const reason = job['state_reason'];
  const configuring = words.includes('CONFIGURING');
  const pending = waits && !configuring ? pendingMeaning(job, cluster) : undefined;
  const hold = (pending?.kind === 'wait' ? pending.hold : undefined) ?? meaning.hold;
  const restarts = numberIn(job['restart_cnt']);
  const id = job['job_id'];
  const failed = meaning.outcome === 'failed';
  return checkedWire(job, SLURM_JOB_SHAPE, SYSTEM, {
    id: typeof id === 'number' ? String(id) : id,
    type: job['name'],
    title: titleOf(job),
    workspace: named(job['account']) === undefined ? undefined : { id: job['account'] },
    ...meaning,
    hold,
    hold_since: words.includes('SUSPENDED') ? time(job['suspend_time']) : undefined,
    waits_for: pending?.kind === 'wait' ? waitsFor(job, pending.waitsFor) : undefined,
    queued_at: time(job['submit_time']),
    not_before: waits && !configuring && !waitsLonger(pending) ? time(job['eligible_time']) : undefined,
    started_at: waits ? undefined : time(job['start_time']),
    phase_at: completing ? time(job['end_time']) : configuring ? time(job['start_time']) : undefined,
    ended_at: ended ? time(job['end_time']) : undefined,
    deadline_at: earliest(
      time(job['deadline']),
      meaning.status === 'running' && !completing ? limitOf(job) : undefined,
    ),
    attempt: typeof restarts === 'number' ? restarts + 1 : restarts,
    flag: ended ? undefined : flagOf(job, pending, completing, cluster),
    failure: failed ? { code: named(reason) ?? words[0], message: exitText(job['exit_code']) } : undefined,
    initiator: named(job['user_name']) === undefined ? undefined : { kind: 'user', name: job['user_name'] },
    labels: textLabels({
      cluster: job['cluster'],
      partition: job['partition'],
      nodes: job['nodes'],
      reason: reason === 'None' ? undefined : reason,
    }),
    native: { status: words.join(' ') || 'none' },
  });
}

/** The flags of a job say what is happening now, its state alone may be that of before. */
function decisiveWord(words: readonly string[]): string | undefined {
  const known = words.filter((word) => Object.hasOwn(STATES, word));
  return known.find((word) => !BASE_STATES.has(word)) ?? known[0] ?? words[0];
}

/** A job is eligible before a reservation or a maintenance lets it start, and no time of the job says when that is. */
function waitsLonger(pending: ReasonMeaning | undefined): boolean {
  return pending?.kind === 'wait' && ['reservation', 'maintenance'].includes(pending.waitsFor);
}

function pendingMeaning(job: JsonObject, { nodes }: ClusterState): ReasonMeaning | undefined {
  const meaning = meaningOfReason(job['state_reason']);
  if (job['state_reason'] !== 'ReqNodeNotAvail') return meaning;
  return meaningOfUnavailable(job['state_description'], (name) => {
    const node = nodes.get(name);
    // A node that Slurm drained is not to come back by itself, and nobody meant it to go.
    return node?.failed === true ? 'lost' : (node?.state ?? 'unknown');
  });
}

/** What speaks against an active job, the strongest first. */
function flagOf(
  job: JsonObject,
  pending: ReasonMeaning | undefined,
  completing: boolean,
  { nodes, closed, now }: ClusterState,
): Record<string, unknown> | undefined {
  const description = shortText(job['state_description']);
  const said = hasText(description) ? description : undefined;
  if (pending?.kind === 'flag') {
    const reason = String(job['state_reason']);
    const text = said?.startsWith(reason) === true ? said : `${reason}: ${said ?? pending.why}`;
    return { kind: pending.flag, by: 'source', text };
  }
  // Slurm holds a job that it could not launch for the user, in whose name it then waits.
  if (pending?.kind === 'wait' && pending.hold === 'paused' && said !== undefined && /fail/i.test(said)) {
    return { kind: 'cannot_start', by: 'source', text: said };
  }
  const partition = job['partition'];
  if (waitsForNodes(job) && hasText(partition) && closed.has(partition)) {
    return { kind: 'cannot_start', by: 'tardy', text: `No node of the partition ${partition} takes jobs.` };
  }
  const own = worksOnNodes(job) ? nodesOf(job) : [];
  const node = own.find((one) => nodes.get(one)?.state === 'lost');
  if (node !== undefined) return { kind: 'unresponsive', by: 'source', text: `The node ${node} does not respond.` };
  const starting = own.find((one) => nodes.get(one)?.starting === true);
  const allocated = time(job['start_time']);
  if (
    starting !== undefined &&
    allocated instanceof Date &&
    now !== undefined &&
    now - allocated.getTime() > STARTING_MS
  ) {
    const text = `Its node ${starting} was powered up for it and does not respond yet.`;
    return { kind: 'stuck', by: 'tardy', text, since: allocated };
  }
  const since = completing ? time(job['end_time']) : undefined;
  if (since instanceof Date && now !== undefined && now - since.getTime() > COMPLETING_MS) {
    const text = 'The job has ended, but Slurm could not free its nodes: a process or an epilog there does not end.';
    return { kind: 'stuck', by: 'tardy', text, since };
  }
  return undefined;
}

function waitsFor(job: JsonObject, kind: string): Record<string, unknown> {
  switch (kind) {
    case 'job':
      return { kind, name: named(job['dependency']) };
    case 'reservation':
      return { kind, name: named(job['resv_name']) };
    case 'licenses':
      return { kind, name: named(job['licenses']) };
    case 'resources':
    case 'partition':
      return { kind, name: named(job['partition']) };
    case 'nodes':
      return { kind: 'node', name: named(job['required_nodes']) };
    case 'begin time':
      return { kind, until: time(job['eligible_time']) };
    default:
      return { kind };
  }
}

/** When Slurm will end a running job itself: its time limit, given in minutes. Suspended time does not count, so the later of both. */
function limitOf(job: JsonObject): Date | undefined {
  const start = time(job['start_time']);
  const minutes = numberIn(job['time_limit']);
  if (!(start instanceof Date) || !hasNumber(minutes) || minutes <= 0) return undefined;
  const own = start.getTime() + minutes * 60_000;
  const planned = time(job['end_time']);
  return new Date(planned instanceof Date ? Math.max(own, planned.getTime()) : own);
}

/** The earlier of a value of the job and our own; one that cannot be read stays, so that it is reported. */
function earliest(value: unknown, limit: Date | undefined): unknown {
  if (limit === undefined) return value;
  return value instanceof Date && value < limit ? value : value === undefined || value instanceof Date ? limit : value;
}

/** Whether a pending job waits for nodes to become free. */
export function waitsForNodes(job: JsonObject): boolean {
  return wordsOf(job['job_state']).includes('PENDING') && NODE_REASONS.has(job['state_reason']);
}

const NODE_REASONS: ReadonlySet<unknown> = new Set(['Resources', 'Priority', 'ReqNodeNotAvail', 'NodeDown']);

/** Whether the job occupies nodes. */
export function worksOnNodes(job: JsonObject): boolean {
  const words = wordsOf(job['job_state']);
  return words.includes('RUNNING') || words.includes('COMPLETING');
}

/** The nodes that a job runs on. */
export function nodesOf(job: JsonObject): readonly string[] {
  const resources = memberOf(job, 'job_resources');
  const { nodes } = resources;
  // A text up to v0.0.39, beside the list of allocated nodes.
  const list = isObject(nodes)
    ? listField(nodes, 'allocation', SYSTEM)
    : listField(resources, 'allocated_nodes', SYSTEM);
  const allocated = objectsIn(list ?? [], 'allocation', SYSTEM).map((node) => node['nodename'] ?? node['name']);
  const ranges = hasText(job['nodes']) ? hostsIn(job['nodes']) : [];
  return [...new Set([job['batch_host'], ...allocated, ...ranges].filter(hasText))];
}

/** What a node says of itself. It is lost if it is down or does not respond; while it starts, it cannot respond yet. */
export function readNode(node: JsonObject): ReadNode {
  const words = nodeWords(node);
  const down = words.includes('DOWN');
  const starting = !down && words.some((word) => STARTING.has(word));
  const lost = down || (words.includes('NOT_RESPONDING') && !starting);
  // One that drains still runs its old jobs.
  const closed = words.some((word) => CLOSED.has(word));
  const failed = closed && DRAINED_BY_SLURM.test(String(node['reason']));
  return { state: lost ? 'lost' : closed ? 'closed' : 'open', starting, failed };
}

/** The reasons with which Slurm 26.05 drains a node itself (`slurmctld`, `slurmd`). */
const DRAINED_BY_SLURM =
  /^(Kill task failed|Prolog error|Epilog error|batch job complete failure|Node unexpectedly rebooted|Low [A-Z])|lower than configured/i;

const STARTING: ReadonlySet<string> = new Set(['POWERING_UP', 'REBOOT_ISSUED']);

const CLOSED: ReadonlySet<string> = new Set(['DRAIN', 'FAIL', 'FUTURE', 'INVALID_REG', 'POWERED_DOWN_FAILED']);

function nodeWords(node: JsonObject): readonly string[] {
  const words = [...wordsOf(node['state']), ...wordsOf(node['state_flags'])].map((word) => word.toUpperCase());
  if (words.some((word) => BASE_NODE_STATES.has(word))) return words;
  throw new SourceError('shape', `A node has no state that is known. Is this the URL of ${SYSTEM}?`);
}

/** Slurm's `NODE_STATES`, of which each node has one; all others are flags. */
const BASE_NODE_STATES: ReadonlySet<string> = new Set([
  'UNKNOWN',
  'DOWN',
  'IDLE',
  'ALLOCATED',
  'ERROR',
  'MIXED',
  'FUTURE',
  'INVALID',
]);

/** One word up to v0.0.39, a list of them since. */
function wordsOf(state: unknown): readonly string[] {
  const words: readonly unknown[] = Array.isArray(state) ? state : [state];
  return words.filter(hasText);
}

/** A plain number up to v0.0.38; since then an object that says whether it is set, and whether it stands for no limit. */
function numberIn(value: unknown): unknown {
  if (!isObject(value)) return value;
  return value['set'] === false || isTrue(value['infinite']) ? undefined : value['number'];
}

function time(value: unknown): unknown {
  return epochSecondsToWire(numberIn(value));
}

function named(value: unknown): unknown {
  return value === '' ? undefined : (value ?? undefined);
}

function titleOf(job: JsonObject): unknown {
  const task = numberIn(job['array_task_id']);
  return hasNumber(task) && typeof job['name'] === 'string' ? `${job['name']}[${task}]` : job['name'];
}

/** Up to v0.0.38 the status that wait(2) gives; since then taken apart. */
function exitText(exit: unknown): string | undefined {
  const code = isObject(exit) ? numberIn(exit['return_code']) : typeof exit === 'number' ? exit >> 8 : undefined;
  return hasNumber(code) && code !== 0 ? `exit code ${code}` : undefined;
}
