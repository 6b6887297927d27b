import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Answer } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { buildbotSource } from './source.js';
import { buildbotRows, buildbotServer } from './testing/server.js';

const source = buildbotSource('ci', { url: 'https://ci.example' });
const [healthy = {}] = buildbotRows('builds');
const [request = {}] = buildbotRows('requests');
const START = 1_795_421_178;
const HOUR = 3600;

/** A step with the fields that Buildbot 4.3 gives it. */
const step = (name: string, from: number | null, to: number | null, fields: JsonObject = {}): JsonObject => ({
  stepid: 1,
  number: 0,
  name,
  buildid: 2,
  started_at: from,
  locks_acquired_at: from,
  complete: to !== null,
  complete_at: to,
  results: to === null ? null : 0,
  state_string: to === null ? 'running' : 'finished',
  urls: [],
  hidden: false,
  ...fields,
});

const recordedMasters = fixture('buildbot/v4/masters.json')['masters'] as readonly JsonObject[];

type Inside = {
  readonly steps?: readonly unknown[];
  readonly masters?: readonly JsonObject[];
  readonly buildsets?: readonly JsonObject[];
  readonly children?: readonly JsonObject[];
  /** The status of the answer where builds may not be seen, once they are looked at again. */
  readonly hidden?: { readonly active?: number; readonly ended?: number };
};

/** Looks inside a run, nine hours after the recorded builds began. */
async function look(row: JsonObject, inside: Inside = {}) {
  const { masters = recordedMasters, buildsets = [], children = [] } = inside;
  const headers = { date: new Date((START + 9 * HOUR) * 1000).toUTCString() };
  const server = (url: URL, asked: Parameters<ReturnType<typeof buildbotServer>>[1]): Answer => {
    const path = url.pathname.slice('/api/v2/'.length);
    if (path.endsWith('/steps')) {
      return inside.steps === undefined ? { status: 404, body: {} } : { body: { steps: inside.steps }, headers };
    }
    if (path === 'masters') return { body: { masters }, headers };
    if (path === 'builds' && url.searchParams.get('limit') !== '200') {
      const ended = url.searchParams.get('complete') === 'true';
      const status = ended ? inside.hidden?.ended : inside.hidden?.active;
      if (status !== undefined) return { status, body: {} };
    }
    if (path === 'buildsets') return { body: { buildsets, meta: { total: buildsets.length } }, headers };
    if (url.searchParams.has('buildsetid')) return { body: { buildrequests: children }, headers };
    return { ...buildbotServer([row, ...children])(url, asked), headers };
  };
  const run = (await gather(source, server)).runs.find(({ id }) => id === String(row['buildrequestid']));
  if (run === undefined) throw new Error('No run.');
  const { fetch, asked } = fetchFrom(server);
  return { run, seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => new URL(url).pathname) };
}

/** A build of another request. */
const other = (fields: JsonObject = {}): JsonObject => ({ ...healthy, buildid: 8, buildrequestid: 60, ...fields });

describe('a build', () => {
  it('stays as it is while a step works', async () => {
    const { seen } = await look(healthy, { steps: [step('compile', START, null)] });
    expect(seen).toMatchObject({ status: 'running', hold: undefined, flag: undefined, phaseAt: undefined });
  });

  it('is flagged when all its steps have ended, minutes after the last of them', async () => {
    const ended = (at: number) => look(healthy, { steps: [step('a', START, START + 5), step('b', START + 5, at)] });
    expect((await ended(START + 9 * HOUR - 600)).seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'All its 2 steps have ended, yet the build has not.',
      since: (START + 9 * HOUR - 600) * 1000,
    });
    expect((await ended(START + 9 * HOUR - 599)).seen?.flag).toBeUndefined();
  });

  it('waits for the lock of a step since that came to it', async () => {
    const waiting = step('deploy', START + HOUR, null, { locks_acquired_at: null });
    const { seen } = await look(healthy, { steps: [step('compile', START, START + HOUR), waiting] });
    expect(seen).toMatchObject({ hold: 'limit', holdSince: (START + HOUR) * 1000 });
    expect(seen?.waitsFor).toEqual({ kind: 'lock', name: 'lock of the step deploy' });
  });

  it('that was recorded waits for the lock of its step', async () => {
    const [recorded = {}] = fixture('buildbot/v4/build-waiting-for-lock.json')['builds'] as JsonObject[];
    const { steps } = fixture('buildbot/v4/steps-waiting-for-lock.json') as { readonly steps: JsonObject[] };
    // The worker `steady` had another id in the other recording.
    const { run, seen } = await look({ ...recorded, workerid: 3 }, { steps });
    expect([run.status, run.hold]).toEqual(['running', undefined]);
    expect(seen).toMatchObject({ hold: 'limit', holdSince: 1_795_863_149_000 });
    expect(seen?.waitsFor?.name).toBe('lock of the step shell');
  });

  describe('that waits for a lock of its builder', () => {
    const locked = { ...healthy, state_string: 'acquiring locks' };
    const text = 'Every build waits for a lock, or for a build that does, so none is left to give one back.';
    const flagged = (since: number) => ({ kind: 'orphaned', by: 'tardy', text, since: since * 1000 });

    it('waits for a build at work', async () => {
      const { seen } = await look(locked, { children: [other()] });
      expect(seen).toMatchObject({ hold: 'limit', flag: undefined });
    });

    it('waits in vain where there is no other build', async () => {
      expect((await look(locked)).seen?.flag).toEqual(flagged(START));
    });

    it('waits in vain where the others wait as well', async () => {
      const late = other({ state_string: 'acquiring locks', started_at: START + HOUR });
      expect((await look(locked, { children: [late] })).seen?.flag).toEqual(flagged(START + HOUR));
    });

    it('may have been given the lock of a build that ended minutes ago', async () => {
      const ended = (at: number) => other({ complete: true, complete_at: at, results: 0 });
      const look9 = async (at: number) => (await look(locked, { children: [ended(at)] })).seen?.flag;
      expect(await look9(START + 9 * HOUR - 599)).toBeUndefined();
      expect(await look9(START + 9 * HOUR - 600)).toEqual(flagged(START + 9 * HOUR - 600));
    });

    it.each([
      ['builds at work', { active: 403 }],
      ['builds that ended', { ended: 404 }],
    ])('is not judged where %s may not be seen', async (_, hidden) => {
      expect((await look(locked, { hidden })).seen?.flag).toBeUndefined();
    });

    it('is taken to wait legitimately among many builds', async () => {
      const many = Array.from({ length: 20 }, (_, n) =>
        other({ buildid: 100 + n, buildrequestid: 100 + n, state_string: 'acquiring locks' }),
      );
      expect((await look(locked, { children: many })).seen?.flag).toBeUndefined();
      expect((await look(locked, { children: many.slice(1) })).seen?.flag?.kind).toBe('orphaned');
    });
  });

  it('has a phase that began when it got the lock that it had long waited for', async () => {
    const late = (wait: number) =>
      look(healthy, { steps: [step('deploy', START, null, { locks_acquired_at: START + wait })] });
    expect((await late(601)).seen?.phaseAt).toBe((START + 601) * 1000);
    expect((await late(600)).seen?.phaseAt).toBeUndefined();
  });

  it('is flagged when its master is not running', async () => {
    const { seen } = await look(healthy, { masters: [{ masterid: 1, name: 'b', active: false, last_active: START }] });
    expect(seen?.flag).toEqual({
      kind: 'worker_lost',
      by: 'tardy',
      text: 'Its master b is not running.',
      since: START * 1000,
    });
  });

  it('stays as it is where its steps may not be seen', async () => {
    const { run, seen } = await look(healthy);
    expect(seen).toBe(run);
  });

  it('is not judged from steps of another type', async () => {
    await expect(look(healthy, { steps: ['compile'] })).rejects.toMatchObject({ code: 'shape' });
  });
});

describe('a build that triggered others', () => {
  const steps = [step('trigger', START, null)];
  const buildsets = [
    { bsid: 9, parent_buildid: 2 },
    { bsid: 10, parent_buildid: 77 },
  ];
  const child = (fields: JsonObject): JsonObject => ({
    ...request,
    buildrequestid: 50,
    buildsetid: 9,
    waited_for: true,
    ...fields,
  });

  it('is flagged for what is known against a request that it waits for', async () => {
    const { seen } = await look(healthy, { steps, buildsets, children: [child({ builderid: 4 })] });
    expect(seen?.flag).toEqual({
      kind: 'cannot_start',
      by: 'tardy',
      text: 'The request 50 (waiting) that it waits for: No worker of the builder waiting is connected.',
      since: undefined,
    });
    expect(seen?.waitsFor).toMatchObject({ kind: 'build request', id: '50', name: 'waiting', state: 'unclaimed' });
  });

  it('waits for the lock that a build of it waits for', async () => {
    const built = { ...healthy, buildid: 8, buildrequestid: 50, state_string: 'acquiring locks' };
    const children = [child({ builderid: 1, claimed: true }), built, other()];
    const { seen } = await look(healthy, { steps, buildsets, children });
    expect(seen).toMatchObject({ hold: 'limit', waitsFor: { id: '50' } });
  });

  it.each([
    ['a request works', child({ builderid: 1 })],
    ['it does not wait for a request', child({ builderid: 4, waited_for: false })],
    ['a request belongs to another build', child({ builderid: 4, buildsetid: 10 })],
  ])('works while %s', async (_, one) => {
    const { seen } = await look(healthy, { steps, buildsets, children: [one] });
    expect(seen).toMatchObject({ hold: undefined, flag: undefined });
  });
});

describe('a request that a master has taken', () => {
  const claimed = (at: number) => ({
    ...request,
    builderid: 1,
    claimed: true,
    claimed_at: at,
    claimed_by_masterid: 1,
  });

  it('is flagged when there is no build of it after minutes', async () => {
    const { seen } = await look(claimed(START));
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'A master has taken it, yet made no build of it.',
      since: START * 1000,
    });
    expect((await look(claimed(START + 9 * HOUR - 599))).seen?.flag).toBeUndefined();
  });

  it('is flagged when that master is not running', async () => {
    const masters = [{ masterid: 1, active: false, last_active: START }];
    expect((await look(claimed(START + 9 * HOUR - 1), { masters })).seen?.flag?.kind).toBe('worker_lost');
  });
});

it('of a request that nobody has taken shows nothing more', async () => {
  const { run, seen, asked } = await look(request);
  expect(seen).toBe(run);
  expect(asked).toEqual([]);
});
