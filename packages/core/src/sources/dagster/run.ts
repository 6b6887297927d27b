import { hasNumber, isObject, listField, objectField, type JsonObject } from '../reading/body.js';
import { SYSTEM } from './api.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import type { Tags } from './limits.js';
import { DAGSTER_RUN_SHAPE } from './shapes.js';

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
  // Launched; no process of it has begun.
  STARTING: { status: 'queued' },
  STARTED: { status: 'running' },
  CANCELING: { status: 'running' },
  SUSPENDED: { status: 'running', hold: 'event' },
  SUCCESS: { status: 'completed', outcome: 'succeeded' },
  FAILURE: { status: 'completed', outcome: 'failed' },
  CANCELED: { status: 'completed', outcome: 'cancelled' },
};

/** The statuses of a run that does something else since its status last changed. */
const PHASES: ReadonlySet<unknown> = new Set(['STARTING', 'CANCELING']);

/** How many tags of the user become labels; Dagster's own are left out. */
const LABELS = 32;

/** A run as Dagster's GraphQL API sends it, in the wire form of a run. */
export function dagsterRunToWire(row: JsonObject, address: string): Record<string, unknown> {
  const meaning = meaningOf(DAGSTER_STATUSES, row['status']);
  const tags = tagsOf(row);
  const location = objectField(row, 'repositoryOrigin', SYSTEM)?.['repositoryLocationName'];
  // Until a run has started, the last change of its status is when it was launched.
  const startedAt = meaning.status === 'queued' ? undefined : (row['startTime'] ?? row['updateTime']);
  const id = row['runId'];
  return checkedWire(row, DAGSTER_RUN_SHAPE, SYSTEM, {
    id,
    type: row['jobName'],
    title: titleOf(row, tags),
    workspace: typeof location === 'string' && location !== '' ? { id: location } : undefined,
    ...meaning,
    hold_since: meaning.hold === undefined ? undefined : epochSecondsToWire(row['updateTime']),
    queued_at: epochSecondsToWire(row['creationTime']),
    started_at: epochSecondsToWire(startedAt),
    phase_at: PHASES.has(row['status']) ? epochSecondsToWire(row['updateTime']) : undefined,
    ended_at: meaning.status === 'completed' ? epochSecondsToWire(row['endTime']) : undefined,
    deadline_at: meaning.status === 'running' ? deadlineOf(startedAt, tags.get('dagster/max_runtime')) : undefined,
    attempt: attemptOf(tags.get('dagster/retry_number')),
    initiator: initiatorOf(tags),
    url: typeof id === 'string' ? `${address}runs/${encodeURIComponent(id)}` : undefined,
    labels: labelsOf(row, tags),
  });
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
  if (longest === undefined || !Number.isFinite(seconds) || !hasNumber(startedAt)) return undefined;
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
  return isObject(value) ? (listField(value, name, SYSTEM) ?? []) : [];
}
