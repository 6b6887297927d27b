import type { Instant } from '../../run.js';
import { listField, numberField, textField, type JsonObject } from '../reading/body.js';
import { instantIn } from '../reading/wire-time.js';
import { nameFor } from '../reading/vocabulary.js';
import { GITEA_API, textsIn } from './api.js';

/** What a job does: it waits for other jobs, a limit or a person; for a runner; it is at work; it has ended. */
export type JobState = 'blocked' | 'queued' | 'working' | 'ended' | 'unknown';

/** A job of a run, from either system. Forgejo sends no times and no runner. */
export type Job = {
  readonly run: string;
  readonly name: string;
  readonly state: JobState;
  readonly labels: readonly string[];
  readonly runnerId: number | undefined;
  readonly createdAt: Instant | undefined;
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  /** How often it was tried; in Gitea before 1.27 a job keeps its creation when it is run again. */
  readonly attempt: number;
};

const STATES: Readonly<Record<string, JobState>> = {
  // Gitea, which says `waiting` where it means "blocked".
  queued: 'queued',
  in_progress: 'working',
  completed: 'ended',
  // Forgejo, which says `waiting` where Gitea says `queued`.
  blocked: 'blocked',
  running: 'working',
  success: 'ended',
  failure: 'ended',
  cancelled: 'ended',
  skipped: 'ended',
};

/** Reads a job as either system sends it. */
export function readJob(row: JsonObject): Job {
  const isForgejo = row['runs_on'] !== undefined || row['task_id'] !== undefined;
  const labels = listField(row, isForgejo ? 'runs_on' : 'labels', GITEA_API) ?? [];
  return {
    run: String(numberField(row, 'run_id', GITEA_API)),
    name: nameFor(row['name']),
    state: stateOf(textField(row, 'status', GITEA_API), isForgejo),
    labels: textsIn(labels, 'labels'),
    runnerId: numberField(row, 'runner_id', GITEA_API),
    createdAt: instantIn(row['created_at']),
    startedAt: instantIn(row['started_at']),
    endedAt: instantIn(row['completed_at']),
    attempt: numberField(row, isForgejo ? 'attempt' : 'run_attempt', GITEA_API) ?? 0,
  };
}

function stateOf(status: string | undefined, isForgejo: boolean): JobState {
  if (status === undefined) return 'unknown';
  if (status === 'waiting') return isForgejo ? 'queued' : 'blocked';
  return Object.hasOwn(STATES, status) ? (STATES[status] ?? 'unknown') : 'unknown';
}
