import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { Run } from '../../run.js';
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
    const { fetch, asked } = fetchFrom(() => ({ body: fixture('metaflow/tasks-killed.json') }));
    expect(await source.inspect?.(run, fetch)).toEqual({
      ...run,
      flag: { kind: 'worker_lost', text: 'The step work sends no heartbeat.' },
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
    ['tries again', [...rows, { ...work, attempt_id: 1, status: 'running', finished_at: null }]],
    ['has another branch at work', [...rows, { ...work, task_id: 9, status: 'running', finished_at: null }]],
    ['has a task that waits to begin', [...rows, { ...work, task_id: 9, status: 'pending', finished_at: null }]],
    ['has succeeded in the next attempt', [...rows, { ...work, attempt_id: 1, status: 'completed' }]],
  ])('continues if it %s', async (_, tasks) => {
    const { seen, after } = await inspected(tasks);
    expect(after).toBe(seen);
  });

  it('continues if its process outlived the failure', async () => {
    const { seen, after } = await inspected(rows, { heartbeatAt: failedAt + 30_000 });
    expect(after).toBe(seen);
  });
});
