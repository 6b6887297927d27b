import type { Hold, InitiatorKind, RunOutcome, RunStatus } from '../../run.js';
import { hasNumber, hasText, isObject, type JsonObject } from '../reading/body.js';
import { wordIn } from '../reading/vocabulary.js';
import { GITHUB_RUN_SHAPE } from './shapes.js';
import { GITHUB_API } from './api.js';
import { checkedWire } from '../reading/read-rows.js';

/** What a status of GitHub means for a run that has not ended. */
type ActiveMeaning = { readonly status: RunStatus; readonly hold?: Hold };

const AWAITS_APPROVAL: ActiveMeaning = { status: 'queued', hold: 'approval' };

/**
 * The statuses of a run that has not ended. `waiting` is for a person or a deployment rule, `pending` for another run of the same
 * concurrency group.
 */
export const GITHUB_ACTIVE_STATUSES: Readonly<Record<string, ActiveMeaning>> = {
  requested: { status: 'queued' },
  queued: { status: 'queued' },
  pending: { status: 'queued', hold: 'limit' },
  waiting: { status: 'queued', hold: 'approval' },
  in_progress: { status: 'running' },
};

/** `stale` is GitHub's word for a check that it gave up on, not our verdict. */
export const GITHUB_OUTCOMES: Readonly<Record<string, RunOutcome>> = {
  success: 'succeeded',
  neutral: 'succeeded',
  skipped: 'skipped',
  failure: 'failed',
  timed_out: 'failed',
  startup_failure: 'failed',
  cancelled: 'cancelled',
  stale: 'cancelled',
};

/**
 * Conclusions of runs that GitHub calls completed and that have not begun: a run of an outside contributor waits until a maintainer
 * lets it run. The list takes them as a status.
 */
export const GITHUB_ACTIVE_CONCLUSIONS: readonly string[] = ['action_required'];

/** Whether a run as GitHub sends it has ended. One with a conclusion of another type is read, so that it is reported. */
export function hasEnded({ status, conclusion }: JsonObject): boolean {
  const named = (conclusion ?? undefined) === undefined || typeof conclusion === 'string';
  return status === 'completed' && named && !GITHUB_ACTIVE_CONCLUSIONS.includes(String(conclusion));
}

/**
 * A workflow run as GitHub sends it, in the wire form of a run, to be read by `parseRun`.
 *
 * A status that we do not know makes an active run of unknown outcome: it is shown as one that cannot be judged, never as healthy.
 * `updated_at` is no heartbeat: it moves for reasons that have nothing to do with work in progress.
 *
 * @param prefix what stands before its id where runs of several repositories are read
 */
export function githubRunToWire(row: JsonObject, prefix = ''): Record<string, unknown> {
  const status = nameOf(row['status']);
  const conclusion = row['conclusion'] === null ? undefined : row['conclusion'];
  const completed = hasEnded(row);
  const meaning = status === 'completed' ? AWAITS_APPROVAL : wordIn(GITHUB_ACTIVE_STATUSES, status);
  const rerun = hasNumber(row['run_attempt']) && row['run_attempt'] > 1;
  const workflow = row['name'] === null || row['name'] === '' ? row['path'] : (row['name'] ?? row['path']);
  return checkedWire(row, GITHUB_RUN_SHAPE, GITHUB_API, {
    id: typeof row['id'] === 'number' ? `${prefix}${row['id']}` : row['id'],
    type: workflow,
    title: row['display_title'],
    workspace: ownerOf(row['repository']),
    tenant: repositoryOf(row['repository']),
    status: completed ? 'completed' : (meaning?.status ?? 'running'),
    outcome: completed
      ? (wordIn(GITHUB_OUTCOMES, nameOf(conclusion)) ?? 'unknown')
      : meaning === undefined
        ? 'unknown'
        : 'pending',
    hold: completed ? undefined : meaning?.hold,
    queued_at: rerun ? (row['run_started_at'] ?? row['created_at']) : row['created_at'],
    started_at: status === 'in_progress' || completed ? row['run_started_at'] : undefined,
    ended_at: completed ? row['updated_at'] : undefined,
    attempt: row['run_attempt'],
    initiator: initiatorOf(row, rerun),
    url: row['html_url'],
    labels: labelsOf(row),
    native: { status, outcome: conclusion },
  });
}

/** Names an absent status too, so that what GitHub sent can be shown. */
function nameOf(value: unknown): string {
  return hasText(value) ? value : 'none';
}

function ownerOf(repository: unknown): { readonly id: unknown } | undefined {
  const owner = isObject(repository) ? repository['owner'] : undefined;
  return isObject(owner) && owner['login'] !== undefined ? { id: owner['login'] } : undefined;
}

function repositoryOf(repository: unknown): { readonly id: unknown } | undefined {
  return isObject(repository) && repository['full_name'] !== undefined ? { id: repository['full_name'] } : undefined;
}

/** An event that a person caused by hand counts as that person; one that merely names an author stays an event. */
function initiatorOf(row: JsonObject, rerun: boolean): { readonly kind: InitiatorKind; readonly name: unknown } {
  const actor = isObject(row['triggering_actor']) ? row['triggering_actor'] : row['actor'];
  const name = isObject(actor) ? actor['login'] : undefined;
  if (rerun || row['event'] === 'workflow_dispatch') return { kind: 'user', name };
  if (row['event'] === 'schedule') return { kind: 'schedule', name };
  return { kind: row['event'] === 'repository_dispatch' ? 'api' : 'event', name };
}

function labelsOf(row: JsonObject): Record<string, unknown> {
  const repository = isObject(row['repository']) ? row['repository']['full_name'] : undefined;
  return { repository, branch: row['head_branch'], event: row['event'], sha: row['head_sha'] };
}
