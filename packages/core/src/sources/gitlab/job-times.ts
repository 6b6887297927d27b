import type { Instant, Progress, Run } from '../../run.js';
import { hasNumber, hasText, isTrue, type JsonObject } from '../reading/body.js';
import { lastStretch, type BusyTime } from '../reading/busy-time.js';
import { epochMs } from '../reading/epoch-time.js';
import { nameFor, wordIn } from '../reading/vocabulary.js';
import { firstOf, instantIn } from '../reading/wire-time.js';
import { SourceError } from '../source.js';
import { GITLAB_STATES } from './run.js';

/**
 * Between two jobs GitLab takes seconds. If for longer than this no job works or waits for a runner, the pipeline waits for a person or
 * a delay, or GitLab has lost it.
 */
export const PAUSE_MS = 600_000;

/** The status of a job, a trigger job or a pipeline. */
export function statusOf({ status }: JsonObject): string {
  if (hasText(status)) return status;
  throw new SourceError('shape', 'A job has no status. Is this the URL of a GitLab server?');
}

/** The name of a job, for messages. */
export function nameOf({ name }: JsonObject): string {
  return nameFor(name);
}

/** Whether a job works. */
export function isAtWork(job: JsonObject): boolean {
  return wordIn(GITLAB_STATES, statusOf(job))?.status === 'running';
}

/** Whether a job has ended. An optional job that waits to be played does not keep its pipeline open. */
export function isOver(job: JsonObject): boolean {
  return wordIn(GITLAB_STATES, statusOf(job))?.status === 'completed' || isOptional(job);
}

/** Whether a job may be played by hand but need not be. */
export function isOptional(job: JsonObject): boolean {
  return statusOf(job) === 'manual' && isTrue(job['allow_failure']);
}

/**
 * The pipeline with the start of its phase, by its jobs. GitLab keeps the times of its first life: a job that is retried or played by
 * hand days later begins another phase, and so does the first job after one that waited for a person.
 */
export function withPhase(run: Run, jobs: readonly JsonObject[], clock: Instant | undefined): Run {
  const begin = lastStretch(
    jobs.flatMap((job) => busyTime(job, clock)),
    PAUSE_MS,
  );
  if (run.status === 'queued' && !jobs.some(isAtWork)) {
    return { ...run, phaseAt: laterThan(run.queuedAt, begin) ?? run.phaseAt };
  }
  const starts = jobs.map((job) => instantIn(job['started_at'])).filter((at) => at !== undefined);
  const start = firstOf(starts.filter((at) => begin === undefined || at >= begin)) ?? begin;
  const startedAt = run.startedAt ?? firstOf(starts);
  const isFirst = startedAt === undefined || start === undefined || start <= startedAt + PAUSE_MS;
  return { ...run, status: 'running', startedAt, phaseAt: isFirst ? run.phaseAt : start };
}

/** A pipeline none of whose jobs is at work: it is queued since the first of those that wait for a runner waits. */
export function withPending(run: Run, pending: readonly JsonObject[], clock: Instant | undefined): Run {
  const since = firstOf(pending.flatMap((job) => busyTime(job, clock)).map(({ from }) => from));
  return { ...run, status: 'queued', phaseAt: laterThan(run.queuedAt, since) ?? run.phaseAt };
}

function laterThan(start: Instant | undefined, at: Instant | undefined): Instant | undefined {
  return at !== undefined && (start === undefined || at > start) ? at : undefined;
}

/** When a job waited for a runner or worked. GitLab says how long a job has waited, and not since when. */
function busyTime(job: JsonObject, clock: Instant | undefined): BusyTime[] {
  const seconds = job['queued_duration'];
  const waited = hasNumber(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : undefined;
  const isPending = statusOf(job) === 'pending';
  const at = isPending && waited !== undefined ? clock : instantIn(job['started_at']);
  const from = at === undefined ? (isPending ? instantIn(job['created_at']) : undefined) : epochMs(at - (waited ?? 0));
  return from === undefined ? [] : [{ from, to: instantIn(job['finished_at']) ?? Infinity }];
}

/** How many jobs of a pipeline have ended; `undefined` if it has none. */
export function progressOf(jobs: readonly JsonObject[]): Progress | undefined {
  const counted = jobs.filter((job) => !isOptional(job));
  if (counted.length === 0) return undefined;
  const count = (...words: string[]) => counted.filter((job) => words.includes(statusOf(job))).length;
  return {
    total: counted.length,
    processed: counted.filter(isOver).length,
    succeeded: count('success'),
    failed: count('failed'),
    skipped: count('skipped', 'canceled'),
    unit: 'jobs',
  };
}
