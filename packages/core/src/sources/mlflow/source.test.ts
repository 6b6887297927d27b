import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { MLFLOW_ACTIVE, MLFLOW_ENDED, mlflowSource } from './source.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { mlflowRow, mlflowServer, withInfo } from './testing/server.js';

const source = mlflowSource('tracking', { url: 'https://mlflow.example' });
const policy = createPolicy({ version: 1 });
const healthy = mlflowRow('running.json', 'healthy');

describe('what MLflow publishes', () => {
  const words = Object.keys(fixture('mlflow/run-status.json')['values'] as object);

  it('holds every status that is asked for, and no other', () => {
    expect([...MLFLOW_ACTIVE, ...MLFLOW_ENDED].sort()).toEqual(words.sort());
  });

  it.each(words)('holds the status %s, which is known', async (status) => {
    const { runs } = await gather(source, mlflowServer([withInfo(healthy, { status })]), { activity: 'all' });
    expect(runs[0]?.outcome).not.toBe('unknown');
    expect(runs[0]?.status === 'completed').toBe((MLFLOW_ENDED as readonly string[]).includes(status));
  });
});

describe('a list of runs', () => {
  it('asks for the experiments, then for their runs that have not ended, page by page', async () => {
    const server: Server = (url, request) => {
      if (!url.pathname.endsWith('/runs/search')) return mlflowServer([])(url, request);
      const second = (request.body as { page_token?: string }).page_token !== undefined;
      return { body: fixture(`mlflow/page-${second ? 2 : 1}.json`) };
    };
    const { runs, asked, error } = await gather(source, server);
    expect(error).toBeUndefined();
    expect(runs.map(({ title }) => title)).toEqual(['healthy', 'hung', 'made-scheduled', 'made-silent']);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
      '/api/2.0/mlflow/experiments/search',
      '/api/2.0/mlflow/runs/search',
      '/api/2.0/mlflow/runs/search',
    ]);
    expect(asked[2]?.body).toEqual({
      experiment_ids: ['2', '1', '0'],
      filter: "attributes.status != 'FINISHED' AND attributes.status != 'FAILED' AND attributes.status != 'KILLED'",
      run_view_type: 'ACTIVE_ONLY',
      max_results: 1000,
      order_by: ['attributes.start_time ASC'],
      page_token: (fixture('mlflow/page-1.json') as { next_page_token: string }).next_page_token,
    });
  });

  it('adds no more ended runs than were asked for', async () => {
    const { asked } = await gather(source, mlflowServer([healthy]), { activity: 'recent', limit: 7 });
    expect(asked.at(-1)?.body).toMatchObject({ max_results: 7, order_by: ['attributes.end_time DESC'] });
  });

  it('names few enough experiments in one question', async () => {
    const experiments = Array.from({ length: 1200 }, (_, index) => ({ experiment_id: `${index}`, name: `e${index}` }));
    const server: Server = (url) => ({ body: url.pathname.endsWith('/experiments/search') ? { experiments } : {} });
    const { asked, error } = await gather(mlflowSource('many', { url: 'https://mlflow.example' }), server);
    expect(error).toBeUndefined();
    expect(asked.slice(1).map(({ body }) => (body as { experiment_ids: string[] }).experiment_ids.length)).toEqual([
      500, 500, 200,
    ]);
  });
});

describe('a run whose process was killed', () => {
  const lastMetricAt = 1_795_419_497_476;

  it('stays RUNNING to MLflow; its metrics stop, and that is how it is found', async () => {
    const { runs } = await gather(source, mlflowServer([mlflowRow('active-after-kill9.json', 'hung')]));
    const [run] = runs;
    if (run === undefined) throw new Error('No run.');
    expect(run).toMatchObject({ status: 'running', heartbeatAt: lastMetricAt, native: { status: 'RUNNING' } });
    expect(classify(run, policy, lastMetricAt + 60_000).state).toBe('fresh');
    expect(classify(run, policy, lastMetricAt + 600_000)).toMatchObject({ state: 'likely_stale', clock: 'silence' });
  });

  it('is fresh all the same while a child of it logs metrics', async () => {
    const { runs } = await gather(source, mlflowServer([mlflowRow('running.json', 'hung')]));
    const [run] = runs;
    if (run === undefined) throw new Error('No run.');
    const child = fetchFrom(() => ({ body: { runs: [mlflowRow('active-after-kill9.json', 'healthy')] } }));
    expect(await source.inspect?.(run, child.fetch)).toEqual({ ...run, heartbeatAt: 1_795_419_636_225 });
    expect(child.asked[0]?.body).toMatchObject({
      filter: "tags.mlflow.parentRunId = 'e5e007673b604357b17305737f232aa4' AND attributes.status = 'RUNNING'",
    });
    const childless = fetchFrom(() => ({ body: {} }));
    expect(await source.inspect?.(run, childless.fetch)).toBe(run);
  });
});

describe('a single run', () => {
  it('brings the name of its experiment along', async () => {
    const { fetch } = fetchFrom(mlflowServer([healthy]));
    const fresh = mlflowSource('tracking', { url: 'https://mlflow.example/' });
    expect((await fresh.get('a6ef5cdf7ff749d7abe5d538d0481f88', fetch))?.type).toBe('training');
  });

  it('is gone once it was deleted', async () => {
    const { fetch } = fetchFrom(mlflowServer([withInfo(healthy, { lifecycle_stage: 'deleted' })]));
    expect(await source.get('a6ef5cdf7ff749d7abe5d538d0481f88', fetch)).toBeUndefined();
  });
});
