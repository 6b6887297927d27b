import type { InitiatorKind, Instant, RunOutcome, RunStatus } from '../../run.js';
import { isObject, isText, type JsonObject } from '../reading/body.js';
import { meaningOf, wordIn, type Vocabulary } from '../reading/vocabulary.js';
import { GITEA_RUN_SHAPE } from './shapes.js';
import { GITEA_API } from './api.js';
import { checkedWire } from '../reading/read-rows.js';

/**
 * The statuses of a run in the API of Gitea, which has words of its own inside: `queued` is its "waiting" for a runner, `waiting` its
 * "blocked", and `in_progress` its "running" and "cancelling" (`ToActionsStatus` in services/convert/convert.go).
 */
export const GITEA_STATUSES: Vocabulary = {
  queued: { status: 'queued' },
  waiting: { status: 'queued', hold: 'limit' },
  in_progress: { status: 'running' },
};

/** How a run ended, in the API of Gitea. */
export const GITEA_CONCLUSIONS: Readonly<Record<string, RunOutcome>> = {
  success: 'succeeded',
  failure: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

/** The statuses of runs and jobs in Forgejo, and of tasks in both (`statusNames` in models/actions/status.go). */
export const FORGEJO_STATUSES: Vocabulary = {
  waiting: { status: 'queued' },
  blocked: { status: 'queued', hold: 'limit' },
  running: { status: 'running' },
  success: { status: 'completed', outcome: 'succeeded' },
  failure: { status: 'completed', outcome: 'failed' },
  cancelled: { status: 'completed', outcome: 'cancelled' },
  skipped: { status: 'completed', outcome: 'skipped' },
};

/** When each run that has not begun was queued, by its id: of all that is known, only its jobs say so. */
export type QueueTimes = ReadonlyMap<string, Instant>;

/** Whether a row comes from Forgejo, whose runs have fields of their own. */
export function isForgejoRun(row: unknown): boolean {
  return isObject(row) && row['index_in_repo'] !== undefined;
}

/** Whether a run as it is sent has ended. */
export function hasEnded(row: JsonObject): boolean {
  return row['status'] === 'completed' || wordIn(FORGEJO_STATUSES, row['status'])?.status === 'completed';
}

/** Whether only the jobs of a run say when it was queued. */
export function lacksTime(row: unknown): row is JsonObject {
  return (
    isObject(row) &&
    !isForgejoRun(row) &&
    !hasEnded(row) &&
    [row['started_at'], createdAt(row)].every((at) => timeIn(at) === undefined)
  );
}

/** When a run was created, which Gitea says from 1.28; of a run that was run again that is its first life. */
function createdAt(row: JsonObject): unknown {
  const attempt = row['run_attempt'];
  return typeof attempt === 'number' && attempt > 1 ? undefined : timeIn(row['created_at']);
}

/** A time as it is sent; `undefined` for none, which both write as 1970, and older ones as the year 1. */
export function timeIn(value: unknown): unknown {
  return value === null || (typeof value === 'string' && Date.parse(value) <= 0) ? undefined : value;
}

/** The name of an owner or a repository as part of an id: what a row says of where it belongs. */
function fullNameOf(row: JsonObject): string | undefined {
  const repository = row['repository'];
  const name = isObject(repository) ? repository['full_name'] : undefined;
  return isText(name) ? name : undefined;
}

/**
 * A workflow run as Gitea or Forgejo sends it, in the wire form of a run.
 *
 * @param prefixOf what stands before its id where runs of several repositories are read, from the name of its repository
 */
export function giteaRunToWire(
  row: JsonObject,
  times: QueueTimes,
  prefixOf: (repository: string | undefined) => string,
): Record<string, unknown> {
  const repository = fullNameOf(row);
  const wire = isForgejoRun(row) ? forgejoFields(row) : giteaFields(row, times);
  return checkedWire(row, GITEA_RUN_SHAPE, GITEA_API, {
    ...wire,
    id: typeof row['id'] === 'number' ? `${prefixOf(repository)}${row['id']}` : row['id'],
    workspace: repository === undefined ? undefined : { id: repository.split('/', 1)[0] },
    tenant: repository === undefined ? undefined : { id: repository },
    url: row['html_url'],
  });
}

function giteaFields(row: JsonObject, times: QueueTimes): Record<string, unknown> {
  const startedAt = timeIn(row['started_at']);
  const attempt = row['run_attempt'] === 0 ? undefined : row['run_attempt'];
  const rerun = typeof attempt === 'number' && attempt > 1;
  const queuedAt = times.get(String(row['id']));
  const path = typeof row['path'] === 'string' ? row['path'].split('@', 1)[0] : row['path'];
  const labels = { branch: row['head_branch'], event: row['event'], sha: row['head_sha'] };
  return {
    ...meaningOfRun(row),
    type: path,
    title: row['display_title'],
    // A run that was blocked again after its first job keeps its start and has no time of its waiting.
    queued_at: queuedAt === undefined ? (createdAt(row) ?? startedAt) : new Date(queuedAt).toISOString(),
    started_at: row['status'] === 'queued' || row['status'] === 'waiting' ? undefined : startedAt,
    ended_at: hasEnded(row) ? timeIn(row['completed_at']) : undefined,
    attempt,
    initiator: initiatorOf(row['event'], row['trigger_actor'] ?? row['actor'], rerun),
    labels: { repository: fullNameOf(row), ...labels },
  };
}

function meaningOfRun(row: JsonObject): Record<string, unknown> {
  const { status, conclusion } = row;
  if (status === 'completed') {
    const outcome: RunOutcome = wordIn(GITEA_CONCLUSIONS, conclusion) ?? 'unknown';
    const completed: RunStatus = 'completed';
    return { status: completed, outcome, native: { status, outcome: isText(conclusion) ? conclusion : undefined } };
  }
  const meaning = meaningOf(GITEA_STATUSES, status);
  return { ...meaning, hold: meaning.hold === undefined ? undefined : holdOf(row['event']) };
}

/** A blocked run of a pull request may wait to be approved, which Gitea does not say; any other waits for its concurrency group. */
function holdOf(event: unknown): 'approval' | 'limit' {
  return typeof event === 'string' && event.startsWith('pull_request') ? 'approval' : 'limit';
}

function forgejoFields(row: JsonObject): Record<string, unknown> {
  const meaning = meaningOf(FORGEJO_STATUSES, row['status']);
  const waits = meaning.status === 'queued';
  const labels = { branch: row['prettyref'], event: row['trigger_event'], sha: row['commit_sha'] };
  const approval = waits && row['need_approval'] === true;
  return {
    ...meaning,
    hold: approval ? 'approval' : meaning.hold,
    type: row['workflow_id'],
    title: row['title'],
    queued_at: timeIn(row['created']),
    // A run that waits was last changed when it began to: it may have been run before.
    phase_at: waits ? timeIn(row['updated']) : undefined,
    started_at: waits ? undefined : timeIn(row['started']),
    ended_at: meaning.status === 'completed' ? timeIn(row['stopped']) : undefined,
    initiator: initiatorOf(row['trigger_event'], row['trigger_user'], false),
    labels: { repository: fullNameOf(row), ...labels },
  };
}

/** An event that a person caused by hand counts as that person. */
function initiatorOf(
  event: unknown,
  actor: unknown,
  rerun: boolean,
): { readonly kind: InitiatorKind; readonly name: unknown } {
  const name = isObject(actor) ? actor['login'] : undefined;
  if (rerun || event === 'workflow_dispatch') return { kind: 'user', name };
  return { kind: event === 'schedule' ? 'schedule' : 'event', name };
}
