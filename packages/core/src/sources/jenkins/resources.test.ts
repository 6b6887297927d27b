import { describe, expect, it } from 'vitest';
import { fetchFrom, gather, type Answer } from '../testing/fetch.js';
import { jenkinsSource } from './source.js';
import { jenkinsRows } from './testing/server.js';

const source = jenkinsSource('ci', { url: 'https://ci.example' });

/** Looks at an item that waits for resources: the response of the plugin, and builds by their paths. */
async function look(why: string, resources: Answer, builds: Readonly<Record<string, Answer>> = {}) {
  const item = { ...jenkinsRows.blocked, why };
  const server = ({ pathname }: URL): Answer => {
    if (pathname === '/lockable-resources/api/json') return resources;
    if (pathname === '/queue/api/json') return { body: { items: [item] } };
    if (pathname === '/computer/api/json') return { body: { computer: [] } };
    return builds[pathname.replace('/api/json', '')] ?? { status: 404, body: {} };
  };
  const [run] = (await gather(source, server)).runs;
  if (run === undefined) throw new Error('No run.');
  return { run, seen: await source.inspect?.(run, fetchFrom(server).fetch) };
}

const resource = (name: string, buildName: string | null, more = {}) => ({
  name,
  labels: 'db fast',
  locked: buildName !== null,
  buildName,
  ...more,
});
const all = (...resources: readonly unknown[]): Answer => ({ body: { resources } });
const WHY = 'Waiting for resource instances [a, b]';
const BUILD = '/job/folder/job/tools%20x/12';

describe('an item that waits for resources', () => {
  it('waits for the build that holds one', async () => {
    const builds = { [BUILD]: { body: { building: true } } };
    const { seen } = await look(WHY, all(resource('a', 'folder » tools x #12'), resource('c', 'gone #1')), builds);
    expect(seen).toMatchObject({ hold: 'limit', flag: undefined });
    expect(seen?.waitsFor).toEqual({
      kind: 'resource',
      id: 'job/folder/job/tools%20x/12',
      name: 'a, held by folder » tools x #12',
    });
  });

  it('waits for the person who reserved one', async () => {
    const { seen } = await look(WHY, all(resource('b', null, { reserved: true, reservedBy: 'robin' })));
    expect([seen?.waitsFor?.name, seen?.flag]).toEqual(['b, held by robin', undefined]);
  });

  it.each<[string, string, Answer, string]>([
    ['has ended', WHY, { body: { building: false, result: 'SUCCESS' } }, 'which has ended (SUCCESS).'],
    ['is deleted', WHY, { status: 404, body: {} }, 'which Jenkins no longer has.'],
    [
      'holds one with its label',
      'Waiting for resources with label db',
      { body: { building: false } },
      'which has ended (no result).',
    ],
  ])('is flagged where the build that holds it %s', async (_, why, build, end) => {
    const { seen } = await look(why, all(resource('a', 'folder/tools x #12')), { [BUILD]: build });
    expect(seen?.flag).toEqual({
      kind: 'orphaned',
      by: 'tardy',
      text: `It waits for the resource a, which is held by folder/tools x #12, ${end}`,
    });
  });

  it.each<[string, string, Answer]>([
    ['the plugin may not be asked', WHY, { status: 403, body: {} }],
    ['they are free', WHY, all(resource('a', null))],
    ['they are others', WHY, all(resource('c', 'gone #1'))],
    ['they are not named', 'Waiting for resources identified by custom script', all(resource('a', 'gone #1'))],
  ])('stays on hold where %s', async (_, why, resources) => {
    const { run, seen } = await look(why, resources);
    expect(seen).toBe(run);
    expect(run.hold).toBe('limit');
  });
});
