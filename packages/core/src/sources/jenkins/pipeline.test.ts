import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Answer } from '../testing/fetch.js';
import { jenkinsSource } from './source.js';
import { jenkinsRows } from './testing/server.js';

const source = jenkinsSource('ci', { url: 'https://ci.example' });
const { pipeline, step } = jenkinsRows;
const NOW = Date.parse('2021-04-23T12:00:00Z');

/** Looks inside the recorded pipeline. */
async function look(
  described: unknown,
  { executors = [step], items = [] }: { executors?: readonly unknown[]; items?: readonly JsonObject[] } = {},
): Promise<{ run: Run; seen: Run | undefined; asked: string[] }> {
  const headers = { date: new Date(NOW).toUTCString() };
  const oneOffExecutors = [{ currentExecutable: pipeline, likelyStuck: true }];
  const busy = executors.map((currentExecutable) => ({ currentExecutable, likelyStuck: false }));
  const server = ({ pathname }: URL): Answer => {
    if (pathname.endsWith('/wfapi/describe')) {
      return described === undefined ? { status: 404, body: {}, headers } : { body: described, headers };
    }
    if (pathname === '/queue/api/json') return { body: { items } };
    if (pathname === '/api/json') return { body: { jobs: [] } };
    if (pathname !== '/computer/api/json') return { status: 404, body: {} };
    return { body: { computer: [{ displayName: 'master', executors: busy, oneOffExecutors }] } };
  };
  const run = (await gather(source, server)).runs.find(({ id }) => id.startsWith('job/'));
  if (run === undefined) throw new Error('No run.');
  const { fetch, asked } = fetchFrom(server);
  return { run, seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => new URL(url).pathname) };
}

const HOUR = 3_600_000;
const START = Date.parse('2021-04-23T02:00:00Z');
const stage = (status: string, startTimeMillis: number, pauseDurationMillis = 0): JsonObject => ({
  status,
  startTimeMillis,
  pauseDurationMillis,
});

describe('a pipeline at an input step', () => {
  it('waits for a person since it paused, and is not called stuck for that', async () => {
    const stages = [stage('SUCCESS', START), stage('PAUSED_PENDING_INPUT', START + HOUR, 2 * HOUR)];
    const { run, seen, asked } = await look({ status: 'PAUSED_PENDING_INPUT', stages });
    expect(run.flag?.kind).toBe('stuck');
    expect(seen).toMatchObject({ hold: 'approval', holdSince: NOW - 2 * HOUR, flag: undefined });
    expect(asked).toEqual(['/job/folder/job/pipeline/53/wfapi/describe']);
  });

  it('waits since it began where the plugin reports no stages', async () => {
    const { seen } = await look({ status: 'PAUSED_PENDING_INPUT' });
    expect(seen).toMatchObject({ hold: 'approval', holdSince: undefined });
  });
});

describe('a pipeline that works', () => {
  it.each([
    ['in the stage that paused', [stage('IN_PROGRESS', START, 9 * HOUR)], START + 9 * HOUR],
    ['in a later stage', [stage('SUCCESS', START, 5 * HOUR), stage('IN_PROGRESS', START + 6 * HOUR)], START + 6 * HOUR],
    ['after a short pause', [stage('IN_PROGRESS', START, 599_999)], undefined],
  ])('is in a phase that began when it continued: %s', async (_, stages, phaseAt) => {
    const { seen } = await look({ status: 'IN_PROGRESS', stages });
    expect(seen).toMatchObject({ status: 'running', hold: undefined, phaseAt });
  });

  it('stays as it is without the plugin', async () => {
    const { run, seen } = await look(undefined);
    expect(seen).toEqual(run);
  });

  it('is not judged from stages of another type', async () => {
    await expect(look({ status: 'IN_PROGRESS', stages: 'none' })).rejects.toMatchObject({ code: 'shape' });
  });
});

describe('a pipeline whose steps wait for an executor', () => {
  const waiting: JsonObject = {
    _class: 'hudson.model.Queue$BuildableItem',
    id: 70,
    inQueueSince: START,
    stuck: false,
    blocked: false,
    buildable: true,
    why: 'All nodes of label ‘gpu’ are offline',
    task: { name: 'part of folder » pipeline #53', url: 'http://0.0.0.0:8080/job/folder/job/pipeline/53/' },
    actions: [],
  };

  it('is queued since the first of them is', async () => {
    const items = [{ ...waiting, id: 71, inQueueSince: START + HOUR }, waiting];
    const { seen } = await look(undefined, { executors: [], items });
    expect(seen).toMatchObject({ status: 'queued', phaseAt: START });
    expect(seen?.flag).toEqual({ kind: 'cannot_start', by: 'source', text: 'All nodes of label ‘gpu’ are offline' });
  });

  it('is running while another step of it works', async () => {
    const { seen } = await look(undefined, { executors: [step], items: [waiting] });
    expect(seen?.status).toBe('running');
  });

  it('is running while the steps of others wait', async () => {
    const other = { ...waiting, task: { url: 'http://0.0.0.0:8080/job/folder/job/pipeline/54/' } };
    expect((await look(undefined, { executors: [], items: [other] })).seen?.status).toBe('running');
  });
});
