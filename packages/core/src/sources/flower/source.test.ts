import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { JsonObject } from '../reading/body.js';
import { flowerAdapter, flowerSource } from './source.js';
import { FLOWER_ACTIVE } from './task.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { flowerCase, flowerServer, flowerTask } from './testing/server.js';

const source = flowerSource('tasks', { url: 'https://flower.example' });
const policy = createPolicy({ version: 1 });
const started = flowerTask('tasks-STARTED.json', 'a-hung');
const startedAt = 1_795_420_171_777;

async function mapped(task: JsonObject, workers?: JsonObject) {
  const { runs, issues } = await gather(source, flowerServer([task], workers), { activity: 'all' });
  expect(issues).toEqual([]);
  if (runs[0] === undefined) throw new Error('No run.');
  return runs[0];
}

describe('the states of Celery', () => {
  it.each(Object.values(fixture('flower/vocabulary.json')).flat() as string[])(
    'hold %s, which is known',
    async (state) => {
      const run = await mapped({ ...started, state });
      expect(run.outcome).not.toBe('unknown');
      expect(run.status !== 'completed').toBe(FLOWER_ACTIVE.includes(state));
    },
  );
});

describe('a list of tasks', () => {
  it('asks for the workers once, and for the active states alone', async () => {
    const { asked, error } = await gather(source, flowerServer([started]));
    expect(error).toBeUndefined();
    expect(asked.map(({ url }) => url)).toEqual([
      'https://flower.example/api/workers?status=1',
      ...['PENDING', 'RECEIVED', 'RETRY', 'STARTED'].map(
        (state) => `https://flower.example/api/tasks?state=${state}&limit=10000&offset=0&sort_by=-received`,
      ),
    ]);
  });

  it('asks for the states of the users too', async () => {
    const own = flowerSource('tasks', { url: 'https://flower.example', states: ['PROGRESS'] });
    const { runs } = await gather(own, flowerServer([{ ...started, state: 'PROGRESS' }]));
    expect(runs[0]).toMatchObject({ status: 'running', outcome: 'pending', native: { status: 'PROGRESS' } });
  });

  it('continues with the last task of the previous page, and says when that moved', async () => {
    const { incomplete } = await gather(source, flowerCase.cutShort);
    expect(incomplete).toEqual(['The list of STARTED tasks changed while it was read.']);
  });

  it('never shows arguments and results', async () => {
    const secretive = { ...started, args: "('s3cret',)", kwargs: "{'token': 's3cret'}", result: 's3cret' };
    expect(JSON.stringify(await mapped(secretive))).not.toContain('s3cret');
  });
});

describe('a task whose worker was killed', () => {
  const offline = fixture('flower/workers-status-after-kill9.json');
  const flag = {
    kind: 'worker_lost',
    by: 'source',
    text: 'Flower reports its worker a@h1 as offline.',
    since: undefined,
  };

  it('is told by its worker, which is offline, while the task itself stays as it was', async () => {
    const dead = flowerTask('tasks-STARTED-after-kill9.json', 'a-hung');
    expect(dead).toEqual(started);
    expect(classify(await mapped(started), policy, startedAt + 60_000).state).toBe('fresh');
    const run = await mapped(dead, offline);
    expect(run.flag).toEqual(flag);
    expect(classify(run, policy, startedAt + 60_000).state).toBe('late');
    const { fetch } = fetchFrom(flowerServer([dead], offline));
    expect((await source.get('a-hung', fetch))?.flag).toEqual(flag);
  });

  it.each([
    [{ 'b@h1': true }, 'STARTED', 'Flower no longer lists its worker a@h1.'],
    [{ 'a@h1': false }, 'RECEIVED', 'Flower reports its worker a@h1 as offline.'],
    [{ 'a@h1': false }, 'SUCCESS', undefined],
  ])('with the workers %j and in the state %s has the flag %s', async (workers, state, text) => {
    expect((await mapped({ ...started, state }, workers)).flag?.text).toBe(text);
  });
});

describe('the secret of Flower', () => {
  it('is the user and the password of its basic auth', () => {
    const headers = flowerAdapter.credentialHeaders('admin:secret', { url: '' });
    expect(headers).toEqual({ authorization: 'Basic YWRtaW46c2VjcmV0' });
  });
});
