import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { endedStatuses } from '../reading/vocabulary.js';
import { metricInterval, MLFLOW_STATUSES } from './run.js';
import { mlflowSource } from './source.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { mlflowRow, mlflowServer, withInfo } from './testing/server.js';

const source = mlflowSource('tracking', { url: 'https://mlflow.example' });
const policy = createPolicy({ version: 1 });
const healthy = mlflowRow('running.json', 'healthy');

describe('what MLflow publishes', () => {
  const words = Object.keys(fixture('mlflow/run-status.json')['values'] as object);

  it('has every status that we know, and no other', () => {
    expect(Object.keys(MLFLOW_STATUSES).sort()).toEqual(words.sort());
  });

  it.each(words)('holds the status %s, which is known', async (status) => {
    const { runs } = await gather(source, mlflowServer([withInfo(healthy, { status })]), { activity: 'all' });
    expect(runs[0]?.outcome).not.toBe('unknown');
    expect(runs[0]?.status === 'completed').toBe(endedStatuses(MLFLOW_STATUSES).includes(status));
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

  it('is not alive by a metric of the future, such as the date of a forecast', async () => {
    const row = mlflowRow('active-after-kill9.json', 'hung');
    const data = row['data'] as { metrics: readonly JsonObject[] };
    const at = (timestamp: number) => ({
      ...data,
      metrics: [...data.metrics, { key: 'forecast', timestamp, step: 0 }],
    });
    const date = new Date(lastMetricAt + 3_600_000);
    const read = async (timestamp: number) => {
      const server: Server = (url, request) => ({
        ...mlflowServer([{ ...row, data: at(timestamp) }])(url, request),
        headers: { date: date.toUTCString() },
      });
      return (await gather(source, server)).runs[0]?.heartbeatAt;
    };
    const second = Math.floor(date.getTime() / 1000) * 1000;
    expect(await read(second + 30_001)).toBe(lastMetricAt);
    expect(await read(second + 30_000)).toBe(second + 30_000);
  });

  const own = 'e5e007673b604357b17305737f232aa4';
  const logging = mlflowRow('active-after-kill9.json', 'healthy');
  const below = (id: string, parent: string, row = logging): JsonObject => ({
    ...withInfo(row, { run_id: id }),
    data: { ...(row['data'] as JsonObject), tags: [{ key: 'mlflow.parentRunId', value: parent }] },
  });
  const silent = (id: string, parent: string) => below(id, parent, mlflowRow('running.json', 'made-silent'));

  it.each<[string, readonly JsonObject[], boolean]>([
    ['a child of it logs', [below('a', own)], true],
    ['a child of its child logs', [silent('a', own), below('b', 'a')], true],
    ['the child of another logs', [silent('a', own), below('b', 'other')], false],
    ['no child of it logs', [silent('a', own)], false],
    ["runs are each other's parents", [silent('a', own), silent(own, 'a')], false],
    ['there are no children', [], false],
  ])('while %s', async (_, children, isAlive) => {
    const { runs } = await gather(source, mlflowServer([mlflowRow('running.json', 'hung')]));
    const [run] = runs;
    if (run === undefined) throw new Error('No run.');
    const { fetch, asked } = fetchFrom((_url, { body }) => {
      const { filter, page_token: token } = (body ?? {}) as { filter?: string; page_token?: string };
      if (filter === undefined) return { status: 404, body: {} };
      const first = Number(token ?? 0);
      const more = first + 1 < children.length ? { next_page_token: String(first + 1) } : {};
      return { body: children.length === 0 ? {} : { runs: children.slice(first, first + 1), ...more } };
    });
    const seen = await source.inspect?.(run, fetch);
    expect(seen).toEqual(isAlive ? { ...run, heartbeatAt: 1_795_419_636_225 } : run);
    expect(asked[0]?.body).toMatchObject({
      filter: "attributes.status = 'RUNNING' AND tags.mlflow.parentRunId LIKE '%'",
    });
  });
});

it.each([
  ['info', { ...healthy, info: [] }],
  ['data', { ...healthy, data: 'none' }],
  ['metrics', { ...healthy, data: { metrics: {} } }],
  ['a metric', { ...healthy, data: { metrics: [7] } }],
  ['a tag', { ...healthy, data: { tags: ['mlflow.user'] } }],
])('a row with %s of another type hides no other', async (_, row) => {
  const { runs, issues } = await gather(source, mlflowServer([row, healthy]));
  expect([runs.length, issues.length]).toEqual([1, 1]);
});

describe('the rhythm of a run', () => {
  const start = 1_795_419_462_397;
  const EPOCH = 40 * 60_000;
  const training = (step: number, timestamp: number) => ({
    ...withInfo(healthy, { start_time: start }),
    data: { metrics: [{ key: 'loss', value: 1, timestamp, step }] },
  });
  const inspected = async (row: JsonObject, history: Server) => {
    const { runs } = await gather(source, mlflowServer([row]));
    const server: Server = (url, request) =>
      url.pathname.endsWith('/metrics/get-history')
        ? history(url, request)
        : url.pathname.endsWith('/runs/search')
          ? { body: {} }
          : mlflowServer([row])(url, request);
    const { fetch, asked } = fetchFrom(server);
    const [run] = runs;
    if (run === undefined) throw new Error('No run.');
    return { run, seen: await source.inspect?.(run, fetch), asked };
  };

  it('is estimated by the steps of its newest metric', async () => {
    const { runs } = await gather(source, mlflowServer([training(7, start + 7 * EPOCH)]));
    expect(runs[0]?.heartbeatInterval).toBe(EPOCH);
  });

  it.each([
    ['no step', training(0, start + EPOCH)],
    ['a metric at its start', training(3, start)],
    ['a status that is not running', withInfo(training(7, start + 7 * EPOCH), { status: 'FINISHED' })],
  ])('is unknown for %s', async (_, row) => {
    const { runs } = await gather(source, mlflowServer([row]), { activity: 'all' });
    expect(runs[0]?.heartbeatInterval).toBeUndefined();
  });

  it('is read from the history of its newest metric before an alarm', async () => {
    const metrics = Array.from({ length: 8 }, (_, step) => ({
      key: 'loss',
      value: 1,
      timestamp: start + step * EPOCH,
      step,
    }));
    const { seen, asked } = await inspected(training(7000, start + 7 * EPOCH), () => ({ body: { metrics } }));
    expect(seen?.heartbeatInterval).toBe(EPOCH);
    expect(new URL(asked.at(-1)?.url ?? '').searchParams.get('metric_key')).toBe('loss');
  });

  it.each([
    ['the server has no such route', { status: 404, body: {} }],
    ['the history is too short', { body: { metrics: [{ key: 'loss', timestamp: start, step: 1 }] } }],
  ])('stays as it was where %s', async (_, history) => {
    const { run, seen } = await inspected(training(7, start + 7 * EPOCH), () => history);
    expect(seen).toEqual(run);
  });

  it.each([
    [[0, 10, 20, 30], 10],
    [[0, 10, 10, 20, 50], 30],
    [[30, 0, 10], 20],
    [Array.from({ length: 41 }, (_, index) => (index < 40 ? index * 10 : 5000)), 10],
    [[0, 10], undefined],
  ])('is the gap that 19 of 20 do not exceed: %j', (times, interval) => {
    expect(metricInterval(times.map((at) => ({ key: 'loss', at, step: 0 })))).toBe(interval);
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
