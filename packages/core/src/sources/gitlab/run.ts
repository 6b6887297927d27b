import type { InitiatorKind } from '../../run.js';
import { hasText, memberOf, type JsonObject } from '../reading/body.js';
import { meaningOf, shortText, wordIn, type Vocabulary } from '../reading/vocabulary.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { GITLAB_PIPELINE_SHAPE } from './shapes.js';

/** The statuses of a pipeline, which are also those of its jobs, in the order of life. */
export const GITLAB_STATES: Vocabulary = {
  created: { status: 'queued' },
  scheduled: { status: 'queued', hold: 'schedule' },
  manual: { status: 'queued', hold: 'approval' },
  waiting_for_resource: { status: 'queued', hold: 'limit' },
  preparing: { status: 'queued' },
  waiting_for_callback: { status: 'queued', hold: 'event' },
  pending: { status: 'queued' },
  running: { status: 'running' },
  canceling: { status: 'running' },
  success: { status: 'completed', outcome: 'succeeded' },
  failed: { status: 'completed', outcome: 'failed' },
  canceled: { status: 'completed', outcome: 'cancelled' },
  skipped: { status: 'completed', outcome: 'skipped' },
};

/** What causes pipelines: all sources that are not named here are events, such as a push. */
const CAUSES: Readonly<Record<string, InitiatorKind>> = {
  web: 'user',
  webide: 'user',
  chat: 'user',
  schedule: 'schedule',
  api: 'api',
  trigger: 'api',
};

/** What a pipeline belongs to. */
export type GitlabOrigin = {
  /** The project as the config names it, by path or id. */
  readonly project: string;
  /** The URL of the server, with a trailing slash. */
  readonly address: string;
  /** What stands before the ids of GitLab in those of the runs. */
  readonly prefix: string;
};

/**
 * A pipeline as GitLab sends it, in the wire form of a run. Only the response for a single one says when it started and who started it.
 *
 * `updated_at` is no heartbeat: it moves when the status does, and not while a job works.
 */
export function gitlabPipelineToWire(
  row: JsonObject,
  { project, address, prefix }: GitlabOrigin,
): Record<string, unknown> {
  const { id, ref, sha, source, name, web_url: url, created_at: created, finished_at: finished } = row;
  const meaning = meaningOf(GITLAB_STATES, row['status']);
  const ended = meaning.status === 'completed';
  // A pipeline that ended and works again (a job was retried, or played by hand) keeps its old times.
  const again = !ended && hasText(finished);
  const path = projectPath(url, address) ?? project;
  const slash = path.lastIndexOf('/');
  return checkedWire(row, GITLAB_PIPELINE_SHAPE, 'GitLab', {
    id: typeof id === 'number' ? `${prefix}${id}` : id,
    type: path,
    title: hasText(name) ? name : (ref ?? undefined),
    workspace: slash > 0 ? { id: path.slice(0, slash) } : undefined,
    tenant: { id: path },
    status: meaning.status,
    outcome: meaning.outcome === 'succeeded' && hasWarnings(row) ? 'partially_succeeded' : meaning.outcome,
    hold: meaning.hold,
    // It moves when the status does.
    hold_since: meaning.hold === undefined ? undefined : (row['updated_at'] ?? undefined),
    queued_at: created,
    started_at: row['started_at'] ?? undefined,
    phase_at: again ? finished : undefined,
    ended_at: ended ? (finished ?? row['updated_at']) : undefined,
    failure: hasText(row['yaml_errors']) ? { message: shortText(row['yaml_errors']) } : undefined,
    initiator: initiatorOf(source, memberOf(row, 'user')['username']),
    url,
    labels: textLabels({ ref, source, sha }),
    native: meaning.native,
  });
}

/** The path of the project, from the URL of one of its pipelines. */
function projectPath(url: unknown, address: string): string | undefined {
  if (typeof url !== 'string') return undefined;
  const end = url.lastIndexOf('/pipelines/');
  const start = url.startsWith(address) ? address.length : url.indexOf('/', url.indexOf('//') + 2) + 1;
  const path = url.slice(start, url.startsWith('/-', end - 2) ? end - 2 : end);
  return end > start && start > 0 && path !== '' ? path : undefined;
}

/** Only the response for a single pipeline says whether jobs failed that are allowed to. */
function hasWarnings(row: JsonObject): boolean {
  return memberOf(row, 'detailed_status')['group'] === 'success-with-warnings';
}

function initiatorOf(source: unknown, name: unknown): Record<string, unknown> | undefined {
  if (!hasText(source)) return undefined;
  return { kind: wordIn(CAUSES, source) ?? 'event', name: hasText(name) ? name : undefined };
}
