import type { Hold, InitiatorKind, Run } from '../../run.js';
import { isObject, isTrue, objectField, type JsonObject } from '../reading/body.js';
import { meaningOf, shortText, wordIn, type Vocabulary } from '../reading/vocabulary.js';
import { SYSTEM } from './api.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { PREFECT_RUN_SHAPE } from './shapes.js';

/** Prefect's `StateType`. The name of a state, which anyone may choose, only refines it. */
export const PREFECT_STATES: Vocabulary = {
  SCHEDULED: { status: 'queued' },
  PENDING: { status: 'queued' },
  RUNNING: { status: 'running' },
  PAUSED: { status: 'running', hold: 'paused' },
  CANCELLING: { status: 'running' },
  COMPLETED: { status: 'completed', outcome: 'succeeded' },
  FAILED: { status: 'completed', outcome: 'failed' },
  CRASHED: { status: 'completed', outcome: 'failed' },
  CANCELLED: { status: 'completed', outcome: 'cancelled' },
};

/**
 * The names that Prefect itself gives to states, and why a run in such a state waits; `late` for one that no worker took in time.
 * Anyone may choose another name.
 */
export const PREFECT_STATE_NAMES: Readonly<Record<string, Hold | 'late' | 'none'>> = {
  Scheduled: 'none',
  Late: 'late',
  AwaitingRetry: 'retry',
  AwaitingConcurrencySlot: 'limit',
  Pending: 'none',
  Submitting: 'none',
  InfrastructurePending: 'none',
  Running: 'none',
  Retrying: 'none',
  Paused: 'paused',
  Suspended: 'paused',
  Cancelling: 'none',
  Completed: 'none',
  Failed: 'none',
  Crashed: 'none',
  Cancelled: 'none',
};

/** Who makes flow runs, by Prefect's `created_by.type`. */
const CREATORS: Readonly<Record<string, InitiatorKind>> = {
  USER: 'user',
  DEPLOYMENT: 'api',
  AUTOMATION: 'event',
};

/** What a row does not contain. */
export type PrefectContext = {
  readonly flowNames: ReadonlyMap<string, string>;
  /** The page of a run without its id. */
  readonly pages: string;
  readonly workspace: { readonly id: string } | undefined;
};

/**
 * A flow run as Prefect sends it, in the wire form of a run.
 *
 * The clock of a pending or running run starts when it entered its current state (`phase_at`), not at its first start: Prefect keeps the
 * first one over retries and pauses, so a run resumed after a night would look stuck. `updated` is no heartbeat; heartbeats are events.
 */
export function prefectRunToWire(row: JsonObject, context: PrefectContext): Record<string, unknown> {
  const state = objectField(row, 'state', SYSTEM) ?? {};
  const details = objectField(state, 'state_details', SYSTEM) ?? {};
  const meaning = meaningOf(PREFECT_STATES, row['state_type']);
  const stateName = row['state_name'];
  const since = state['timestamp'];
  const wait = waitOf(row, details);
  const ended = meaning.status === 'completed';
  const failed = meaning.outcome === 'failed';
  const flowId = row['flow_id'];
  return checkedWire(row, PREFECT_RUN_SHAPE, SYSTEM, {
    id: row['id'],
    type: typeof flowId === 'string' ? (context.flowNames.get(flowId) ?? flowId) : undefined,
    title: row['name'],
    workspace: context.workspace,
    status: meaning.status,
    outcome: meaning.outcome,
    hold: wait,
    hold_since: wait === undefined ? undefined : wait === 'limit' ? row['expected_start_time'] : since,
    waits_for: waitsFor(row, wait),
    queued_at: row['created'],
    not_before:
      meaning.status === 'queued' ? (row['next_scheduled_start_time'] ?? row['expected_start_time']) : undefined,
    started_at: row['start_time'] ?? (row['state_type'] === 'RUNNING' ? since : undefined),
    phase_at: meaning.status === 'running' || row['state_type'] === 'PENDING' ? since : undefined,
    ended_at: ended ? row['end_time'] : undefined,
    // After it the run can no longer be resumed, though Prefect may still call it paused.
    deadline_at: meaning.hold === 'paused' ? details['pause_timeout'] : undefined,
    attempt: typeof row['run_count'] === 'number' ? Math.max(1, row['run_count']) : row['run_count'],
    flag: flagOf(row),
    failure: failed ? { code: stateName, message: shortText(state['message']) } : undefined,
    initiator: initiatorOf(row),
    url: typeof row['id'] === 'string' ? `${context.pages}${encodeURIComponent(row['id'])}` : undefined,
    labels: labelsOf(row),
    native: { status: nativeStatus(meaning.native.status, stateName), outcome: ended ? stateName : undefined },
  });
}

/** Why a run waits. A paused run that asks for input waits for a person; `AwaitingRetry` waits between attempts. */
function waitOf(row: JsonObject, details: JsonObject): Hold | undefined {
  if (row['state_type'] === 'PAUSED') return isObject(details['run_input_keyset']) ? 'approval' : 'paused';
  if (row['state_type'] !== 'SCHEDULED') return undefined;
  const wait = wordIn(PREFECT_STATE_NAMES, row['state_name']);
  return wait === 'limit' || wait === 'retry' ? wait : undefined;
}

function waitsFor(row: JsonObject, hold: Hold | undefined): Record<string, unknown> | undefined {
  if (hold === 'limit') return { kind: 'concurrency slot of the deployment', id: row['deployment_id'] ?? undefined };
  return hold === 'retry' ? { kind: 'next attempt', until: row['next_scheduled_start_time'] ?? undefined } : undefined;
}

/** `Late` is Prefect's own name for a run that no worker picked up in time. */
function flagOf(row: JsonObject): Record<string, unknown> | undefined {
  if (row['state_type'] !== 'SCHEDULED' || wordIn(PREFECT_STATE_NAMES, row['state_name']) !== 'late') return undefined;
  return { kind: 'late', by: 'source', text: 'Prefect calls the run late.', since: row['expected_start_time'] };
}

/** Whether a run waits for a worker to take it. A pending run has been taken. */
export function isScheduled({ native }: Run): boolean {
  return /^SCHEDULED\b/.test(native?.status ?? '');
}

/** The type, with the name if that says more. */
function nativeStatus(type: string, name: unknown): string {
  return typeof name === 'string' && name.toUpperCase() !== type ? `${type} (${name})` : type;
}

function initiatorOf(row: JsonObject): Record<string, unknown> | undefined {
  if (isTrue(row['auto_scheduled'])) return { kind: 'schedule' };
  const creator = row['created_by'];
  if (!isObject(creator) || typeof creator['type'] !== 'string') return undefined;
  const kind = CREATORS[creator['type'].toUpperCase()] ?? 'api';
  return { kind, name: creator['display_value'] };
}

function labelsOf(row: JsonObject): Record<string, string> {
  const tags = row['tags'];
  return textLabels({
    work_pool: row['work_pool_name'],
    work_queue: row['work_queue_name'],
    deployment: row['deployment_id'],
    tags: Array.isArray(tags) && tags.length > 0 ? shortText(tags.join(', ')) : undefined,
    // A subflow depends on the flow that called it.
    parent_task_run: row['parent_task_run_id'],
  });
}
