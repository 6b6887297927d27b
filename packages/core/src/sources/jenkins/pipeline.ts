import type { Instant, Run } from '../../run.js';
import { hasNumber, isObject, listField, type JsonObject } from '../reading/body.js';
import { textLabels } from '../reading/read-rows.js';
import { epochMs } from '../reading/epoch-time.js';
import { shortText } from '../reading/vocabulary.js';
import { firstOf, serverClock } from '../reading/wire-time.js';
import type { SourceFetch } from '../source.js';
import { JENKINS } from './api.js';
import { withDownstream } from './downstream.js';
import { readExecutors } from './executors.js';
import { jenkinsPath } from './path.js';
import { inspectItem, readQueue, stepsOf } from './queue.js';

/** A pipeline that paused for longer than this has begun another phase since. */
const PAUSE_MS = 600_000;

/** Builds that started each other which are looked into. */
const DEEPEST = 4;

/**
 * Looks at what a pipeline does: waits for a person at an `input` step, waits in the queue with all of its steps, or works since such a
 * wait. Only the plugin Pipeline: REST API reports pauses.
 */
export async function inspectPipeline(run: Run, address: string, fetch: SourceFetch, depth = 0): Promise<Run> {
  const response = await fetch({ url: `${address}${run.id}/wfapi/describe`, accept: [403, 404] });
  const { body } = response;
  if (response.status >= 400 || !isObject(body)) return queuedSteps(run, address, fetch, depth);
  const stages = (listField(body, 'stages', JENKINS) ?? []).filter(isObject);
  if (body['status'] === 'PAUSED_PENDING_INPUT') {
    const now = serverClock(response);
    const paused = pauseOf(stages.find(({ status }) => status === 'PAUSED_PENDING_INPUT'));
    const holdSince = now === undefined || paused === undefined ? undefined : epochMs(now - paused);
    // That it takes longer than such builds did is then expected.
    return { ...run, hold: 'approval', holdSince, waitsFor: { kind: 'input' }, flag: undefined };
  }
  return queuedSteps({ ...run, phaseAt: phaseOf(stages) }, address, fetch, depth);
}

/** When the pipeline continued after its last long pause; a stage says how long it paused, and not when. */
function phaseOf(stages: readonly JsonObject[]): Instant | undefined {
  for (let at = stages.length - 1; at >= 0; at--) {
    const paused = pauseOf(stages[at]) ?? 0;
    if (paused < PAUSE_MS) continue;
    return epochMs(startOf(stages[at + 1]) ?? sum(startOf(stages[at]), paused));
  }
  return undefined;
}

function pauseOf(stage: JsonObject | undefined): number | undefined {
  return numberIn(stage, 'pauseDurationMillis');
}

function startOf(stage: JsonObject | undefined): number | undefined {
  return numberIn(stage, 'startTimeMillis');
}

function numberIn(stage: JsonObject | undefined, name: string): number | undefined {
  const value = stage?.[name];
  return hasNumber(value) && value > 0 ? value : undefined;
}

function sum(start: number | undefined, span: number): number | undefined {
  return start === undefined ? undefined : start + span;
}

/** A pipeline none of whose steps has an executor is queued, since the first of them came into the queue. */
async function queuedSteps(run: Run, address: string, fetch: SourceFetch, depth: number): Promise<Run> {
  // Both are the same for all pipelines.
  const atWork = await readExecutors(address, fetch);
  const own = atWork.holders.get(run.id) ?? [];
  if (own.length === 0 || own.some(({ isFlyweight }) => !isFlyweight)) return run;
  const items = await readQueue(address, fetch);
  const steps = stepsOf(items, run.id, jenkinsPath);
  const [first] = steps;
  if (first === undefined) {
    if (depth >= DEEPEST) return run;
    const look = (build: Run) => inspectPipeline(build, address, fetch, depth + 1);
    return withDownstream(run, { items, atWork }, address, fetch, look);
  }
  const since = firstOf(steps.map(({ inQueueSince }) => epochMs(inQueueSince)).filter((at) => at !== undefined));
  const labels = { ...run.labels, ...textLabels({ why: shortText(first['why']) }) };
  const queued: Run = { ...run, status: 'queued', phaseAt: since, labels, flag: undefined };
  return inspectItem(queued, {}, address, fetch);
}
