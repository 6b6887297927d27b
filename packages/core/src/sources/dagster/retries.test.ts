import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Answer } from '../testing/fetch.js';
import { dagsterSource } from './source.js';
import { dagsterRow, dagsterServer } from './testing/server.js';

const source = dagsterSource('assets', { url: 'https://dagster.example' });
const started = dagsterRow('active.json', '93259603');

/** Looks inside a run; `answers` by a part of the name of the query, for queries in their order. */
async function look(row: JsonObject, answers: Readonly<Record<string, Answer | readonly Answer[]>>) {
  const [run] = (await gather(source, dagsterServer([row]))).runs;
  if (run === undefined) throw new Error('No run.');
  const left = new Map(Object.entries(answers).map(([name, one]) => [name, 'body' in one ? [one] : [...one]] as const));
  const { fetch, asked } = fetchFrom((_, { body }) => {
    const name = /query tardy(\w+)/.exec(JSON.stringify(body))?.[1] ?? '';
    return left.get(name)?.shift() ?? { status: 404, body: {} };
  });
  return { run, seen: (await source.inspect?.(run, fetch)) as Run, asked };
}

const AT = 1_795_420_000_000;
const plan = { steps: [{ key: 'a' }, { key: 'b' }] };
const steps = (...stepStats: readonly JsonObject[]): Answer => ({
  body: { data: { runOrError: { __typename: 'Run', executionPlan: plan, stepStats } } },
});
const tried = (stepKey: string) => ({
  stepKey,
  status: 'IN_PROGRESS',
  endTime: null,
  attempts: [{ endTime: AT / 1000 }],
});
const retry = (stepKey: string, seconds: number | null, at = AT): JsonObject => ({
  __typename: 'ExecutionStepUpForRetryEvent',
  stepKey,
  timestamp: String(at),
  secondsToWait: seconds,
});
const events = (list: readonly JsonObject[], hasMore = false): Answer => ({
  body: { data: { logsForRun: { __typename: 'EventConnection', cursor: 'next', hasMore, events: list } } },
});
const restarted = { __typename: 'ExecutionStepRestartEvent', stepKey: 'a' };
const other = { __typename: 'MessageEvent' };

describe('a run whose step failed and is to be tried again', () => {
  it('waits until then', async () => {
    const { seen } = await look(started, { Inside: steps(tried('a')), Events: events([other, retry('a', 3600)]) });
    expect(seen).toMatchObject({ hold: 'retry', holdSince: AT, flag: undefined });
    expect(seen.waitsFor).toEqual({ kind: 'next attempt', name: 'a', until: AT + 3_600_000 });
  });

  it('reads all pages of its events', async () => {
    const pages = [events([retry('a', 60), restarted], true), events([retry('a', 90, AT + 1)])];
    const { seen, asked } = await look(started, { Inside: steps(tried('a')), Events: pages });
    expect(seen.waitsFor?.until).toBe(AT + 1 + 90_000);
    expect(JSON.stringify(asked.at(-1)?.body)).toContain('"cursor":"next"');
  });

  it.each<[string, Answer, Answer]>([
    ['it was started again', steps(tried('a')), events([retry('a', 60), restarted])],
    ['another step is at work', steps(tried('a'), { ...tried('b'), attempts: [] }), events([retry('a', 60)])],
    [
      'another step was started again',
      steps(tried('a'), tried('b')),
      events([retry('a', 60), retry('b', 60), { ...restarted, stepKey: 'b' }]),
    ],
    ['its events may not be read', steps(tried('a')), { status: 403, body: {} }],
    ['they are not all read', steps(tried('a')), events([retry('a', 60)], true)],
    [
      'Dagster no longer has the run',
      steps(tried('a')),
      { body: { data: { logsForRun: { __typename: 'RunNotFoundError' } } } },
    ],
  ])('is at work where %s', async (_, inside, answer) => {
    const { seen } = await look(started, { Inside: inside, Events: answer });
    expect([seen.hold, seen.flag]).toEqual([undefined, undefined]);
  });
});

describe('a queued run that nothing holds', () => {
  const queued = { ...started, status: 'QUEUED', startTime: null, repositoryOrigin: { repositoryLocationName: 'etl' } };
  const inside: Answer = { body: { data: { runOrError: { __typename: 'Run' } } } };
  const locations = (name: string, loaded: JsonObject): Answer => ({
    body: {
      data: { workspaceOrError: { __typename: 'Workspace', locationEntries: [{ name, locationOrLoadError: loaded }] } },
    },
  });
  const error = { __typename: 'PythonError', message: 'gRPC Error code: UNAVAILABLE' };

  it('is flagged with why its code location cannot be loaded', async () => {
    const { seen } = await look(queued, { Inside: inside, Locations: locations('etl', error) });
    expect(seen.flag).toEqual({
      kind: 'cannot_start',
      by: 'source',
      text: 'Dagster cannot load its code location etl: gRPC Error code: UNAVAILABLE',
    });
  });

  it.each<[string, Answer]>([
    ['its location is loaded', locations('etl', { __typename: 'RepositoryLocation' })],
    ['it is another location', locations('ml', error)],
    ['the workspace may not be read', { status: 403, body: {} }],
  ])('stays queued where %s', async (_, answer) => {
    const { run, seen } = await look(queued, { Inside: inside, Locations: answer });
    expect(seen).toEqual(run);
  });
});

it('that is starting is queued since it was launched, and has left the queue', async () => {
  const { run, seen, asked } = await look({ ...started, status: 'STARTING', startTime: null }, {});
  expect(seen).toBe(run);
  expect(asked).toEqual([]);
  expect(run).toMatchObject({ status: 'queued', phaseAt: Math.floor(Number(started['updateTime']) * 1000) });
});

it('ends by itself where run monitoring says so', async () => {
  const info = 'run_monitoring:\n  enabled: true\n  max_runtime_seconds: 60\n';
  const { run, seen } = await look(started, {
    Inside: { body: { data: { runOrError: { __typename: 'Run' }, instance: { info } } } },
  });
  expect(seen.deadlineAt).toBe((run.startedAt ?? 0) + 60_000);
});
