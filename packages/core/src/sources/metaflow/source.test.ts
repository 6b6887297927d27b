import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { METAFLOW_TASK_STATUSES } from './run.js';
import { metaflowSource } from './source.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { metaflowRow, metaflowRows, metaflowServer } from './testing/server.js';

const source = metaflowSource('flows', { url: 'https://metaflow.example/api' });
const policy = createPolicy({ version: 1 });
const healthy = metaflowRow('active.json', 5);

async function runOf(number: number): Promise<Run> {
  const { runs } = await gather(source, metaflowServer([metaflowRow('active.json', number)]));
  const [run] = runs;
  if (run === undefined) throw new Error('No run.');
  return run;
}

describe('what Metaflow publishes', () => {
  it('has statuses of tasks that are all known', () => {
    const { values } = fixture('metaflow/statuses.json')['tasks'] as { readonly values: readonly string[] };
    expect(Object.keys(METAFLOW_TASK_STATUSES)).toEqual(expect.arrayContaining([...values]));
  });

  it.each(fixture('metaflow/statuses.json')['values'] as string[])(
    'holds the status %s, which is known',
    async (status) => {
      const { runs } = await gather(source, metaflowServer([{ ...healthy, status }]), { activity: 'all' });
      expect(runs[0]?.outcome).not.toBe('unknown');
    },
  );
});

describe('a list of runs', () => {
  it('asks for what has not ended, whatever it is called', async () => {
    const { runs, asked, error } = await gather(source, () => ({ body: fixture('metaflow/active.json') }));
    expect(error).toBeUndefined();
    expect(runs.map(({ id }) => id)).toEqual(['NapFlow/2', 'NapFlow/3', 'NapFlow/4', 'NapFlow/5']);
    expect(asked.map(({ url }) => decodeURIComponent(new URL(url).search))).toEqual([
      '?status:ne=completed&status:ne=failed&_order=+ts_epoch&_limit=1000',
    ]);
  });

  it('continues where a page ended, so that none is missed when others end meanwhile', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => ({
      ...healthy,
      run: `${index}`,
      ts_epoch: 1_795_450_000_000 + index,
    }));
    let held = rows;
    const server: Server = (url, request) => {
      const answer = metaflowServer(held)(url, request);
      // The first hundred end as soon as they were read.
      held = held.slice(100);
      return answer;
    };
    const { runs, asked, error } = await gather(source, server);
    expect(error).toBeUndefined();
    expect(new Set(runs.map(({ id }) => id)).size).toBe(2500);
    expect(asked.map(({ url }) => new URL(url).searchParams.get('ts_epoch:ge'))).toEqual([
      null,
      '1795450000999',
      '1795450001998',
    ]);
  });

  it('turns the page where more runs began in one millisecond than a page holds', async () => {
    const rows = Array.from({ length: 2001 }, (_, index) => ({ ...healthy, run: `${index}` }));
    const { runs, asked } = await gather(source, metaflowServer(rows));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(2001);
    expect(asked.map(({ url }) => new URL(url).searchParams.get('_page'))).toEqual([null, null, '2', '3']);
  });

  it('pushes what the backend can filter, and adds no more ended runs than were asked for', async () => {
    const since = Date.parse('2026-11-23T12:00:00Z');
    const { asked } = await gather(source, metaflowServer([]), {
      activity: 'recent',
      limit: 7,
      type: 'NapFlow',
      since,
    });
    expect(asked.map(({ url }) => decodeURIComponent(new URL(url).search))).toEqual([
      `?status:ne=completed&status:ne=failed&flow_id=NapFlow&ts_epoch:ge=${since}&_order=+ts_epoch&_limit=1000`,
      `?status=completed,failed&flow_id=NapFlow&ts_epoch:ge=${since}&_order=-ts_epoch&_limit=7`,
    ]);
  });
});

describe('a run whose process was killed', () => {
  const killedAt = Number(metaflowRow('active.json', 3)['last_heartbeat_ts']) * 1000;

  it('stays running to Metaflow; its heartbeat stops, and that is how it is found', async () => {
    const run = await runOf(3);
    expect(run).toMatchObject({ status: 'running', heartbeatAt: killedAt, native: { status: 'running' } });
    expect(classify(run, policy, killedAt + 60_000).state).toBe('fresh');
    expect(classify(run, policy, killedAt + 600_000)).toMatchObject({ state: 'likely_stale', clock: 'silence' });
  });

  it('names the step that fell silent', async () => {
    const run = await runOf(3);
    const work = metaflowRows('tasks-killed.json').find(({ step_name: step }) => step === 'work') ?? {};
    const silentSince = Number(work['last_heartbeat_ts']) * 1000;
    const { fetch, asked } = fetchFrom(() => ({ body: fixture('metaflow/tasks-killed.json') }));
    expect(await source.inspect?.(run, fetch)).toEqual({
      ...run,
      flag: { kind: 'worker_lost', by: 'tardy', text: 'The step work sends no heartbeat.', since: silentSince },
    });
    expect(asked.map(({ url }) => url)).toEqual([
      'https://metaflow.example/api/flows/NapFlow/runs/3/tasks?_order=-ts_epoch&_limit=1000',
    ]);
  });
});

describe('a run that a failed step has ended', () => {
  const rows = metaflowRows('tasks-failed.json');
  const work = rows.find(({ step_name: step }) => step === 'work') ?? {};
  const failedAt = work['finished_at'] as number;
  const inspected = async (tasks: readonly unknown[], run?: Partial<Run>) => {
    const seen = { ...(await runOf(2)), ...run };
    const { fetch } = fetchFrom(() => ({ body: { data: tasks } }));
    return { seen, after: await source.inspect?.(seen, fetch) };
  };

  it('is running to Metaflow for minutes; its tasks say that it has failed', async () => {
    const { after } = await inspected(rows);
    expect(after).toMatchObject({
      status: 'completed',
      outcome: 'failed',
      endedAt: failedAt,
      failure: { message: 'The step work failed.' },
      native: { status: 'running' },
    });
  });

  it.each([
    ['tries again', [...rows, { ...work, attempt_id: 1, status: 'running', finished_at: null }], 'running'],
    ['has another branch at work', [...rows, { ...work, task_id: 9, status: 'running', finished_at: null }], 'running'],
    ['has a task in a status of tomorrow', [...rows, { ...work, task_id: 9, status: 'dreaming' }], 'running'],
    [
      'has a task that waits to begin',
      [...rows, { ...work, task_id: 9, status: 'pending', finished_at: null }],
      'queued',
    ],
    ['has succeeded in the next attempt', [...rows, { ...work, attempt_id: 1, status: 'completed' }], 'running'],
  ])('continues if it %s', async (_, tasks, status) => {
    const { after } = await inspected(tasks);
    expect(after).toMatchObject({ status, outcome: 'pending', flag: undefined });
  });

  it('continues if its process outlived the failure', async () => {
    const { seen, after } = await inspected(rows, { heartbeatAt: failedAt + 30_000 });
    expect(after).toBe(seen);
  });
});

describe('what the tasks of a silent run show', () => {
  const startedAt = healthy['ts_epoch'] as number;
  const task = (id: number, status: string, more: JsonObject = {}): JsonObject => ({
    step_name: 'train',
    task_id: id,
    attempt_id: 0,
    status,
    ts_epoch: startedAt + 60_000,
    finished_at: null,
    last_heartbeat_ts: null,
    ...more,
  });
  const beat = (ms: number) => ({ last_heartbeat_ts: (startedAt + ms) / 1000 });
  /** Looks at the run, whose own last heartbeat is a minute old by then; pages have one task. */
  const look = async (tasks: readonly unknown[], heartbeatMs = 0) => {
    const run: Run = { ...(await runOf(5)), startedAt: startedAt, heartbeatAt: startedAt + heartbeatMs };
    const { fetch } = fetchFrom(({ searchParams }) => {
      const page = Number(searchParams.get('_page') ?? 1);
      const next = page < tasks.length ? page + 1 : null;
      return { body: { data: tasks.slice(page - 1, page), status: 200, pages: { self: page, next } } };
    });
    return { run, seen: await source.inspect?.(run, fetch) };
  };

  it('is the heartbeat of a task on a later page', async () => {
    const tasks = [task(3, 'completed'), task(2, 'failed', beat(1000)), task(1, 'running', beat(90_000))];
    const { run, seen } = await look(tasks);
    expect(seen).toEqual({ ...run, heartbeatAt: startedAt + 90_000 });
  });

  it('is no heartbeat where the run itself has a newer one', async () => {
    const { run, seen } = await look([task(1, 'running', beat(10_000))], 50_000);
    expect(seen).toBe(run);
  });

  it('is that it waits for a task to begin', async () => {
    const { seen } = await look([task(2, 'pending'), task(1, 'completed', beat(50_000))]);
    expect(seen).toMatchObject({
      status: 'queued',
      startedAt,
      phaseAt: startedAt + 60_000,
      heartbeatAt: undefined,
      heartbeatInterval: undefined,
      flag: undefined,
    });
    const alive = await look([task(2, 'pending')], 90_000);
    expect(alive.seen).toBe(alive.run);
  });

  it('is that it never began', async () => {
    const { seen } = await look([]);
    expect(seen).toMatchObject({
      status: 'queued',
      startedAt: undefined,
      queuedAt: startedAt,
      flag: { kind: 'stuck', by: 'tardy', text: 'It has no task: it never began.' },
    });
  });

  it('is nothing between two tasks', async () => {
    const { run, seen } = await look([task(1, 'completed'), task(0, 'unknown')]);
    expect(seen).toBe(run);
  });

  it.each([
    [7],
    [task(1, 5 as never)],
    [task(1, 'failed', { attempt_id: '0' })],
    [task(1, 'failed', { last_heartbeat_ts: [[]] })],
  ])('is unreadable where a task is %j', async (broken) => {
    await expect(look([task(3, 'completed'), broken])).rejects.toMatchObject({ code: 'shape' });
  });
});

it.each([
  ['tags', { ...healthy, system_tags: 'user:dana' }],
  ['a status', { ...healthy, status: 5, run: null, run_number: null }],
])('a row with %s of another type hides no other', async (_, row) => {
  const { runs, issues } = await gather(source, metaflowServer([row, { ...healthy, run: '77' }]));
  expect([runs.length, issues.length]).toEqual([1, 1]);
});

it('a page that names a next one is not the last, however few rows it has', async () => {
  const server: Server = ({ searchParams }) => {
    const second = searchParams.has('ts_epoch:ge');
    const row = second ? { ...healthy, run: '77', ts_epoch: Number(healthy['ts_epoch']) + 1 } : healthy;
    return { body: { data: [row], status: 200, pages: { next: second ? null : 2 } } };
  };
  expect((await gather(source, server)).runs.map(({ id }) => id)).toEqual(['NapFlow/5', 'NapFlow/77']);
});

it.each([{ next: '2' }, { next: -1 }])('pages that are %j are unreadable', async (pages) => {
  const { error } = await gather(source, () => ({ body: { data: [healthy], status: 200, pages } }));
  expect(error?.code).toBe('shape');
});

it('a pending run is queued', async () => {
  const { runs } = await gather(source, metaflowServer([{ ...healthy, status: 'pending' }]));
  expect(runs[0]).toMatchObject({ status: 'queued', queuedAt: healthy['ts_epoch'], startedAt: undefined });
  expect(runs[0]?.outcome).toBe('pending');
});

it('a run that sends heartbeats says how often', async () => {
  expect((await runOf(5)).heartbeatInterval).toBe(10_000);
  const { runs } = await gather(source, metaflowServer([{ ...healthy, last_heartbeat_ts: null }]));
  expect(runs[0]?.heartbeatInterval).toBeUndefined();
});
