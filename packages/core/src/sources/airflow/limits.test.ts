import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { airflowSource } from './source.js';
import { airflowRow, airflowServer } from './testing/server.js';

const source = airflowSource('dags', { url: 'https://airflow.example' });
const row = airflowRow('active.json', 'hanging');
const path = '/api/v2/dags/hanging';

type Answer = { readonly status?: number; readonly body: unknown };

async function mapped(from: JsonObject = row): Promise<Run> {
  const { runs } = await gather(source, airflowServer([from]));
  const [run] = runs;
  if (run === undefined) throw new Error('No run.');
  return run;
}

const task = (id: string, state: string | null, more: JsonObject = {}): JsonObject => ({
  task_id: id,
  state,
  pool: 'etl',
  pool_slots: 1,
  scheduled_when: '2026-11-23T08:00:00Z',
  ...more,
});

/** Looks at the run: its tasks, and what else is asked for. */
async function look(tasks: readonly JsonObject[], answers: Readonly<Record<string, Answer>> = {}, from?: JsonObject) {
  const run = await mapped(from);
  const all: Readonly<Record<string, Answer>> = {
    [`${path}/dagRuns/live__hanging/taskInstances`]: {
      body: { task_instances: tasks, total_entries: tasks.length },
    },
    ...answers,
  };
  const { fetch, asked } = fetchFrom((url) => all[url.pathname] ?? { status: 404, body: {} });
  return { run, seen: await source.inspect?.(run, fetch), asked };
}

const pools = (...all: readonly JsonObject[]): Readonly<Record<string, Answer>> => ({
  '/api/v2/pools': { body: { pools: all, total_entries: all.length } },
});
const etl = { name: 'etl', slots: 3, open_slots: 3 };
const noPool = { status: 404, body: { detail: 'The Pool with name: `etl` was not found' } };

describe('tasks that want a place', () => {
  it.each<[string, JsonObject, Readonly<Record<string, Answer>>, string | undefined]>([
    ['a pool that Airflow does not have', {}, { ...pools(), '/api/v2/pools/etl': noPool }, 'was not found'],
    [
      'a pool that the credential may not read',
      {},
      { ...pools(), '/api/v2/pools/etl': { status: 403, body: {} } },
      undefined,
    ],
    [
      'a pool of which a proxy knows nothing',
      {},
      { ...pools(), '/api/v2/pools/etl': { status: 404, body: {} } },
      undefined,
    ],
    ['more slots than the pool has', { pool_slots: 4 }, pools(etl), 'needs 4 slots of the pool etl, which has 3'],
    ['all slots of the pool', { pool_slots: 3 }, pools(etl), undefined],
    ['slots of a pool without a limit', { pool_slots: 4 }, pools({ ...etl, slots: -1, open_slots: -1 }), undefined],
  ])('that is %s', async (_, more, answers, text) => {
    const { seen } = await look([task('load', 'scheduled', more)], answers);
    const since = Date.parse('2026-11-23T08:00:00Z');
    const full = expect.stringMatching(`^Its task load can never start: .*${text}`) as string;
    expect(seen?.flag).toEqual(
      text === undefined ? undefined : { kind: 'cannot_start', by: 'tardy', since, text: full },
    );
  });

  it('waits for as many slots as it needs', async () => {
    const { seen } = await look([task('load', 'scheduled', { pool_slots: 2 })], pools({ ...etl, open_slots: 1 }));
    expect(seen).toMatchObject({ hold: 'limit', waitsFor: { kind: 'pool', name: 'etl', state: 'all 3 slots in use' } });
  });

  it('reads every page of pools', async () => {
    const run = await mapped();
    const { fetch } = fetchFrom((url) => {
      if (url.pathname.endsWith('/taskInstances'))
        return { body: { task_instances: [task('load', 'scheduled')], total_entries: 1 } };
      if (url.pathname !== '/api/v2/pools') return { status: 404, body: {} };
      const first = url.searchParams.has('offset')
        ? [{ ...etl, open_slots: 0 }]
        : Array.from({ length: 100 }, (_, index) => ({ name: `other ${index}` }));
      return { body: { pools: first, total_entries: 101 } };
    });
    expect((await source.inspect?.(run, fetch))?.hold).toBe('limit');
  });
});

describe('tasks that Airflow has not scheduled', () => {
  const defined = (...all: readonly JsonObject[]): Readonly<Record<string, Answer>> => ({
    [`${path}/tasks`]: { body: { tasks: all, total_entries: all.length } },
  });
  const some = [task('extract', 'success'), task('report', null)];
  const three = ['extract', 'load', 'report'].map((id) => ({ task_id: id }));

  it('names the one that has no instance', async () => {
    const { seen } = await look(some, defined(...three));
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'Its task load has no instance, and Airflow makes no new one.',
    });
  });

  it.each<[string, readonly JsonObject[], JsonObject]>([
    ['has instances of all', [...some, task('load', null)], row],
    ['is of a version of its bundle, which may have fewer', some, { ...row, bundle_version: 'v1' }],
  ])('says nothing of a run that %s', async (_, tasks, from) => {
    const { seen } = await look(tasks, defined(...three), from);
    expect([seen?.flag, seen?.hold]).toEqual([undefined, undefined]);
  });

  it('asks nothing while a task is at work', async () => {
    const { asked } = await look([task('load', 'running'), task('report', null)], defined(...three));
    expect(asked.filter(({ url }) => url.endsWith('/tasks'))).toEqual([]);
  });

  const past = (state: string | null): Readonly<Record<string, Answer>> => ({
    ...defined({ task_id: 'load', depends_on_past: true }),
    [`${path}/dagRuns/~/taskInstances`]: {
      body: {
        task_instances: [
          task('load', null, { dag_run_id: 'live__hanging' }),
          task('load', state, { dag_run_id: 'before', end_date: '2026-11-22T08:00:00Z' }),
        ],
        total_entries: 2,
      },
    },
  });

  it.each([
    ['failed', { flag: { kind: 'orphaned', by: 'tardy', since: Date.parse('2026-11-22T08:00:00Z') }, hold: undefined }],
    ['upstream_failed', { flag: { kind: 'orphaned' } }],
    ['running', { flag: undefined, hold: 'dependency', waitsFor: { kind: 'task', name: 'load of before' } }],
    [null, { flag: undefined, hold: 'dependency' }],
    ['success', { flag: undefined, hold: undefined }],
    ['skipped', { flag: undefined, hold: undefined }],
  ])('depends on a past that is %s', async (state, expected) => {
    expect((await look([task('load', null)], past(state))).seen).toMatchObject(expected);
  });

  it('does not ask for the past of a task that does not depend on it', async () => {
    const { seen } = await look([task('load', null)], {
      ...past('failed'),
      ...defined({ task_id: 'load', depends_on_past: false, wait_for_downstream: false }),
    });
    expect(seen?.flag).toBeUndefined();
  });
});

describe('evidence of another type', () => {
  const details = (body: unknown) => ({ [`${path}/details`]: { body } });
  it.each<[string, readonly JsonObject[], Readonly<Record<string, Answer>>]>([
    ['a state that is a number', [{ task_id: 'load', state: 5 }], {}],
    ['a task that is a number', [7 as never], {}],
    ['details that are a list', [task('load', null)], details([])],
    ['details that report an error', [task('load', null)], details({ error: 'no' })],
    ['a pause that is text', [task('load', null)], details({ is_paused: 'false' })],
    ['a staleness that is a number', [task('load', null)], details({ is_stale: 1 })],
    ['a health that is text', [], { '/api/v2/monitor/health': { body: 'ok' } }],
    [
      'a health without the triggerer, of a deferred task',
      [task('load', 'deferred')],
      { '/api/v2/monitor/health': { body: { scheduler: { status: 'healthy' } } } },
    ],
    ['a scheduler that is text', [], { '/api/v2/monitor/health': { body: { scheduler: 'ok' } } }],
    [
      'a pool that is null',
      [task('load', 'scheduled')],
      { '/api/v2/pools': { body: { pools: [null], total_entries: 1 } } },
    ],
    ['pools that are not counted', [task('load', 'scheduled')], { '/api/v2/pools': { body: { pools: [etl] } } }],
    ['slots that are text', [task('load', 'scheduled', { pool_slots: '1' })], pools(etl)],
    ['a task of the DAG that is text', [task('load', null)], { [`${path}/tasks`]: { body: { tasks: ['load'] } } }],
  ])('%s is unreadable', async (_, tasks, answers) => {
    await expect(look(tasks, answers)).rejects.toMatchObject({ name: 'SourceError', code: 'shape' });
  });
});

describe('a trigger', () => {
  const health = (triggerer: unknown): Readonly<Record<string, Answer>> => ({
    '/api/v2/monitor/health': { body: { scheduler: { status: 'healthy' }, triggerer } },
  });
  const healthy = health({ status: 'healthy' });
  const trigger = (triggerer_id: unknown) => ({ trigger: { created_date: '2026-11-23T08:00:00Z', triggerer_id } });

  it.each<[string, JsonObject, Readonly<Record<string, Answer>>, string | undefined]>([
    ['that a triggerer watches', trigger(3), healthy, undefined],
    ['that none has taken', trigger(null), healthy, 'no triggerer has taken its trigger'],
    ['of an Airflow that never had a triggerer', trigger(null), health({ status: null }), 'no triggerer has ever run'],
    ['that the API leaves out', {}, healthy, undefined],
    ['whose triggerer the API leaves out', { trigger: {} }, healthy, undefined],
    ['of an Airflow whose health cannot be read', trigger(3), {}, undefined],
  ])('%s', async (_, more, answers, text) => {
    const { seen } = await look([task('wait', 'deferred', more), task('load', null)], answers);
    const since = Date.parse('2026-11-23T08:00:00Z');
    const full = `Its task wait is deferred, and ${String(text)}.`;
    expect(seen).toMatchObject(
      text === undefined
        ? { hold: 'event', flag: undefined }
        : { hold: undefined, flag: { kind: 'orphaned', by: 'tardy', since, text: full } },
    );
  });
});

it.each([
  ['a task at work', [task('load', 'running')], undefined],
  ['no task at work', [task('load', 'scheduled')], 'orphaned'],
  ['no task', [], 'orphaned'],
])('a run with %s, whose DAG has left its bundle', async (_, tasks, flag) => {
  const { seen } = await look(tasks, { [`${path}/details`]: { body: { is_stale: true } } });
  expect(seen?.flag?.kind).toBe(flag);
});
