import { LAST_INSTANT } from '../../instant.js';
import { countField, hasNumber, hasText, isText, listField, textField, type JsonObject } from '../reading/body.js';
import { epochMsToWire, epochSecondsToWire } from '../reading/epoch-time.js';
import { meaningOf, wordIn, type Vocabulary } from '../reading/vocabulary.js';
import { lastOf } from '../reading/wire-time.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { SourceError } from '../source.js';
import { METAFLOW_RUN_SHAPE } from './shapes.js';

/** What Metaflow is called in messages. */
export const SYSTEM = "the backend of Metaflow's UI (often its URL ends in /api)";

/** What Metaflow makes of a run: it keeps no status, but derives one from the end of the last step and the heartbeat. */
const METAFLOW_STATUSES: Vocabulary = {
  // Written by a deployment that watches its pods; others have no such status.
  pending: { status: 'queued' },
  running: { status: 'running' },
  completed: { status: 'completed', outcome: 'succeeded' },
  failed: { status: 'completed', outcome: 'failed' },
};

/**
 * A run as the backend of Metaflow's UI sends it, in the wire form of a run. Its id is the pathspec that Metaflow's client takes:
 * `Flow/run`.
 */
export function metaflowRunToWire(row: JsonObject, pages: string): Record<string, unknown> {
  const { flow_id: flow, user } = row;
  const meaning = meaningOf(METAFLOW_STATUSES, row['status']);
  const ended = meaning.status === 'completed';
  const beats = meaning.status === 'running' && (row['last_heartbeat_ts'] ?? undefined) !== undefined;
  const run = row['run'] ?? row['run_id'] ?? row['run_number'];
  const known = hasText(flow) && (isText(run) || typeof run === 'number');
  const id = known ? `${flow}/${run}` : undefined;
  const tags = tagsOf(row);
  const project = tags.get('project');
  return checkedWire(row, METAFLOW_RUN_SHAPE, SYSTEM, {
    id,
    type: flow,
    title: id,
    workspace: project === undefined ? undefined : { id: project },
    ...meaning,
    queued_at: meaning.status === 'queued' ? epochMsToWire(row['ts_epoch']) : undefined,
    started_at: meaning.status === 'queued' ? undefined : epochMsToWire(row['ts_epoch']),
    heartbeat_interval: beats ? HEARTBEAT_SECONDS : undefined,
    heartbeat_at: ended ? undefined : epochSecondsToWire(row['last_heartbeat_ts']),
    ended_at: ended ? epochMsToWire(row['finished_at']) : undefined,
    failure: row['status'] === 'failed' && isByHeartbeat(row) ? { message: CONCLUDED } : undefined,
    initiator: hasText(user) ? { kind: 'user', name: user } : undefined,
    url: known ? `${pages}${encodeURIComponent(flow)}/${encodeURIComponent(run)}` : undefined,
    labels: textLabels({ runtime: tags.get('runtime'), project_branch: tags.get('project_branch') }),
  });
}

/** How often a process that lives sends a heartbeat. */
const HEARTBEAT_SECONDS = 10;

const CONCLUDED = 'No end was reported: Metaflow takes it for failed as its heartbeat stopped.';

/** Whether an end is only concluded from the last heartbeat, whose instant it then is. */
export function isByHeartbeat({ finished_at: end, last_heartbeat_ts: heartbeat }: JsonObject): boolean {
  return typeof heartbeat === 'number' && end === heartbeat * 1000;
}

/** Metaflow's own tags, written `name:value`. */
function tagsOf(row: JsonObject): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of listField(row, 'system_tags', SYSTEM) ?? []) {
    const colon = hasText(tag) ? tag.indexOf(':') : -1;
    if (hasText(tag) && colon > 0) tags.set(tag.slice(0, colon), tag.slice(colon + 1));
  }
  return tags;
}

/** What an attempt of a task does, by Metaflow's status of a task. `unknown` is one that has ended, no matter how. */
export const METAFLOW_TASK_STATUSES: Readonly<Record<string, 'running' | 'pending' | 'ended' | 'failed'>> = {
  running: 'running',
  pending: 'pending',
  completed: 'ended',
  unknown: 'ended',
  failed: 'failed',
};

/** An attempt of a task. */
type Attempt = {
  readonly row: JsonObject;
  readonly number: number;
  readonly doing: 'running' | 'pending' | 'ended' | 'failed';
};

/** What the tasks of a run show. */
export type TasksShow =
  | { readonly kind: 'none' }
  /** A task is at work; `at` is its last heartbeat, if it sends any. */
  | { readonly kind: 'running'; readonly at: number | undefined }
  /** No task is at work, and one waits to begin since `at`. */
  | { readonly kind: 'pending'; readonly step: string; readonly at: number | undefined }
  | { readonly kind: 'failed'; readonly step: string; readonly at: number }
  /** A task that sent its last heartbeat at `at`. */
  | { readonly kind: 'silent'; readonly step: string; readonly at: number | undefined }
  /** All that began has succeeded; the next may be about to begin. */
  | { readonly kind: 'between' };

/** Looks at the newest attempt of each task. */
export function tasksShow(rows: readonly JsonObject[]): TasksShow {
  const newest = new Map<string, Attempt>();
  for (const row of rows) {
    const task = `${String(row['step_name'])}/${String(row['task_id'])}`;
    const number = countField(row, 'attempt_id', SYSTEM) ?? 0;
    // A status of tomorrow may well be one of work.
    const doing = wordIn(METAFLOW_TASK_STATUSES, textField(row, 'status', SYSTEM)) ?? 'running';
    if (number >= (newest.get(task)?.number ?? 0)) newest.set(task, { row, number, doing });
  }
  const tasks = [...newest.values()];
  if (tasks.length === 0) return { kind: 'none' };
  const doing = (what: Attempt['doing']) => tasks.flatMap((task) => (task.doing === what ? [task.row] : []));
  const running = doing('running');
  if (running.length > 0) return { kind: 'running', at: lastOf(running.flatMap((row) => heartbeatOf(row) ?? [])) };
  const [pending] = doing('pending');
  if (pending !== undefined) return { kind: 'pending', step: stepOf(pending), at: msOf(pending['ts_epoch']) };
  const failed = doing('failed');
  // Read first, since one that cannot be read would look like an end that was reported.
  const beats = new Map(failed.map((row) => [row, heartbeatOf(row)]));
  const reported = failed.find((row) => !isByHeartbeat(row));
  const at = msOf(reported?.['finished_at']);
  if (reported !== undefined && at !== undefined) return { kind: 'failed', step: stepOf(reported), at };
  const [silent] = failed;
  return silent === undefined ? { kind: 'between' } : { kind: 'silent', step: stepOf(silent), at: beats.get(silent) };
}

function stepOf(row: JsonObject): string {
  return String(row['step_name']);
}

/** The last heartbeat of a run or a task. */
export function heartbeatOf({ last_heartbeat_ts: seconds }: JsonObject): number | undefined {
  return msOf(hasNumber(seconds) ? seconds * 1000 : undefined);
}

/** A time in milliseconds; `undefined` for none. */
export function msOf(value: unknown): number | undefined {
  if (!hasNumber(value) || value === 0) return undefined;
  if (value > 0 && value <= LAST_INSTANT) return value;
  throw new SourceError('shape', `${SYSTEM} sent a time that no calendar has.`);
}
