import { isText, memberOf, type JsonObject } from '../reading/body.js';
import { epochMsToWire } from '../reading/epoch-time.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { meaningOf, nameFor, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { RAY_JOB_SHAPE } from './shapes.js';

/** The statuses of a job (`JobStatus` in dashboard/modules/job/common.py). */
export const RAY_STATUSES: Vocabulary = {
  PENDING: { status: 'queued' },
  RUNNING: { status: 'running' },
  SUCCEEDED: { status: 'completed', outcome: 'succeeded' },
  FAILED: { status: 'completed', outcome: 'failed' },
  STOPPED: { status: 'completed', outcome: 'cancelled' },
};

/** The id of a job: that of its submission, or that of a driver which nobody submitted. */
export function rayId(row: JsonObject): unknown {
  return row['submission_id'] ?? row['job_id'];
}

/**
 * A job as Ray sends it, in the wire form of a run. Its `start_time` is that of its submission: how long it was pending is in no
 * response.
 */
export function rayRunToWire(row: JsonObject): Record<string, unknown> {
  const meaning = meaningOf(RAY_STATUSES, row['status']);
  const metadata = memberOf(row, 'metadata');
  const { entrypoint, message, error_type: code } = row;
  const submittedAt = epochMsToWire(row['start_time']);
  const named = metadata['job_name'];
  return checkedWire(row, RAY_JOB_SHAPE, "Ray's API", {
    id: rayId(row),
    // A driver has no entrypoint.
    type: isText(named)
      ? named
      : entrypoint === ''
        ? 'driver'
        : typeof entrypoint === 'string'
          ? nameFor(entrypoint)
          : entrypoint,
    title: entrypoint === '' ? undefined : shortText(entrypoint),
    ...meaning,
    queued_at: submittedAt,
    started_at: meaning.status === 'queued' ? undefined : submittedAt,
    ended_at: meaning.status === 'completed' ? epochMsToWire(row['end_time']) : undefined,
    failure:
      meaning.outcome === 'failed' ? { code: code ?? undefined, message: shortText(message ?? undefined) } : undefined,
    labels: textLabels(metadata),
  });
}
