import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { endedStatuses } from '../reading/vocabulary.js';
import { AIRFLOW_STATES } from './run.js';
import { airflowAdapter, airflowSource } from './source.js';
import { AIRFLOW_TASK_STATES } from './tasks.js';
import type { JsonObject } from '../reading/body.js';
import { airflowRow, airflowRows, airflowServer } from './testing/server.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';

const config = { url: 'https://airflow.example' };
const source = airflowSource('dags', config);
const running = airflowRow('active.json', 'hanging');
const queued = airflowRow('active.json', 'waiting');
type Words = { readonly enum: readonly string[] };
const { schemas } = fixture('airflow/openapi.json')['components'] as { schemas: Record<string, Words> };

const mapped = async (row: JsonObject) => {
  const { runs, issues } = await gather(source, airflowServer([row]), { activity: 'all' });
  expect(issues).toEqual([]);
  if (runs[0] === undefined) throw new Error('No run.');
  return runs[0];
};

describe('what Airflow publishes', () => {
  it('holds the states that are asked for, and no other', () => {
    expect(Object.keys(AIRFLOW_STATES).sort()).toEqual([...(schemas['DagRunState']?.enum ?? [])].sort());
  });

  it('holds the states of tasks that are known, and no other', () => {
    expect(Object.keys(AIRFLOW_TASK_STATES).sort()).toEqual([...(schemas['TaskInstanceState']?.enum ?? [])].sort());
  });

  it.each(schemas['DagRunState']?.enum ?? [])('holds the state %s, which is known', async (state) => {
    const run = await mapped({ ...running, state });
    expect(run.outcome).not.toBe('unknown');
    expect(run.status === 'completed').toBe(endedStatuses(AIRFLOW_STATES).includes(state));
  });

  it.each(schemas['DagRunType']?.enum ?? [])('holds the type of run %s, whose initiator is known', async (type) => {
    expect((await mapped({ ...running, run_type: type })).initiator?.kind).toBeDefined();
  });
});

describe('a list of DAG runs', () => {
  it('asks for the active runs of all DAGs, in as many pages as the server makes of them', async () => {
    const { runs, asked, incomplete } = await gather(source, airflowServer(airflowRows('active.json'), 2));
    expect(runs).toHaveLength(5);
    expect(incomplete).toEqual([]);
    const list =
      'https://airflow.example/api/v2/dags/~/dagRuns?state=queued&state=running&order_by=id&limit=100&offset=';
    expect(asked.map(({ url }) => url)).toEqual([`${list}0`, `${list}2`, `${list}4`]);
  });

  it('is read a second time when a run that ended pulled another over the edge of a page', async () => {
    let rows = airflowRows('active.json');
    const server: Server = (url, request) => {
      const answer = airflowServer(rows, 2)(url, request);
      rows = rows.filter((row) => row['dag_id'] !== 'healthy');
      return answer;
    };
    const { runs, incomplete } = await gather(source, server);
    expect(runs).toHaveLength(5);
    expect(incomplete).toEqual([]);
  });

  it('adds no more ended runs than were asked for', async () => {
    const { runs, asked } = await gather(source, airflowServer(airflowRows('ended.json')), {
      activity: 'recent',
      limit: 1,
    });
    expect(runs).toHaveLength(1);
    expect(asked.at(-1)?.url).toContain('state=success&state=failed&order_by=-end_date&limit=1&offset=0');
  });
});

describe('a run whose task and scheduler were killed', () => {
  const policy = createPolicy({ version: 1 });
  const HOUR = 3_600_000;

  it('stays running to Airflow, and is likely stuck to us in time', async () => {
    const dead = airflowRow('active-after-kill9.json', 'hanging');
    const run = await mapped(dead);
    expect(run).toEqual(await mapped(running));
    const { startedAt = 0 } = run;
    expect(classify(run, policy, startedAt + 60_000).state).toBe('fresh');
    expect(classify(run, policy, startedAt + 6 * HOUR)).toMatchObject({ state: 'likely_stale', clock: 'run' });
  });
});

describe('a look at the tasks', () => {
  const look = async (row: JsonObject, answers: Readonly<Record<string, unknown>>) => {
    const run = await mapped(row);
    const { fetch, asked } = fetchFrom((url) => {
      const path = Object.keys(answers).find((end) => url.pathname.endsWith(end));
      return path === undefined ? { status: 404, body: {} } : { body: answers[path] };
    });
    return { run, seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => new URL(url).pathname) };
  };
  const health = fixture('airflow/health.json');
  const tasks = (...states: readonly (string | null)[]) => ({
    'monitor/health': health,
    taskInstances: {
      total_entries: states.length,
      task_instances: states.map((state) => ({
        state,
        start_date: '2026-11-23T08:00:00Z',
        end_date: '2026-11-23T08:05:00Z',
      })),
    },
  });

  it('flags a run that does not move since the scheduler is dead', async () => {
    const { seen, asked } = await look(running, { 'monitor/health': fixture('airflow/health-after-kill9.json') });
    expect(seen?.flag).toEqual({
      kind: 'worker_lost',
      by: 'source',
      text: 'Airflow calls its scheduler unhealthy, so the run does not move.',
      since: Date.parse('2026-11-23T08:00:17.926Z'),
    });
    expect(asked).toEqual(['/api/v2/monitor/health']);
  });

  it('learns the progress of a run at work', async () => {
    const recorded = { 'monitor/health': health, taskInstances: fixture('airflow/tasks-running.json') };
    const { run, seen, asked } = await look(running, recorded);
    expect(seen).toEqual({ ...run, progress: { processed: 0, total: 1, unit: 'tasks' } });
    expect(asked).toEqual([
      '/api/v2/monitor/health',
      '/api/v2/dags/hanging/details',
      '/api/v2/dags/hanging/dagRuns/live__hanging/taskInstances',
    ]);
    const some = await look(running, tasks('success', 'failed', 'running', null));
    expect(some.seen).toMatchObject({ progress: { processed: 2, total: 4, failed: 1 } });
    expect([some.seen?.flag, some.seen?.hold]).toEqual([undefined, undefined]);
  });

  it('flags a run all of whose tasks have ended', async () => {
    expect((await look(running, tasks('success', 'skipped'))).seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'All 2 tasks have ended, but the run has not.',
      since: Date.parse('2026-11-23T08:05:00Z'),
    });
  });

  it('takes a run that is deferred for one that waits for an event', async () => {
    const recorded = { 'monitor/health': health, taskInstances: fixture('airflow/tasks-deferred.json') };
    const { seen } = await look(airflowRow('active.json', 'deferred'), recorded);
    expect(seen).toMatchObject({ hold: 'event', holdSince: Date.parse('2026-11-23T07:57:34.211Z') });
  });

  it.each([
    [['up_for_retry', null], 'retry'],
    [['success', 'up_for_reschedule', 'up_for_retry'], 'event'],
    [['awaiting_input', 'deferred'], 'approval'],
    [['deferred', 'running'], undefined],
    [['deferred', 'levitating'], undefined],
    [['success', null], undefined],
  ])('of tasks that are %j takes the run to wait for %s', async (states, hold) => {
    expect((await look(running, tasks(...states))).seen?.hold).toBe(hold);
  });

  it('flags a deferred run when the triggerer is dead', async () => {
    const triggerer = { status: 'unhealthy', latest_triggerer_heartbeat: '2026-11-23T08:00:00+00:00' };
    const answers = { ...tasks('deferred'), 'monitor/health': { ...health, triggerer } };
    const { seen } = await look(running, answers);
    expect(seen?.hold).toBeUndefined();
    expect(seen?.flag).toMatchObject({ kind: 'worker_lost', since: Date.parse('2026-11-23T08:00:00Z') });
  });

  it('reads every page of tasks', async () => {
    const run = await mapped(running);
    const { fetch, asked } = fetchFrom((url) => {
      if (!url.pathname.endsWith('/taskInstances')) return { status: 404, body: {} };
      const first = Number(url.searchParams.get('offset') ?? 0);
      const task_instances = Array.from({ length: 100 }, (_, index) => ({
        task_id: `load ${first + index}`,
        state: first + index === 499 ? 'running' : 'success',
      }));
      return { body: { total_entries: 500, task_instances } };
    });
    const seen = await source.inspect?.(run, fetch);
    expect(seen).toMatchObject({ progress: { processed: 499, total: 500 }, flag: undefined });
    expect(asked.filter(({ url }) => url.includes('taskInstances'))).toHaveLength(5);
  });

  it('says nothing about a run whose tasks did not all arrive', async () => {
    const run = await mapped(running);
    const { fetch } = fetchFrom((url) =>
      url.pathname.endsWith('/taskInstances')
        ? { body: { total_entries: 900, task_instances: url.searchParams.has('offset') ? [] : [{ state: 'success' }] } }
        : { status: 404, body: {} },
    );
    await expect(source.inspect?.(run, fetch)).rejects.toThrow('Airflow counts 900 tasks and sent 1.');
  });

  it('waits with its paused DAG, unless a task is at work', async () => {
    const details = { ...fixture('airflow/dag-paused.json'), dag_id: 'hanging' };
    const none = await look(running, { ...tasks('success', 'scheduled', null), '/details': details });
    expect(none.seen).toMatchObject({ hold: 'paused', waitsFor: { kind: 'DAG', name: 'hanging' } });
    const empty = await look(running, { ...tasks(), '/details': details });
    expect(empty.seen?.hold).toBe('paused');
    const some = await look(running, { ...tasks('running', 'scheduled'), '/details': details });
    expect(some.seen?.hold).toBeUndefined();
    const ended = await look(running, { ...tasks('success'), '/details': details });
    expect(ended.seen).toMatchObject({ hold: 'paused', flag: undefined });
  });

  it('has the timeout of its DAG as its deadline', async () => {
    const { run, seen } = await look(running, { ...tasks('running'), '/details': { dag_run_timeout: 'PT2H' } });
    expect(seen?.deadlineAt).toBe((run.startedAt ?? 0) + 2 * 3_600_000);
    const without = await look(running, { ...tasks('running'), '/details': { dag_run_timeout: null } });
    expect(without.seen?.deadlineAt).toBeUndefined();
  });

  it.each([
    ['has a fixed delay', { retry_delay: { days: 0, seconds: 300 }, retry_exponential_backoff: false }, 300_000],
    ['has a long one', { retry_delay: { days: 1, seconds: 0 }, retry_exponential_backoff: 0 }, 86_400_000],
    ['backs off exponentially', { retry_delay: { days: 0, seconds: 300 }, retry_exponential_backoff: true }, undefined],
    ['backs off by a factor', { retry_delay: { days: 0, seconds: 300 }, retry_exponential_backoff: 2 }, undefined],
    ['cannot be read', {}, undefined],
  ])('waits for a retry that %s', async (_, task, delayMs) => {
    const until = delayMs === undefined ? undefined : Date.parse('2026-11-23T08:05:00Z') + delayMs;
    const states = tasks('success', 'up_for_retry');
    states.taskInstances.task_instances = states.taskInstances.task_instances.map((one) => ({
      ...one,
      task_id: 'nap',
    }));
    const { seen, asked } = await look(running, { ...states, '/tasks/nap': task });
    expect(seen).toMatchObject({ hold: 'retry' });
    expect(seen?.waitsFor?.until).toBe(until);
    expect(asked.at(-1)).toBe('/api/v2/dags/hanging/tasks/nap');
  });

  describe('whose tasks wait for a place', () => {
    const scheduled = (...pools: readonly string[]) => ({
      'monitor/health': health,
      'live__hanging/taskInstances': {
        total_entries: pools.length,
        task_instances: pools.map((pool, index) => ({ task_id: `load ${index}`, state: 'scheduled', pool })),
      },
    });
    const pools = (open: number) => ({ pools: [{ name: 'etl', slots: 3, open_slots: open }], total_entries: 1 });

    it.each([
      ['a full pool', ['etl', 'etl'], 0, 'limit'],
      ['an over-full pool', ['etl'], -2, 'limit'],
      ['a pool with room', ['etl'], 1, undefined],
      ['a full pool and another', ['etl', 'default_pool'], 0, undefined],
    ])('reads %s', async (_, of, open, hold) => {
      const { seen } = await look(running, { ...scheduled(...of), '/pools': pools(open), '/details': {} });
      const waitsFor = { kind: 'pool', name: 'etl', state: 'all 3 slots in use' };
      expect([seen?.hold, seen?.waitsFor]).toEqual([hold, hold === undefined ? undefined : waitsFor]);
    });

    it.each([
      [2, 2, 'limit'],
      [1, 2, undefined],
      [9, undefined, undefined],
    ])('reads %i running tasks of %j that the DAG allows', async (total_entries, max_active_tasks, hold) => {
      const { seen } = await look(running, {
        ...scheduled('etl'),
        '/pools': pools(3),
        '/details': { max_active_tasks },
        '~/taskInstances': { task_instances: [], total_entries },
      });
      expect(seen?.hold).toBe(hold);
    });
  });

  it('takes a queued run to be paused with its DAG, or to wait for others of it', async () => {
    const details = fixture('airflow/dag-paused.json');
    const paused = await look(queued, { 'monitor/health': health, '/details': details });
    expect(paused.seen).toEqual({ ...paused.run, hold: 'paused', waitsFor: { kind: 'DAG', name: 'waiting' } });
    const unpaused = { ...details, is_paused: false };
    const full = {
      'monitor/health': health,
      '/details': unpaused,
      '/dagRuns': { dag_runs: [{ run_type: 'manual' }], total_entries: 1 },
    };
    expect((await look(queued, full)).seen).toMatchObject({
      hold: 'limit',
      waitsFor: { kind: 'max_active_runs', state: '1 of 1 runs at work' },
    });
    for (const dag_runs of [[], [{ run_type: 'backfill' }]]) {
      const free = await look(queued, { ...full, '/dagRuns': { dag_runs, total_entries: dag_runs.length } });
      expect(free.seen).toBe(free.run);
    }
  });
});

describe('a run of a backfill', () => {
  const row = { ...queued, run_type: 'backfill', run_after: '2026-10-20T00:00:00Z' };
  const backfill = (more: JsonObject = {}): JsonObject => ({
    id: 7,
    from_date: '2026-10-19T00:00:00Z',
    to_date: '2026-10-29T00:00:00Z',
    is_paused: false,
    max_active_runs: 2,
    completed_at: null,
    ...more,
  });
  const inspected = async (backfills: readonly JsonObject[], running = 0) => {
    const run = await mapped(row);
    const { fetch } = fetchFrom((url) => {
      if (url.pathname.endsWith('/backfills')) return { body: { backfills, total_entries: backfills.length } };
      if (url.pathname.endsWith('/details')) return { body: { dag_id: 'waiting', max_active_runs: 16 } };
      if (url.pathname.endsWith('/dagRuns')) return { body: { dag_runs: [], total_entries: running } };
      return { status: 404, body: {} };
    });
    return source.inspect?.(run, fetch);
  };

  it.each([
    ['is paused with it', [backfill({ is_paused: true })], 0, { hold: 'paused', flag: undefined }],
    ['waits for others of it', [backfill()], 2, { hold: 'limit', flag: undefined }],
    ['is due where there is room', [backfill()], 1, { hold: undefined, flag: undefined }],
    [
      'is not paused with one of other dates',
      [backfill({ is_paused: true, from_date: '2026-01-01T00:00:00Z', to_date: '2026-01-02T00:00:00Z' }), backfill()],
      0,
      { hold: undefined, flag: undefined },
    ],
    [
      'is orphaned where it was cancelled',
      [backfill({ completed_at: '2026-11-01T00:00:00Z' })],
      0,
      {
        hold: undefined,
        flag: { kind: 'orphaned', by: 'tardy' },
      },
    ],
    ['stays as it was where none is known', [], 0, { hold: undefined, flag: undefined }],
  ])('%s', async (_, backfills, running, expected) => {
    expect(await inspected(backfills, running)).toMatchObject(expected);
  });
});

describe('signing in', () => {
  const signed = airflowSource('dags', config, 'ana:pass:word');

  /** Gives tokens in turn, and takes one alone. */
  function guarded(valid: () => string, login?: { status: number; body: unknown }): Server {
    let given = 0;
    return (url, request) => {
      if (url.pathname === '/auth/token') return login ?? { status: 201, body: { access_token: `t${++given}` } };
      if (request.headers?.['authorization'] !== `Bearer ${valid()}`) return { status: 401, body: {} };
      return airflowServer(airflowRows('active.json'), 3)(url, request);
    };
  }

  it('exchanges a user and a password for a token, once', async () => {
    const { runs, asked } = await gather(
      airflowSource('dags', config, 'ana:pass:word'),
      guarded(() => 't1'),
    );
    expect(runs).toHaveLength(5);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
      '/auth/token',
      ...Array(2).fill('/api/v2/dags/~/dagRuns'),
    ]);
    expect(asked[0]).toMatchObject({ method: 'POST', body: { username: 'ana', password: 'pass:word' } });
  });

  it('signs in again when the token has expired', async () => {
    const fresh = airflowSource('dags', config, 'ana:pass:word');
    await gather(
      fresh,
      guarded(() => 't1'),
    );
    // A server that was set up again in between: its earlier sessions are invalid.
    const { runs, asked, error } = await gather(fresh, (url, request) =>
      url.pathname === '/auth/token'
        ? { status: 201, body: { access_token: 'new' } }
        : guarded(() => 'new')(url, request),
    );
    expect(error).toBeUndefined();
    expect(runs).toHaveLength(5);
    expect(asked.filter(({ url }) => url.endsWith('/auth/token'))).toHaveLength(1);
  });

  it('gives up when a new token does not help either', async () => {
    const { error, asked } = await gather(
      signed,
      guarded(() => 'never'),
    );
    expect(error?.code).toBe('auth');
    expect(asked).toHaveLength(4);
  });

  it.each([
    [401, { detail: 'Invalid credentials' }, 'Check the user and the password'],
    [422, { detail: [{ input: { password: 'pass:word' } }] }, 'Check the user and the password'],
    [405, { detail: 'Method Not Allowed' }, 'Configure a token instead of user:password'],
  ])('says what to do about a login response of %i, without a secret', async (status, body, mend) => {
    const { error, asked } = await gather(
      airflowSource('dags', config, 'ana:pass:word'),
      guarded(() => '', { status, body }),
    );
    expect(error).toMatchObject({ code: 'auth', status });
    expect(error?.message).toContain(mend);
    expect(error?.message).not.toContain('pass:word');
    expect(asked).toHaveLength(1);
  });

  it('says of a login without a token that this is no Airflow', async () => {
    const { error } = await gather(
      airflowSource('dags', config, 'a:b'),
      guarded(() => '', { status: 200, body: [] }),
    );
    expect(error?.code).toBe('shape');
  });

  it('sends a token as it is', () => {
    expect(airflowAdapter.credentialHeaders('ey.a.b', config)).toEqual({ authorization: 'Bearer ey.a.b' });
    expect(airflowAdapter.credentialHeaders('ana:password', config)).toEqual({});
  });
});
