import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Answer } from '../testing/fetch.js';
import { jenkinsSource } from './source.js';
import { jenkinsRows } from './testing/server.js';

const source = jenkinsSource('ci', { url: 'https://ci.example' });
const { pipeline, blocked, stuck } = jenkinsRows;
const NUMBER = 53;
const actions = [{ causes: [{ upstreamProject: 'folder/pipeline', upstreamBuild: NUMBER }] }];
const child = { ...pipeline, fullDisplayName: 'child #2', number: 2, url: 'http://0.0.0.0:8080/job/child/2/', actions };

/** Looks at a pipeline whose steps need no executor: with these items in the queue, and builds at work. */
async function look(
  items: readonly JsonObject[],
  builds: readonly JsonObject[],
  described?: JsonObject,
  offline = false,
) {
  const oneOff = [pipeline, ...builds].map((currentExecutable) => ({ currentExecutable, likelyStuck: false }));
  const computer = [{ displayName: 'built-in', executors: [], oneOffExecutors: oneOff.slice(0, 1) }];
  const other = { displayName: 'agent', offline, executors: oneOff.slice(1), oneOffExecutors: [] };
  const server = ({ pathname }: URL): Answer => {
    if (pathname === '/queue/api/json') return { body: { items } };
    if (pathname === '/computer/api/json') return { body: { computer: [...computer, other] } };
    if (pathname === '/job/child/2/wfapi/describe' && described !== undefined) return { body: described };
    return { status: 404, body: {} };
  };
  const { runs } = await gather(source, server);
  const run = runs.find(({ id }) => id === 'job/folder/job/pipeline/53');
  if (run === undefined) throw new Error('No run.');
  return { run, seen: await source.inspect?.(run, fetchFrom(server).fetch) };
}

describe('a pipeline that only waits for what it started', () => {
  it('is on hold while that is at work', async () => {
    const { seen } = await look([], [child]);
    expect(seen).toMatchObject({ hold: 'dependency', flag: undefined });
    expect(seen?.waitsFor).toMatchObject({ kind: 'build', id: 'job/child/2', name: 'child #2', state: 'building' });
  });

  it('waits for a person where that does', async () => {
    expect((await look([], [child], { status: 'PAUSED_PENDING_INPUT' })).seen?.hold).toBe('approval');
  });

  it('waits for a limit where that does', async () => {
    const item = { ...blocked, why: 'Waiting for resource instances [a]', actions };
    expect((await look([item], [])).seen).toMatchObject({
      hold: 'limit',
      waitsFor: { id: `queue/item/${String(blocked['id'])}` },
    });
  });

  it('is flagged with what is known against that', async () => {
    const why = 'There are no nodes with the label ‘gpu’';
    const item = { ...stuck, stuck: false, why, actions };
    const { seen } = await look([item], []);
    expect(seen?.flag).toMatchObject({
      kind: 'cannot_start',
      text: expect.stringMatching(/^It waits for .+: There are no/) as string,
    });
    expect((await look([], [child], undefined, true)).seen?.flag).toMatchObject({ kind: 'worker_lost' });
  });

  it.each<[string, readonly JsonObject[]]>([
    ['started nothing', []],
    [
      'started that in another build',
      [{ ...child, actions: [{ causes: [{ upstreamProject: 'folder/pipeline', upstreamBuild: 52 }] }] }],
    ],
    ['did not start what is at work', [{ ...child, actions: [{ causes: [{}, null] }, {}, null] }]],
  ])('stays as it was where it %s', async (_, builds) => {
    const { seen } = await look([], builds);
    expect([seen?.hold, seen?.waitsFor]).toEqual([undefined, undefined]);
  });
});
