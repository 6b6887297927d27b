import type { Flag, Hold, Instant, Run } from '../../run.js';
import { isObject, type JsonObject } from '../reading/body.js';
import { instantIn, lastOf } from '../reading/wire-time.js';
import type { SourceFetch } from '../source.js';
import { gitlabRows, type GitlabRows } from './api.js';
import { inspectChildren } from './children.js';
import {
  isAtWork,
  isOptional,
  isOver,
  nameOf,
  PAUSE_MS,
  progressOf,
  statusOf,
  withPending,
  withPhase,
} from './job-times.js';
import type { PipelinePlace } from './place.js';
import { inspectResources } from './resources.js';
import { firstScheduled, lostRunner, stuckJob } from './runners.js';

/**
 * Looks at the jobs of a pipeline: whether they work, wait or are over. If they do not explain it, looks at the pipelines that it
 * triggered, at who holds its resource group, or at what GitLab itself calls stuck.
 */
export async function inspectGitlabPipeline(given: Run, place: PipelinePlace, fetch: SourceFetch): Promise<Run> {
  if (given.status === 'completed') return given;
  if (given.hold === 'limit') {
    // The requests are those of all pipelines that wait for a resource; only if they do not decide, the jobs of this one are read.
    const held = await inspectResources(given, [], place, fetch);
    if (held !== undefined) return held;
  }
  const base = `${place.project}/pipelines/${place.id}`;
  const jobs = await gitlabRows(`${base}/jobs`, fetch);
  if (jobs === undefined) return given;
  const run = { ...withPhase(given, jobs.rows, jobs.clock), progress: progressOf(jobs.rows) };
  const atWork = jobs.rows.filter(isAtWork);
  if (atWork.length > 0) return { ...run, hold: undefined, flag: lostRunner(atWork) };
  const pending = jobs.rows.filter((job) => statusOf(job) === 'pending');
  if (pending.length > 0) {
    const flag = await stuckJob(run, pending, place, fetch);
    return { ...withPending(run, pending, jobs.clock), hold: undefined, flag };
  }
  const bridges = await gitlabRows(`${base}/bridges`, fetch);
  if (bridges === undefined) return run;
  const all = [...jobs.rows, ...bridges.rows];
  const since = lastOf(all.map((job) => instantIn(job['finished_at'])).filter((at) => at !== undefined));
  const isPausing = jobs.clock !== undefined && since !== undefined && jobs.clock - since < PAUSE_MS;
  const triggering = bridges.rows.filter((bridge) => !isOver(bridge) && isTriggering(bridge));
  const look = (child: Run, at: PipelinePlace) => inspectGitlabPipeline(child, at, fetch);
  if (triggering.length > 0) return inspectChildren(run, triggering, place, { since, clock: jobs.clock }, look);
  const held = await heldRun(run, all, since, place, fetch);
  if (held !== undefined) return held;
  if (isPausing || !all.every((job) => statusOf(job) === 'created' || isOver(job))) return run;
  return { ...run, flag: withoutWork(run, all, since) };
}

/** A trigger job that has begun: it waits for what it triggered. */
function isTriggering(bridge: JsonObject): boolean {
  return isObject(bridge['downstream_pipeline']) || isAtWork(bridge) || statusOf(bridge) === 'pending';
}

/** Jobs that wait, by what ends the wait: those that GitLab continues by itself come first. */
const WAITS: readonly (readonly [status: string, hold: Hold])[] = [
  ['scheduled', 'schedule'],
  ['waiting_for_resource', 'limit'],
  ['manual', 'approval'],
  ['waiting_for_callback', 'event'],
];

/** The pipeline on hold, if jobs that are left wait for something and nothing else can move; a hold begins when the last job ended. */
async function heldRun(
  run: Run,
  all: GitlabRows['rows'],
  since: Instant | undefined,
  place: PipelinePlace,
  fetch: SourceFetch,
): Promise<Run | undefined> {
  for (const [status, hold] of WAITS) {
    const waiting = all.filter((job) => statusOf(job) === status && !isOptional(job));
    const [first] = waiting;
    if (first === undefined) continue;
    const holdSince = run.hold === hold ? (since ?? run.holdSince) : since;
    const held: Run = { ...run, hold, holdSince, waitsFor: { kind: 'job', name: nameOf(first), state: status } };
    if (hold === 'limit') return (await inspectResources(held, waiting, place, fetch)) ?? held;
    if (hold !== 'schedule') return held;
    const until = await firstScheduled(held, place.address, fetch);
    return until === undefined
      ? held
      : { ...held, notBefore: until, waitsFor: { ...held.waitsFor, kind: 'job', until } };
  }
  return undefined;
}

/**
 * None of its jobs moves, and none waits: GitLab has lost the pipeline. It no longer begins the jobs that are left, or does not see
 * that all are over.
 */
function withoutWork(run: Run, all: GitlabRows['rows'], since: Instant | undefined): Flag | undefined {
  const status = run.native?.status ?? run.status;
  if (all.length === 0) {
    // The statuses of an outside system are not jobs.
    if (run.labels['source'] === 'external') return undefined;
    return { kind: 'stuck', by: 'tardy', text: `The pipeline is ${status} without a single job.` };
  }
  const left = all.filter((job) => !isOver(job)).length;
  if (left === 0) {
    const which = all.length === 1 ? 'Its only job is' : `All its ${all.length} jobs are`;
    return { kind: 'stuck', by: 'tardy', text: `${which} over, yet the pipeline is ${status}.`, since };
  }
  // What is left may need a job that nobody has played yet, or nothing has begun.
  if (since === undefined || all.some(isOptional)) return undefined;
  const verb = left === 1 ? 'is' : 'are';
  const text = `${left} of its ${all.length} jobs ${verb} left, and GitLab has begun none since the others ended.`;
  return { kind: 'stuck', by: 'tardy', text, since };
}
