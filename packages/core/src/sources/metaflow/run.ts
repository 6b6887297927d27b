import { isObject, isText, type JsonObject } from '../reading/body.js';
import { epochMsToWire, epochSecondsToWire } from '../reading/epoch-time.js';
import { meaningOf, type Vocabulary } from '../reading/vocabulary.js';
import { textLabels } from '../reading/read-rows.js';

/** What Metaflow makes of a run: it keeps no status, but derives one from the end of the last step and the heartbeat. */
const STATUSES: Vocabulary = {
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
  const meaning = meaningOf(STATUSES, row['status']);
  const ended = meaning.status === 'completed';
  const run = row['run'] ?? row['run_id'] ?? row['run_number'];
  const known = isText(flow) && (isText(run) || typeof run === 'number');
  const id = known ? `${flow}/${run}` : undefined;
  const tags = tagsOf(row['system_tags']);
  const project = tags.get('project');
  return {
    id,
    type: flow,
    title: id,
    workspace: project === undefined ? undefined : { id: project },
    ...meaning,
    started_at: epochMsToWire(row['ts_epoch']),
    heartbeat_at: ended ? undefined : epochSecondsToWire(row['last_heartbeat_ts']),
    ended_at: ended ? epochMsToWire(row['finished_at']) : undefined,
    failure: row['status'] === 'failed' && isByHeartbeat(row) ? { message: CONCLUDED } : undefined,
    initiator: isText(user) ? { kind: 'user', name: user } : undefined,
    url: known ? `${pages}${encodeURIComponent(flow)}/${encodeURIComponent(run)}` : undefined,
    labels: textLabels({ runtime: tags.get('runtime'), project_branch: tags.get('project_branch') }),
  };
}

const CONCLUDED = 'No end was reported: Metaflow takes it for failed as its heartbeat stopped.';

/** Whether an end is only concluded from the last heartbeat, whose instant it then is. */
function isByHeartbeat({ finished_at: end, last_heartbeat_ts: heartbeat }: JsonObject): boolean {
  return typeof heartbeat === 'number' && end === heartbeat * 1000;
}

/** Metaflow's own tags, written `name:value`. */
function tagsOf(list: unknown): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of Array.isArray(list) ? (list as unknown[]) : []) {
    const colon = isText(tag) ? tag.indexOf(':') : -1;
    if (isText(tag) && colon > 0) tags.set(tag.slice(0, colon), tag.slice(colon + 1));
  }
  return tags;
}

/** An attempt of a task, as far as it tells how the run is. */
type Attempt = { readonly row: JsonObject; readonly number: number };

/** What the tasks of a run tell: a step that failed for good, or one that fell silent; `undefined` while any is at work. */
export type TasksTell =
  | { readonly kind: 'failed'; readonly step: string; readonly at: number }
  | { readonly kind: 'silent'; readonly step: string };

/** Looks at the newest attempt of each task. */
export function tellOfTasks(rows: readonly unknown[]): TasksTell | undefined {
  const newest = new Map<string, Attempt>();
  for (const row of rows) {
    if (!isObject(row)) continue;
    const task = `${String(row['step_name'])}/${String(row['task_id'])}`;
    const number = typeof row['attempt_id'] === 'number' ? row['attempt_id'] : 0;
    if (number >= (newest.get(task)?.number ?? 0)) newest.set(task, { row, number });
  }
  const tasks = [...newest.values()].map(({ row }) => row);
  if (tasks.some(({ status }) => status === 'running' || status === 'pending')) return undefined;
  const failed = tasks.filter(({ status }) => status === 'failed');
  const reported = failed.find((row) => !isByHeartbeat(row));
  const step = String((reported ?? failed[0])?.['step_name']);
  const at = reported?.['finished_at'];
  if (typeof at === 'number') return { kind: 'failed', step, at };
  return failed.length > 0 ? { kind: 'silent', step } : undefined;
}
