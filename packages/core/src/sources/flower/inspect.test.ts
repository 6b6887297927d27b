import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import type { Run } from '../../run.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { flowerSource } from './source.js';
import { flowerServer, flowerTask } from './testing/server.js';
import { mayServe, rateLimitOf, workerAnswer, type WorkerAnswer } from './worker.js';

const source = flowerSource('tasks', { url: 'https://flower.example' });
const started = flowerTask('tasks-STARTED.json', 'a-hung');
const later = flowerTask('tasks-RECEIVED.json', 'b-later');
const received: JsonObject = { ...later, eta: null };
const pending: JsonObject = { ...received, state: 'PENDING', worker: null, routing_key: 'reports' };
const AT = 1_795_420_178;
const BOTH = { 'a@h1': true, 'b@h1': true };
const request = (id: string) => ({ id, name: 'mails.quick' });
const NOTHING = { timestamp: AT, active: [], reserved: [], scheduled: [], active_queues: [], registered: [] };

type Setting = {
  readonly task: JsonObject;
  /** What Flower sends about each worker that it inspected. */
  readonly workers: JsonObject;
  readonly online?: JsonObject;
  /** The task when it is read again. */
  readonly again?: JsonObject;
  readonly result?: JsonObject;
};

/** Looks inside the task in this setting. */
async function inspected({ task, workers, online = BOTH, again = task, result }: Setting) {
  const server: Server = (url, sent) => {
    if (url.searchParams.has('refresh')) return { body: workers };
    if (url.pathname.includes('/result/') && result !== undefined) return { body: result };
    return flowerServer([again], online)(url, sent);
  };
  const { runs } = await gather(source, flowerServer([task], online));
  const { fetch, asked } = fetchFrom(server);
  const [run] = runs;
  if (run === undefined) throw new Error('No run.');
  return { run, seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => url) };
}

describe('a started task', () => {
  it('is lost when its worker was started again under the same name', async () => {
    const { seen, asked } = await inspected({
      task: started,
      workers: fixture('flower/workers-refresh-a-restarted.json'),
    });
    expect(seen?.flag).toMatchObject({
      kind: 'worker_lost',
      by: 'tardy',
      text: 'Its worker a@h1 does not run it, although Flower reports it as STARTED.',
    });
    expect(asked[0]).toBe('https://flower.example/api/workers?refresh=1&workername=a%40h1');
  });

  it.each<[string, Omit<Setting, 'task'>, Partial<Run>]>([
    [
      'loses the flag when its worker has it',
      { workers: { 'a@h1': { ...NOTHING, active: [request('a-hung')] } }, online: { 'a@h1': false } },
      { flag: undefined, status: 'running' },
    ],
    [
      'has ended when it ended meanwhile',
      { workers: { 'a@h1': NOTHING }, again: { ...started, state: 'SUCCESS' } },
      { outcome: 'succeeded' },
    ],
    [
      'has ended when it has a result and its worker is gone',
      { workers: {}, online: { 'a@h1': false }, result: { state: 'SUCCESS' } },
      { status: 'completed', outcome: 'succeeded', flag: undefined },
    ],
    [
      'has ended when it has a result',
      { workers: { 'a@h1': NOTHING }, result: { state: 'FAILURE' } },
      { status: 'completed', outcome: 'failed', flag: undefined },
    ],
  ])('%s', async (_, setting, expected) => {
    expect((await inspected({ task: started, ...setting })).seen).toMatchObject(expected);
  });

  it.each<[string, JsonObject]>([
    ['has it', { 'a@h1': { ...NOTHING, active: [request('a-hung')] } }],
    ['does not answer', {}],
    ['answered a part', { 'a@h1': { timestamp: AT, active: [] } }],
    ['has never answered', { 'a@h1': { ...NOTHING, timestamp: null } }],
  ])('stays as it is when its worker %s', async (_, workers) => {
    const { run, seen } = await inspected({ task: started, workers });
    expect(seen).toBe(run);
  });

  it.each([{ active: {} }, { reserved: 5 }, { scheduled: 'none' }])('is not judged by %j', async (odd) => {
    const looking = inspected({ task: started, workers: { 'a@h1': { ...NOTHING, ...odd } } });
    await expect(looking).rejects.toMatchObject({ code: 'shape' });
  });

  it('is not judged by a result of another type', async () => {
    const looking = inspected({ task: started, workers: { 'a@h1': NOTHING }, result: { state: 5 } });
    await expect(looking).rejects.toMatchObject({ code: 'shape' });
  });
});

describe('a waiting task', () => {
  const nobody = { 'a@h1': NOTHING, 'b@h1': NOTHING };
  const holding = (held: JsonObject) => ({ 'a@h1': NOTHING, 'b@h1': { ...NOTHING, ...held } });

  it.each<[string, JsonObject, JsonObject, Partial<Run>]>([
    ['runs where a worker runs it', received, holding({ active: [request('b-later')] }), { status: 'running' }],
    [
      'is limited where its worker names a rate',
      received,
      holding({ reserved: [request('b-later')], registered: ['mails.quick [rate_limit=10/m]'] }),
      { hold: 'limit', flag: undefined },
    ],
    [
      'does not move where its worker runs nothing',
      received,
      holding({ reserved: [request('b-later')] }),
      { flag: { kind: 'stuck', by: 'tardy', text: 'Its worker b@h1 keeps it in its memory and runs no task.' } },
    ],
    [
      'is lost where no worker has it',
      received,
      nobody,
      {
        flag: {
          kind: 'worker_lost',
          by: 'tardy',
          text: 'No worker that is online has it, although Flower reports it as RECEIVED by b@h1.',
        },
      },
    ],
    [
      'cannot start where no worker serves its queue',
      pending,
      nobody,
      { flag: { kind: 'cannot_start', by: 'tardy', text: 'No worker that is online serves the queue reports.' } },
    ],
  ])('%s', async (_, task, workers, expected) => {
    expect((await inspected({ task, workers })).seen).toMatchObject(expected);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['its worker is busy', received, holding({ reserved: [request('b-later')], active: [request('x')] })],
    ['its worker keeps it for its time', later, holding({ scheduled: [{ request: request('b-later') }] })],
    ['its time has not come', later, nobody],
    ['a worker did not answer', received, { 'a@h1': NOTHING }],
    ['its queue is not known', { ...pending, routing_key: null }, nobody],
    [
      'a worker serves its queue',
      pending,
      holding({ active_queues: [{ name: 'reports', exchange: { type: 'direct' } }] }),
    ],
  ])('stays as it is when %s', async (_, task, workers) => {
    const { run, seen } = await inspected({ task, workers });
    expect(seen).toBe(run);
  });

  it('has ended when it has a result, even if not every worker answers', async () => {
    const { seen } = await inspected({ task: received, workers: { 'a@h1': NOTHING }, result: { state: 'SUCCESS' } });
    expect(seen).toMatchObject({ status: 'completed', outcome: 'succeeded' });
  });

  it('cannot start while every worker is offline', async () => {
    const { run, seen } = await inspected({ task: pending, workers: {}, online: { 'a@h1': false } });
    expect(run.flag).toMatchObject({ kind: 'cannot_start', by: 'source' });
    expect(seen).toBe(run);
  });
});

describe('the answer of a worker', () => {
  const answer: WorkerAnswer = {
    name: 'w',
    at: 0,
    active: [],
    reserved: [],
    scheduled: [],
    queues: [],
    registered: [],
  };
  const direct = { type: 'direct' };

  it.each([
    [AT * 1000 + 60_000, true],
    [AT * 1000 + 60_001, false],
    [undefined, true],
  ])('counts at %s: %s', (clock, counts) => {
    expect(workerAnswer('w', NOTHING, clock) !== undefined).toBe(counts);
  });

  it.each<[JsonObject, boolean]>([
    [{ name: 'reports', exchange: direct }, true],
    [{ name: 'r', routing_key: 'reports', exchange: direct }, true],
    [{ name: 'mails', routing_key: 'mails', exchange: direct, bindings: [] }, false],
    [{ name: 'mails', exchange: { type: 'topic' } }, true],
    [{ name: 'mails', exchange: direct, bindings: [{}] }, true],
    [{ name: 'mails' }, true],
  ])('serves reports by the queue %j: %s', (queue, serves) => {
    expect(mayServe('reports', { ...answer, queues: [queue] })).toBe(serves);
  });

  it.each([
    ['mails.quick [exchange=x rate_limit=10/m routing_key=y]', '10/m'],
    ['mails.quick [rate_limit=0]', undefined],
    ['mails.quick', undefined],
    ['mails.quicker [rate_limit=10/m]', undefined],
  ])('names in %s the rate %s', (entry, rate) => {
    expect(rateLimitOf('mails.quick', { ...answer, registered: [entry] })).toBe(rate);
  });
});
