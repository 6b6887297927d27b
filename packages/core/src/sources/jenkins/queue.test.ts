import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Answer } from '../testing/fetch.js';
import { jenkinsSource } from './source.js';
import { fixture } from '../testing/fixtures.js';
import { jenkinsRows } from './testing/server.js';

const source = jenkinsSource('ci', { url: 'https://ci.example' });
const { blocked, stuck, pipeline } = jenkinsRows;

/** Looks at an item of the queue; `pages` holds further pages of Jenkins. */
async function look(item: JsonObject, pages: Readonly<Record<string, unknown>> = {}) {
  const server = ({ pathname }: URL): Answer => {
    const page = pages[pathname.replace('/api/json', '')];
    if (page !== undefined) return { body: page };
    if (pathname === '/queue/api/json') return { body: { items: [item] } };
    if (pathname === '/computer/api/json') return { body: { computer: [] } };
    return { status: 404, body: {} };
  };
  const [run] = (await gather(source, server)).runs;
  if (run === undefined) throw new Error('No run.');
  const { fetch, asked } = fetchFrom(server);
  return { run, seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => new URL(url).pathname) };
}

describe('an item that waits for the build before it', () => {
  const BEFORE = '/job/folder/job/pipeline/168';
  const holding = {
    computer: [{ executors: [{ currentExecutable: { ...pipeline, url: `http://0.0.0.0:8080${BEFORE}/` } }] }],
  };

  it('names that build', async () => {
    const { seen } = await look(blocked, { [BEFORE]: { building: true, result: null }, '/computer': holding });
    expect(seen).toMatchObject({ hold: 'limit', flag: undefined });
    expect(seen?.waitsFor).toEqual({
      kind: 'build',
      id: 'job/folder/job/pipeline/168',
      name: 'build #168',
      url: `https://ci.example${BEFORE}/`,
      state: 'building',
    });
  });

  it.each([
    ['has ended', { building: false, result: 'ABORTED' }, 'It waits for build #168, which has ended (ABORTED).'],
    [
      'has no executor',
      { building: true, result: null },
      'It waits for build #168, which is building without an executor.',
    ],
    ['was deleted', undefined, 'It waits for build #168, which Jenkins no longer has.'],
  ])('is flagged where that build %s', async (_, build, text) => {
    const { seen } = await look(blocked, build === undefined ? {} : { [BEFORE]: build });
    expect(seen?.flag).toEqual({ kind: 'orphaned', by: 'tardy', text });
  });

  it('is not judged where that build cannot be read', async () => {
    await expect(look(blocked, { [BEFORE]: { building: 'yes' } })).rejects.toMatchObject({ code: 'shape' });
  });
});

const reasons = Object.values(fixture('jenkins/queue-reasons.json') as Record<string, Record<string, string[]>>);
const published = (meaning: string) =>
  reasons
    .flatMap((of) => of[meaning] ?? [])
    .map((text) =>
      text
        .replace('#{0}', '#5')
        .replace('{0}', '‘x’')
        .replaceAll(/\{\d\}/g, ' (y)'),
    );

describe('the reasons that Jenkins and its plugins publish', () => {
  it.each(
    (['limit', 'dependency', 'paused'] as const).flatMap((hold) => published(hold).map((why) => [hold, why] as const)),
  )('hold a blocked item by %s: %s', async (hold, why) => {
    const { run } = await look({ ...blocked, why });
    expect(run).toMatchObject({ hold, flag: undefined });
  });

  it.each(published('no node'))('let an item never start: %s', async (why) => {
    const { seen } = await look({ ...stuck, stuck: false, why });
    expect(seen?.flag).toEqual({ kind: 'cannot_start', by: 'source', text: why });
    expect(seen?.hold).toBeUndefined();
  });

  it.each(published('later'))('let an item wait for a busy or draining node: %s', async (why) => {
    const { seen } = await look({ ...stuck, stuck: false, why });
    expect([seen?.flag, seen?.hold]).toEqual([undefined, undefined]);
  });

  it('are all listed', () => {
    const known = ['limit', 'dependency', 'paused', 'no node', 'later', 'schedule'];
    expect(reasons.flatMap((of) => Object.keys(of)).filter((meaning) => !known.includes(meaning))).toEqual([]);
    expect(published('limit').length).toBeGreaterThan(5);
  });
});

describe('an item with a reason for each of several nodes', () => {
  it.each([
    ['‘a’ is offline; ‘b’ doesn’t have label ‘x’', 'cannot_start', undefined],
    ['‘a’ is offline; Waiting for next available executor on ‘b’', undefined, undefined],
    ['‘a’ doesn’t have label ‘x’; Already running 1 builds on node', undefined, 'limit'],
  ])('is judged by all of them: %s', async (why, flag, hold) => {
    const { seen } = await look({ ...stuck, stuck: false, why });
    expect([seen?.flag?.kind, seen?.hold]).toEqual([flag, hold]);
  });
});

describe('an item that is a step of a build', () => {
  const BUILD = '/job/folder/job/pipeline/7';
  const item = {
    ...stuck,
    stuck: false,
    why: 'Waiting for next available executor',
    task: { name: 'part of it', url: `http://0.0.0.0:8080${BUILD}/` },
  };

  it.each([
    ['has ended', { building: false, result: 'ABORTED' }, 'It is a step of build #7, which has ended (ABORTED).'],
    ['was deleted', undefined, 'It is a step of build #7, which Jenkins no longer has.'],
  ])('is flagged where that build %s', async (_, build, text) => {
    const { run, seen } = await look(item, build === undefined ? {} : { [BUILD]: build });
    expect(run).toMatchObject({ type: 'folder/pipeline', url: `https://ci.example${BUILD}/` });
    expect(seen?.flag).toEqual({ kind: 'orphaned', by: 'tardy', text });
  });

  it('is queued while that build is building', async () => {
    expect((await look(item, { [BUILD]: { building: true } })).seen?.flag).toBeUndefined();
  });
});

describe('an item that no node can take', () => {
  it.each([
    'There are no nodes with the label ‘gpu’',
    'All nodes of label ‘gpu’ are offline',
    'All nodes of label gpu are offline',
    'Jenkins doesn’t have label gpu',
  ])('may start where a cloud provides nodes with its label: %s', async (why) => {
    const item = { ...stuck, stuck: false, why };
    expect((await look(item, { '/label/gpu': { clouds: [{}] } })).seen?.flag).toBeUndefined();
    expect((await look(item, { '/label/gpu': { clouds: [] } })).seen?.flag?.kind).toBe('cannot_start');
  });
});
