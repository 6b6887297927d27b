import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { PREFECT_STATE_NAMES } from './run.js';
import { prefectSource } from './source.js';
import { prefectRow, prefectServer } from './testing/server.js';

const source = prefectSource('flows', { url: 'https://prefect.example/api' });
const published = fixture('prefect/states.json') as {
  readonly names: readonly string[];
  readonly workPool: { readonly values: readonly string[] };
};
const scheduled: JsonObject = {
  ...prefectRow('active.json', 'made-late'),
  work_pool_name: 'docker',
  work_queue_name: 'urgent',
};

async function mapped(row: JsonObject): Promise<Run> {
  const { runs } = await gather(source, prefectServer([row]));
  const [run] = runs;
  if (run === undefined) throw new Error('No run.');
  return run;
}

type World = { readonly pool?: JsonObject; readonly queue?: JsonObject; readonly atWork?: number };

async function look({ pool, queue, atWork = 0 }: World, row = scheduled) {
  const run = await mapped(row);
  const { fetch, asked } = fetchFrom(({ pathname }) => {
    if (pathname.endsWith('/work_pools/docker')) return pool === undefined ? { status: 404, body: {} } : { body: pool };
    if (pathname.endsWith('/queues/urgent')) return queue === undefined ? { status: 403, body: {} } : { body: queue };
    return { body: { results: [], count: atWork } };
  });
  return { run, seen: await source.inspect?.(run, fetch), asked };
}

const ready = { is_paused: false, concurrency_limit: null, status: 'READY' };

it('knows the names that Prefect gives to states, and no other', () => {
  expect(Object.keys(PREFECT_STATE_NAMES).sort()).toEqual([...published.names].sort());
});

describe('a scheduled run', () => {
  const pool = { kind: 'work pool', name: 'docker' };
  const queue = { kind: 'work queue', name: 'urgent' };
  it.each<[string, World, Partial<Run>]>([
    [
      'waits with a paused pool',
      { pool: { ...ready, is_paused: true, status: 'PAUSED' } },
      { hold: 'paused', waitsFor: pool },
    ],
    [
      'waits with a pool of no places',
      { pool: { ...ready, concurrency_limit: 0 } },
      { hold: 'paused', waitsFor: pool },
    ],
    [
      'waits for a full pool',
      { pool: { ...ready, concurrency_limit: 2 }, atWork: 2 },
      { hold: 'limit', waitsFor: { ...pool, state: '2 of 2 runs at work' } },
    ],
    [
      'waits with a paused queue',
      { pool: ready, queue: { ...ready, is_paused: true } },
      { hold: 'paused', waitsFor: queue },
    ],
    [
      'waits for a full queue',
      { pool: ready, queue: { ...ready, concurrency_limit: 1 }, atWork: 3 },
      { hold: 'limit', waitsFor: { ...queue, state: '3 of 1 runs at work' } },
    ],
    // A pool that is paused has no workers that poll, and that is no fault.
    [
      'waits with a paused pool that is not ready',
      { pool: { ...ready, is_paused: true, status: 'NOT_READY' } },
      { hold: 'paused' },
    ],
  ])('%s', async (_, world, expected) => {
    expect((await look(world)).seen).toMatchObject({ ...expected, flag: undefined });
  });

  it.each<[string, World]>([
    ['the pool has a place', { pool: { ...ready, concurrency_limit: 2 }, queue: ready, atWork: 1 }],
    ['nothing limits it', { pool: ready, queue: ready }],
    ['the pool may not be read', {}],
    ['the queue may not be read', { pool: ready }],
    ['the pool has no status, as one of agents', { pool: { ...ready, status: null }, queue: ready }],
  ])('stays as it was where %s', async (_, world) => {
    const { run, seen } = await look(world);
    expect(run.flag?.kind).toBe('late');
    expect(seen).toBe(run);
  });

  it('cannot start in a pool that Prefect calls not ready', async () => {
    expect(published.workPool.values).toContain('NOT_READY');
    expect((await look({ pool: { ...ready, status: 'NOT_READY' }, queue: ready })).seen?.flag).toEqual({
      kind: 'cannot_start',
      by: 'source',
      text: 'Prefect calls the work pool docker NOT_READY: no worker polls it.',
    });
  });

  it('cannot start in a queue that no worker of its pool polls', async () => {
    expect((await look({ pool: ready, queue: { ...ready, status: 'NOT_READY' } })).seen?.flag?.text).toBe(
      'Prefect calls the work queue urgent NOT_READY: no worker polls it.',
    );
  });

  it.each([
    ['cannot start while no process serves its deployment', { name: 'etl', status: 'NOT_READY' }, 'cannot_start'],
    ['waits for the process that serves its deployment', { name: 'etl', status: 'READY' }, 'late'],
  ])('that has no work pool %s', async (_, deployment, kind) => {
    const run = await mapped({ ...scheduled, work_pool_name: null, work_queue_name: null, deployment_id: 'd1' });
    const { fetch, asked } = fetchFrom(() => ({ body: deployment }));
    const seen = await source.inspect?.(run, fetch);
    expect(asked.map(({ url }) => url)).toEqual(['https://prefect.example/api/deployments/d1']);
    expect(seen?.flag?.kind).toBe(kind);
    expect(seen?.flag?.text?.includes('the deployment etl NOT_READY: no process serves it')).toBe(kind !== 'late');
  });

  it('asks for the runs at work of its pool and queue', async () => {
    const limited = { ...ready, concurrency_limit: 9 };
    const { asked } = await look({ pool: limited, queue: limited });
    const bodies = asked.flatMap(({ body }) => body ?? []);
    const state = { type: { any_: ['PENDING', 'RUNNING', 'CANCELLING'] } };
    const work_pools = { name: { any_: ['docker'] } };
    expect(bodies).toEqual([
      { flow_runs: { state }, work_pools, page: 1 },
      { flow_runs: { state }, work_pools, work_pool_queues: { name: { any_: ['urgent'] } }, page: 1 },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['has no pool', { ...scheduled, work_pool_name: null }],
    ['is pending: a worker has it', { ...scheduled, state_type: 'PENDING', state_name: 'Pending' }],
  ])('is not looked at where it %s', async (_, row) => {
    expect((await look({ pool: { ...ready, is_paused: true } }, row)).asked).toEqual([]);
  });
});

it.each<[string, World]>([
  ['a pool that is a list', { pool: [] as never }],
  ['a pause that is text', { pool: { ...ready, is_paused: 'false' } }],
  ['a limit that is text', { pool: { ...ready, concurrency_limit: '3' } }],
  ['a status that is a number', { pool: { ...ready, status: 1 }, queue: ready }],
  ['a count that is text', { pool: { ...ready, concurrency_limit: 3 }, atWork: '3' as never }],
])('%s is unreadable', async (_, world) => {
  await expect(look(world)).rejects.toMatchObject({ name: 'SourceError', code: 'shape' });
});

it('a pending run counts from when a worker took it', async () => {
  const row: JsonObject = { ...scheduled, state_type: 'PENDING', state_name: 'Pending' };
  const since = Date.parse('2026-11-28T11:58:00Z');
  const state = { ...(row['state'] as JsonObject), timestamp: '2026-11-28T11:58:00Z' };
  expect((await mapped({ ...row, state })).phaseAt).toBe(since);
  expect((await mapped({ ...scheduled, state })).phaseAt).toBeUndefined();
});

it('a row whose state is of another type hides no other', async () => {
  const { runs, issues, error } = await gather(
    source,
    prefectServer([{ ...scheduled, id: 'other', state: 'Late' }, scheduled]),
  );
  expect(error).toBeUndefined();
  expect([runs.length, issues.length]).toEqual([1, 1]);
  expect(issues[0]?.reason).toContain('"state" must be an object');
});
