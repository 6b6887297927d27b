import type { Run } from '../../run.js';
import { isObject, type JsonObject } from '../reading/body.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { textLabels } from '../reading/read-rows.js';

/** The fields of a run that are asked for. Its `stats` are left out: each would cost the server a query of its own. */
export const DAGSTER_RUN_FIELDS = `
  runId jobName status creationTime startTime endTime updateTime rootRunId
  assetSelection { path }
  tags { key value }
  repositoryOrigin { repositoryLocationName }
`;

/** Dagster's `RunStatus`. */
const STATUSES: Vocabulary = {
  QUEUED: { status: 'queued' },
  NOT_STARTED: { status: 'queued' },
  // Run by something else that only reports to Dagster.
  MANAGED: { status: 'running' },
  STARTING: { status: 'running' },
  STARTED: { status: 'running' },
  CANCELING: { status: 'running' },
  SUSPENDED: { status: 'running', hold: 'event' },
  SUCCESS: { status: 'completed', outcome: 'succeeded' },
  FAILURE: { status: 'completed', outcome: 'failed' },
  CANCELED: { status: 'completed', outcome: 'cancelled' },
};

/** Tags of the user that become labels, at most; Dagster's own are left out. */
const LABELS = 32;

/** A run as Dagster's GraphQL API sends it, in the wire form of a run. */
export function dagsterRunToWire(row: JsonObject, address: string): Record<string, unknown> {
  const meaning = meaningOf(STATUSES, row['status']);
  const tags = tagsOf(row);
  const origin = isObject(row['repositoryOrigin']) ? row['repositoryOrigin'] : {};
  const location = origin['repositoryLocationName'];
  // Until a run has begun, the last change of its status is when it was launched.
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

/** What a second look at a run asks for. */
export const DAGSTER_INSIDE = `query tardyInside($id: ID!) {
  runOrError(runId: $id) {
    __typename
    ... on Run { executionPlan { steps { key } } stepStats { stepKey status endTime } }
  }
  atWork: runsOrError(filter: { statuses: [STARTING, STARTED, CANCELING] }, limit: 1) { ... on Runs { count } }
  instance {
    runQueueConfig { maxConcurrentRuns }
    daemonHealth { daemonStatus(daemonType: "QUEUED_RUN_COORDINATOR") { required healthy lastHeartbeatTime } }
  }
}`;

const STEP_ENDED = ['SUCCESS', 'FAILURE', 'SKIPPED'];

/**
 * What the inside of a run tells of it: the steps that are done, that all are while the run goes on (its worker died before it
 * could say so), that a queued one waits for its turn, or that the daemon that would launch it is dead.
 */
export function seenInside(run: Run, inside: JsonObject): Run {
  return run.status === 'queued'
    ? seenInQueue(run, inside['instance'], inside['atWork'])
    : seenAtWork(run, inside['runOrError']);
}

function seenInQueue(run: Run, instance: unknown, atWork: unknown): Run {
  const health = objectIn(objectIn(instance, 'daemonHealth'), 'daemonStatus');
  if (health['required'] === true && health['healthy'] === false) {
    const since = health['lastHeartbeatTime'];
    const text = 'The daemon of Dagster that launches queued runs is not healthy.';
    return {
      ...run,
      flag: { kind: 'worker_lost', text, since: typeof since === 'number' ? Math.floor(since * 1000) : undefined },
    };
  }
  const most = objectIn(instance, 'runQueueConfig')['maxConcurrentRuns'];
  const busy = isObject(atWork) ? atWork['count'] : undefined;
  const full = typeof most === 'number' && most > 0 && typeof busy === 'number' && busy >= most;
  return full ? { ...run, hold: 'dependency' } : run;
}

function seenAtWork(run: Run, inside: unknown): Run {
  const planned = listIn(objectIn(inside, 'executionPlan'), 'steps').length;
  const steps = listIn(inside, 'stepStats').filter(isObject);
  if (planned === 0) return run;
  const ended = steps.filter((step) => STEP_ENDED.includes(String(step['status'])));
  const failed = ended.filter((step) => step['status'] === 'FAILURE').length;
  const seen: Run = {
    ...run,
    progress: {
      processed: Math.min(ended.length, planned),
      total: planned,
      ...(failed > 0 ? { failed } : {}),
      unit: 'steps',
    },
  };
  if (ended.length < planned || ended.length < steps.length) return seen;
  const last = Math.max(...ended.map((step) => (typeof step['endTime'] === 'number' ? step['endTime'] : 0)));
  const which = planned === 1 ? 'Its only step has ended' : `All ${planned} steps have ended`;
  const since = last > 0 ? Math.floor(last * 1000) : undefined;
  return { ...seen, flag: { kind: 'stuck', text: `${which}, yet the run goes on.`, since } };
}

/** Asset runs share one job: what they make tells more. */
function titleOf(row: JsonObject, tags: ReadonlyMap<string, string>): unknown {
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

/** The longest that a run may take, in seconds, which Dagster itself enforces only where run monitoring is on. */
function deadlineOf(startedAt: unknown, longest: string | undefined): unknown {
  const seconds = Number(longest);
  if (longest === undefined || !Number.isFinite(seconds) || typeof startedAt !== 'number') return undefined;
  return epochSecondsToWire(startedAt + seconds);
}

/** A retry is a run of its own, which says how many came before. */
function attemptOf(retry: string | undefined): number {
  return retry !== undefined && /^\d{1,6}$/.test(retry) ? Number(retry) + 1 : 1;
}

function initiatorOf(tags: ReadonlyMap<string, string>): Record<string, unknown> | undefined {
  const schedule = tags.get('dagster/schedule_name');
  if (schedule !== undefined) return { kind: 'schedule', name: schedule };
  const sensor = tags.get('dagster/sensor_name');
  if (sensor !== undefined) return { kind: 'event', name: sensor };
  const user = tags.get('user');
  return user === undefined ? undefined : { kind: 'user', name: user };
}

function labelsOf(row: JsonObject, tags: ReadonlyMap<string, string>): Record<string, string> {
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

function tagsOf(row: JsonObject): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of listIn(row, 'tags')) {
    const { key, value } = isObject(tag) ? tag : {};
    if (typeof key === 'string' && typeof value === 'string') tags.set(key, value);
  }
  return tags;
}

function objectIn(value: unknown, name: string): JsonObject {
  const inner = isObject(value) ? value[name] : undefined;
  return isObject(inner) ? inner : {};
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = isObject(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}
