import type { Run } from '../../run.js';
import { isObject, listField, memberOf, type JsonObject } from '../reading/body.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { textLabels } from '../reading/read-rows.js';
import { limitReached, tagLimits, type Tags } from './limits.js';

/** The fields of a run that are read. Its `stats` are left out: each would cost the server a query of its own. */
export const DAGSTER_RUN_FIELDS = `
  runId jobName status creationTime startTime endTime updateTime rootRunId
  assetSelection { path }
  tags { key value }
  repositoryOrigin { repositoryLocationName }
`;

/** Dagster's `RunStatus`. */
export const DAGSTER_STATUSES: Vocabulary = {
  QUEUED: { status: 'queued' },
  NOT_STARTED: { status: 'queued' },
  // Run by another system that only reports to Dagster.
  MANAGED: { status: 'running' },
  STARTING: { status: 'running' },
  STARTED: { status: 'running' },
  CANCELING: { status: 'running' },
  SUSPENDED: { status: 'running', hold: 'event' },
  SUCCESS: { status: 'completed', outcome: 'succeeded' },
  FAILURE: { status: 'completed', outcome: 'failed' },
  CANCELED: { status: 'completed', outcome: 'cancelled' },
};

/** How many tags of the user become labels; Dagster's own are left out. */
const LABELS = 32;

/** A run as Dagster's GraphQL API sends it, in the wire form of a run. */
export function dagsterRunToWire(row: JsonObject, address: string): Record<string, unknown> {
  const meaning = meaningOf(DAGSTER_STATUSES, row['status']);
  const tags = tagsOf(row);
  const origin = memberOf(row, 'repositoryOrigin');
  const location = origin['repositoryLocationName'];
  // Until a run has started, the last change of its status is when it was launched.
  const startedAt = meaning.status === 'queued' ? undefined : (row['startTime'] ?? row['updateTime']);
  const id = row['runId'];
  return {
    id,
    type: row['jobName'],
    title: titleOf(row, tags),
    workspace: typeof location === 'string' && location !== '' ? { id: location } : undefined,
    ...meaning,
    hold_since: meaning.hold === undefined ? undefined : epochSecondsToWire(row['updateTime']),
    queued_at: epochSecondsToWire(row['creationTime']),
    started_at: epochSecondsToWire(startedAt),
    ended_at: meaning.status === 'completed' ? epochSecondsToWire(row['endTime']) : undefined,
    deadline_at: meaning.status === 'running' ? deadlineOf(startedAt, tags.get('dagster/max_runtime')) : undefined,
    attempt: attemptOf(tags.get('dagster/retry_number')),
    initiator: initiatorOf(tags),
    url: typeof id === 'string' ? `${address}runs/${encodeURIComponent(id)}` : undefined,
    labels: labelsOf(row, tags),
  };
}

/** What a second look at a run reads. */
export const DAGSTER_INSIDE = `query tardyInside($id: ID!) {
  runOrError(runId: $id) {
    __typename
    ... on Run { executionPlan { steps { key } } stepStats { stepKey status endTime } }
  }
  atWork: runsOrError(filter: { statuses: [STARTING, STARTED, CANCELING] }, limit: 1) { ... on Runs { count } }
  instance {
    runQueueConfig { maxConcurrentRuns tagConcurrencyLimitsYaml }
    daemonHealth { daemonStatus(daemonType: "QUEUED_RUN_COORDINATOR") { required healthy lastHeartbeatTime } }
  }
}`;

const STEP_ENDED = ['SUCCESS', 'FAILURE', 'SKIPPED'];

/** The statuses of a run that occupies a place in Dagster's run queue. */
export const DAGSTER_AT_WORK = ['STARTING', 'STARTED', 'CANCELING'];

/**
 * A queued run with what keeps it in the queue: the daemon that would launch it is dead, or a limit is reached.
 *
 * @param inside the response to `DAGSTER_INSIDE`.
 * @param atWork reads the rows of the runs at work, if a limit on tags asks for them.
 */
export async function withQueue(
  run: Run,
  inside: JsonObject,
  own: Tags,
  atWork: () => Promise<readonly JsonObject[]>,
): Promise<Run> {
  const instance = memberOf(inside, 'instance');
  const health = memberOf(memberOf(instance, 'daemonHealth'), 'daemonStatus');
  if (health['required'] === true && health['healthy'] === false) {
    const last = health['lastHeartbeatTime'];
    const since = typeof last === 'number' ? Math.floor(last * 1000) : undefined;
    const text = 'The daemon of Dagster that launches queued runs is not healthy.';
    return { ...run, flag: { kind: 'worker_lost', by: 'source', text, since } };
  }
  const config = memberOf(instance, 'runQueueConfig');
  const most = config['maxConcurrentRuns'];
  const busy = memberOf(inside, 'atWork')['count'];
  if (most === 0) return { ...run, hold: 'paused', waitsFor: { kind: 'run queue', state: 'maxConcurrentRuns: 0' } };
  if (typeof most === 'number' && most > 0 && typeof busy === 'number' && busy >= most) {
    return { ...run, hold: 'limit', waitsFor: { kind: 'run queue', state: `${busy} of ${most} runs at work` } };
  }
  const limits = await tagLimits(config['tagConcurrencyLimitsYaml']);
  if (!limits.some(({ key }) => own.has(key))) return run;
  const rows = (await atWork()).filter((row) => DAGSTER_AT_WORK.includes(String(row['status'])));
  const reached = limitReached(limits, own, rows.map(tagsOf));
  if (reached === undefined) return run;
  const { key, limit } = reached;
  return { ...run, hold: 'limit', waitsFor: { kind: 'tag limit', name: key, state: `${limit} runs at work` } };
}

/** A running run with its progress, and a flag if all of its steps have ended: its worker died before it could say so. */
export function withSteps(run: Run, inside: JsonObject): Run {
  const itself = memberOf(inside, 'runOrError');
  const planned = listIn(memberOf(itself, 'executionPlan'), 'steps').length;
  const steps = listIn(itself, 'stepStats').filter(isObject);
  if (planned === 0) return run;
  const ended = steps.filter((step) => STEP_ENDED.includes(String(step['status'])));
  const failed = ended.filter((step) => step['status'] === 'FAILURE').length;
  const progress = {
    processed: Math.min(ended.length, planned),
    total: planned,
    ...(failed > 0 ? { failed } : {}),
    unit: 'steps',
  };
  if (ended.length < planned || ended.length < steps.length) return { ...run, progress };
  const last = Math.max(...ended.map((step) => (typeof step['endTime'] === 'number' ? step['endTime'] : 0)));
  const which = planned === 1 ? 'Its only step has ended' : `All ${planned} steps have ended`;
  const text = `${which}, but the run has not.`;
  const since = last > 0 ? Math.floor(last * 1000) : undefined;
  return { ...run, progress, flag: { kind: 'stuck', by: 'tardy', text, since } };
}

/** Asset runs share one job; the assets that they make say more. */
function titleOf(row: JsonObject, tags: Tags): unknown {
  const assets = listIn(row, 'assetSelection').flatMap((asset) => {
    const path = listIn(asset, 'path');
    return path.length === 0 ? [] : [path.join('/')];
  });
  const [first] = assets;
  const what =
    first === undefined ? row['jobName'] : assets.length === 1 ? first : `${first} and ${assets.length - 1} more`;
  const partition = tags.get('dagster/partition');
  return typeof what === 'string' && partition !== undefined ? shortText(`${what} (${partition})`) : what;
}

/** The longest that a run may take, in seconds. Dagster enforces it only with run monitoring. */
function deadlineOf(startedAt: unknown, longest: string | undefined): unknown {
  const seconds = Number(longest);
  if (longest === undefined || !Number.isFinite(seconds) || typeof startedAt !== 'number') return undefined;
  return epochSecondsToWire(startedAt + seconds);
}

/** A retry is a run of its own that says how many came before. */
function attemptOf(retry: string | undefined): number {
  return retry !== undefined && /^\d{1,6}$/.test(retry) ? Number(retry) + 1 : 1;
}

function initiatorOf(tags: Tags): Record<string, unknown> | undefined {
  const schedule = tags.get('dagster/schedule_name');
  if (schedule !== undefined) return { kind: 'schedule', name: schedule };
  const sensor = tags.get('dagster/sensor_name');
  if (sensor !== undefined) return { kind: 'event', name: sensor };
  const user = tags.get('user');
  return user === undefined ? undefined : { kind: 'user', name: user };
}

function labelsOf(row: JsonObject, tags: Tags): Record<string, string> {
  const labels: Record<string, unknown> = {};
  let kept = 0;
  for (const [key, value] of tags) {
    if (kept === LABELS) break;
    if (key.startsWith('dagster/') || key.startsWith('.dagster/')) continue;
    labels[key] = shortText(value);
    kept++;
  }
  labels['partition'] = tags.get('dagster/partition') ?? labels['partition'];
  labels['backfill'] = tags.get('dagster/backfill') ?? labels['backfill'];
  labels['root_run'] = row['rootRunId'] === row['runId'] ? undefined : row['rootRunId'];
  return textLabels(labels);
}

/** The tags of a row. */
export function tagsOf(row: JsonObject): Tags {
  const tags = new Map<string, string>();
  for (const tag of listIn(row, 'tags')) {
    const { key, value } = isObject(tag) ? tag : {};
    if (typeof key === 'string' && typeof value === 'string') tags.set(key, value);
  }
  return tags;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  return isObject(value) ? (listField(value, name, 'Dagster') ?? []) : [];
}
