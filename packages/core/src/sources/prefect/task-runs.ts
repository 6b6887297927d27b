import type { Hold, Instant, Run, WaitsFor } from '../../run.js';
import {
  countField,
  isObject,
  isText,
  listField,
  objectField,
  objectsIn,
  textField,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import { nameFor, wordIn } from '../reading/vocabulary.js';
import { instantIn } from '../reading/wire-time.js';
import { SourceError, type SourceFetch } from '../source.js';
import { SYSTEM } from './api.js';
import { PREFECT_STATES } from './run.js';

/** Prefect sends so many task runs at once unless it is configured otherwise. */
const PAGE_SIZE = 200;

/** What one task waits for. */
type Wait = { readonly hold: Hold; readonly since?: Instant | undefined; readonly waitsFor: WaitsFor };

/** What a task does: it waits, it waits in vain, or it is at work. */
type Doing = Wait | { readonly flag: string; readonly waitsFor: WaitsFor } | undefined;

/** Of several waits, the one that asks most of people counts. */
const ORDER: readonly Hold[] = ['approval', 'paused', 'limit', 'dependency', 'retry'];

/**
 * A running flow run with what its unfinished tasks wait for: the next attempt, a slot of the limit on their tags, a subflow that waits
 * itself. Unchanged while one of them is at work, and where none is known: a flow may work without tasks.
 *
 * @param subflows reads the unfinished flow runs that tasks have called, by the id of the task.
 */
export async function withTaskRuns(
  run: Run,
  api: string,
  fetch: SourceFetch,
  subflows: (tasks: readonly string[]) => Promise<ReadonlyMap<string, Run>>,
): Promise<Run> {
  const address = withSlash(api);
  const tasks = await unfinished({ flow_runs: { id: { any_: [run.id] } } }, address, fetch);
  if (tasks.length === 0 || tasks.length >= PAGE_SIZE) return run;
  const running = tasks.filter(isRunning).flatMap((task) => textField(task, 'id', SYSTEM) ?? []);
  const called = running.length === 0 ? new Map<string, Run>() : await subflows(running);
  const all: Exclude<Doing, undefined>[] = [];
  for (const task of tasks) {
    const doing = await waitOf(task, called, address, fetch);
    if (doing === undefined) return run;
    all.push(doing);
  }
  for (const doing of all) {
    if (!('flag' in doing)) continue;
    const { flag: text, waitsFor } = doing;
    return { ...run, waitsFor, flag: { kind: 'orphaned', by: 'tardy', text } };
  }
  const waits = all.flatMap((doing) => ('hold' in doing ? [doing] : []));
  const hold = ORDER.find((one) => waits.some((wait) => wait.hold === one));
  const [first] = waits.filter((wait) => wait.hold === hold).sort((a, b) => untilOf(a) - untilOf(b));
  return first === undefined ? run : { ...run, hold: first.hold, holdSince: first.since, waitsFor: first.waitsFor };
}

function untilOf({ waitsFor: { until } }: Wait): Instant {
  return until ?? Infinity;
}

/** The task runs that a filter finds and that have not ended. */
async function unfinished(filter: JsonObject, address: string, fetch: SourceFetch): Promise<readonly JsonObject[]> {
  const response = await fetch({
    url: `${address}task_runs/filter`,
    method: 'POST',
    body: { ...filter, limit: PAGE_SIZE },
    accept: [403, 404],
  });
  if (response.status >= 400) return [];
  if (!Array.isArray(response.body)) {
    throw new SourceError('shape', `${response.url} sent no list of task runs. Is this the URL of ${SYSTEM}?`);
  }
  return objectsIn(response.body, 'task runs', SYSTEM).filter((task) => {
    const meaning = wordIn(PREFECT_STATES, task['state_type']);
    return meaning?.status !== 'completed';
  });
}

function isRunning(task: JsonObject): boolean {
  return task['state_type'] === 'RUNNING' || task['state_type'] === 'CANCELLING';
}

async function waitOf(
  task: JsonObject,
  called: ReadonlyMap<string, Run>,
  address: string,
  fetch: SourceFetch,
): Promise<Doing> {
  const since = instantIn(objectField(task, 'state', SYSTEM)?.['timestamp']);
  const name = textField(task, 'name', SYSTEM);
  switch (task['state_type']) {
    case 'SCHEDULED': {
      const until = instantIn(task['next_scheduled_start_time']) ?? instantIn(task['expected_start_time']);
      return task['state_name'] === 'AwaitingRetry' && until !== undefined
        ? { hold: 'retry', since, waitsFor: { kind: 'next attempt', name, until } }
        : undefined;
    }
    case 'PAUSED':
      return { hold: 'paused', since, waitsFor: { kind: 'task', name } };
    case 'PENDING':
      return limitOf(task, since, address, fetch);
    case 'RUNNING':
      return waitOfSubflow(called.get(textField(task, 'id', SYSTEM) ?? ''));
    default:
      return undefined;
  }
}

/** What a subflow waits for, its caller waits for. */
function waitOfSubflow(subflow: Run | undefined): Wait | undefined {
  if (subflow === undefined || (subflow.hold === undefined && subflow.status === 'running')) return undefined;
  const { id, title, url, native, hold = 'dependency', holdSince, queuedAt, waitsFor } = subflow;
  const { until } = waitsFor ?? {};
  return {
    hold,
    since: holdSince ?? queuedAt,
    waitsFor: { kind: 'flow run', id, name: title, url, state: native?.status, until },
  };
}

/** A task that waits for a slot stays pending while a limit on one of its tags is reached. All tasks with the tag make the same request. */
async function limitOf(
  task: JsonObject,
  since: Instant | undefined,
  address: string,
  fetch: SourceFetch,
): Promise<Doing> {
  for (const tag of (listField(task, 'tags', SYSTEM) ?? []).filter(isText)) {
    const url = `${address}concurrency_limits/tag/${encodeURIComponent(tag)}`;
    const { status, body } = await fetch({ url, accept: [403, 404] });
    if (status >= 400 || !isObject(body)) continue;
    const most = countField(body, 'concurrency_limit', SYSTEM);
    const holders = (listField(body, 'active_slots', SYSTEM) ?? []).filter(isText);
    if (most === undefined || holders.length < most) continue;
    const waitsFor = {
      kind: 'concurrency limit',
      name: nameFor(tag),
      state: `${holders.length} of ${most} slots in use`,
    };
    const alive =
      holders.length === 0 ? [] : await unfinished({ task_runs: { id: { any_: holders } } }, address, fetch);
    if (alive.length > 0 || holders.length === 0) return { hold: 'limit', since, waitsFor };
    const flag = `Its task ${nameFor(task['name'])} waits for a slot of the limit on ${nameFor(tag)}, and the tasks that hold all of them have ended.`;
    return { flag, waitsFor };
  }
  return undefined;
}
