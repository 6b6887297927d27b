import { expect, it } from 'vitest';
import { sourceKind } from '../registry.js';
import { gather, type Server } from './fetch.js';

const url = 'https://host.example';
const queue = { name: 'mails', jobs: [], statuses: ['active'], isPaused: false };
const experiment = { experiment_id: '1', name: 'training' };

const body =
  (value: unknown): Server =>
  () => ({ body: value });

/** MLflow with these responses for experiments and for runs. */
const mlflow =
  (experiments: unknown, runs: unknown): Server =>
  ({ pathname }) => ({ body: pathname.includes('experiments') ? experiments : runs });

const objects = (metadata: unknown) => body({ apiVersion: 'v1', kind: 'List', metadata, items: [] });
const statuses = (...values: unknown[]) => ({
  data: {
    __type: { enumValues: values },
    runsOrError: { __typename: 'Runs', count: 0, results: [] },
    version: '1.13.13',
  },
});

// Each would hide a stuck run on a later page, or in what was left out.
it.each<{ kind: string; what: string; server: Server }>([
  { kind: 'temporal', what: 'a token that is a number', server: body({ executions: [], nextPageToken: 5 }) },
  { kind: 'temporal', what: 'a token that is a list', server: body({ executions: [], nextPageToken: [] }) },
  { kind: 'temporal', what: 'an error instead of a list', server: body({ error: 'x' }) },
  { kind: 'temporal', what: 'the response of another call', server: body({ message: 'ok' }) },
  { kind: 'mlflow', what: 'an error instead of runs', server: mlflow({ experiments: [experiment] }, { error: 'x' }) },
  {
    kind: 'mlflow',
    what: 'another response instead of runs',
    server: mlflow({ experiments: [experiment] }, { message: 'ok' }),
  },
  {
    kind: 'mlflow',
    what: 'a token that is a number',
    server: mlflow({ experiments: [experiment] }, { runs: [], next_page_token: 5 }),
  },
  { kind: 'mlflow', what: 'an experiment without an id', server: mlflow({ experiments: [experiment, {}] }, {}) },
  { kind: 'mlflow', what: 'an experiment that is a number', server: mlflow({ experiments: [5, experiment] }, {}) },
  ...['kubernetes', 'argo'].flatMap((kind) =>
    ['text', 5, null, undefined, { continue: 5 }, { remainingItemCount: '5' }].map((metadata) => ({
      kind,
      what: `metadata that is ${JSON.stringify(metadata)}`,
      server: objects(metadata),
    })),
  ),
  { kind: 'dagster', what: 'a status that is null', server: body(statuses({ name: 'QUEUED' }, null)) },
  { kind: 'dagster', what: 'a status whose name is a number', server: body(statuses({ name: 'QUEUED' }, { name: 5 })) },
  { kind: 'dagster', what: 'a status that is a number', server: body(statuses({ name: 'QUEUED' }, 5)) },
  { kind: 'bullboard', what: 'no counts', server: body({ queues: [{ ...queue, counts: {} }] }) },
  {
    kind: 'bullboard',
    what: 'counts without the active jobs',
    server: body({ queues: [{ ...queue, counts: { waiting: 0, delayed: 0 } }] }),
  },
  {
    kind: 'bullboard',
    what: 'a count that is text',
    server: body({ queues: [{ ...queue, counts: { active: '1', waiting: 0, delayed: 0 } }] }),
  },
  { kind: 'runs', what: 'a next that is a number', server: body({ runs: [], next: 5 }) },
])('$kind takes $what for unreadable, not for none', async ({ kind, server }) => {
  const { source } = await sourceKind(kind).open(
    'source',
    kind === 'temporal' ? { url, namespace: 'default' } : { url },
  );
  const { error } = await gather(source, server);
  expect(error?.code).toBe('shape');
});

it('runs takes a total that is text for incomplete', async () => {
  const { source } = await sourceKind('runs').open('source', { url });
  expect((await gather(source, body({ runs: [], total: '118' }))).incomplete).toHaveLength(1);
});

it.each<[string, Server]>([
  ['mlflow', mlflow({ experiments: [experiment] }, {})],
  ['dagster', body(statuses({ name: 'QUEUED' }))],
  ['kubernetes', objects({ resourceVersion: '1' })],
  ['bullboard', body({ queues: [{ ...queue, counts: { active: 0, waiting: 0, delayed: 0 } }] })],
])('%s reads none where there is none', async (kind, server) => {
  const { source } = await sourceKind(kind).open('source', { url });
  expect(await gather(source, server)).toMatchObject({ runs: [], error: undefined, incomplete: [] });
});
