import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { dagsterSource } from './source.js';
import { dagsterRow, dagsterServer } from './testing/server.js';

const source = dagsterSource('assets', { url: 'https://dagster.example' });
const started: JsonObject = { ...dagsterRow('active.json', '93259603'), runId: 'me' };
const queued: JsonObject = { ...started, status: 'QUEUED', startTime: null };

async function mapped(row: JsonObject): Promise<Run> {
  const { runs } = await gather(source, dagsterServer([row]));
  const [run] = runs;
  if (run === undefined) throw new Error('No run.');
  return run;
}

type Claim = readonly [run: string, step: string];
type World = {
  readonly steps?: readonly JsonObject[];
  readonly slots?: number;
  readonly claimed?: readonly Claim[];
  readonly pending?: readonly Claim[];
  readonly granularity?: string;
  readonly runs?: readonly JsonObject[];
  /** The complete response to the query for pools. */
  readonly pools?: { readonly status?: number; readonly body: unknown };
};

async function look(row: JsonObject, world: World) {
  const { steps = [], slots = 1, claimed = [], pending = [], granularity = 'op', runs = [] } = world;
  const run = await mapped(row);
  const rows = (claims: readonly Claim[]) =>
    claims.map(([runId, stepKey]) => ({ runId, stepKey, enqueuedTimestamp: 1_795_420_000, assignedTimestamp: null }));
  const limit = { concurrencyKey: 'db', slotCount: slots, claimedSlots: rows(claimed), pendingSteps: rows(pending) };
  const { fetch, asked } = fetchFrom((_, { body }) => {
    const query = JSON.stringify(body);
    if (query.includes('tardyInside')) {
      const executionPlan = { steps: [{ key: 'a' }, { key: 'b' }] };
      return { body: { data: { runOrError: { __typename: 'Run', executionPlan, stepStats: steps } } } };
    }
    if (query.includes('tardyPools')) {
      const instance = { poolConfig: { poolGranularity: granularity }, concurrencyLimits: [limit] };
      return world.pools ?? { body: { data: { instance } } };
    }
    const { cursor } = (body as { variables: { cursor?: string } }).variables;
    const first = cursor === undefined ? 0 : runs.findIndex(({ runId }) => runId === cursor) + 1;
    // One at a time, so that pages are turned.
    const results = runs.slice(first, first + 1);
    return { body: { data: { runsOrError: { __typename: 'Runs', count: runs.length, results } } } };
  });
  const seen = await source.inspect?.(run, fetch);
  return { run, seen, asked: asked.map(({ body }) => /query (\w+)/.exec(JSON.stringify(body))?.[1]) };
}

const since = 1_795_420_000_000;

describe('a run none of whose steps is at work', () => {
  const waits: World = {
    claimed: [['other', 'b']],
    pending: [
      ['other', 'b'],
      ['me', 'b'],
    ],
  };

  it('waits for the slot of an active run', async () => {
    const runs = [
      { runId: 'past', status: 'SUCCESS' },
      { runId: 'other', status: 'STARTED' },
    ];
    const { seen, asked } = await look(started, { ...waits, runs });
    expect(seen).toMatchObject({
      hold: 'limit',
      holdSince: since,
      waitsFor: { kind: 'pool', name: 'db', id: 'other', state: '1 of 1 slots in use' },
      flag: undefined,
    });
    expect(asked).toEqual(['tardyInside', 'tardyPools', 'tardyHolders', 'tardyHolders']);
  });

  it.each<[string, World, string]>([
    [
      'of a run that has ended',
      { ...waits, runs: [{ runId: 'other', status: 'CANCELED' }] },
      'run other holds although it has ended',
    ],
    ['of a run that is gone', waits, 'run other holds although it has ended'],
    ['of its own', { claimed: [['me', 'b']], pending: [['me', 'b']] }, 'the run holds itself'],
  ])('waits in vain for the slot %s', async (_, world, which) => {
    const text = `Its step b waits for a slot of the pool db, which ${which}.`;
    expect((await look(started, world)).seen).toMatchObject({
      hold: undefined,
      flag: { kind: 'orphaned', by: 'tardy', text, since },
    });
  });

  it('waits while its pool has no slots', async () => {
    expect((await look(started, { slots: 0, pending: [['me', 'b']] })).seen).toMatchObject({ hold: 'paused' });
  });

  it.each<[string, World]>([
    ['the pool has a free slot', { ...waits, slots: 2 }],
    ['it waits for none', { ...waits, pending: [['other', 'b']] }],
    ['the server knows no pools', { pools: { status: 400, body: { errors: [{ message: 'no such field' }] } } }],
    ['there are no pools', { pools: { body: { data: { instance: {} } } } }],
  ])('stays as it was where %s', async (_, world) => {
    const { seen } = await look(started, world);
    expect([seen?.hold, seen?.flag]).toEqual([undefined, undefined]);
  });

  it('is flagged where a step has failed and it waits for nothing', async () => {
    const failed = { stepKey: 'a', status: 'FAILURE', endTime: 1_795_420_001 };
    expect((await look(started, { steps: [failed] })).seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'Its step a has failed, and no other is at work.',
      since: since + 1000,
    });
    expect((await look(started, { ...waits, steps: [failed] })).seen?.flag?.kind).toBe('orphaned');
  });

  it('asks for no pools while a step is at work', async () => {
    const steps = [{ stepKey: 'a', status: 'IN_PROGRESS', endTime: null }];
    expect((await look(started, { ...waits, steps })).asked).toEqual(['tardyInside']);
  });
});

describe('a queued run that needs a pool', () => {
  const me = (more: JsonObject = {}): JsonObject => ({
    runId: 'me',
    status: 'QUEUED',
    rootConcurrencyKeys: ['db'],
    hasUnconstrainedRootNodes: false,
    allPools: ['db'],
    ...more,
  });
  const full: World = { claimed: [['other', 'b']], pending: [['other', 'b']] };
  const other = { ...me(), runId: 'other', status: 'STARTED' };

  it.each<[string, World]>([
    ['all of whose first steps need a full pool', { ...full, runs: [other, me()] }],
    ['of which another run is at work', { granularity: 'run', runs: [other, me()] }],
  ])('waits, %s', async (_, world) => {
    const waitsFor = { kind: 'pool', name: 'db', state: '1 of 1 slots in use' };
    expect((await look(queued, world)).seen).toMatchObject({ hold: 'limit', waitsFor });
  });

  it.each<[string, World]>([
    ['the pool has a slot', { ...full, slots: 2, runs: [me()] }],
    ['a first step needs no pool', { ...full, runs: [me({ hasUnconstrainedRootNodes: true })] }],
    ['a first step needs a pool without a limit', { ...full, runs: [me({ rootConcurrencyKeys: ['db', 'api'] })] }],
    ['it needs none', { ...full, runs: [me({ rootConcurrencyKeys: null, allPools: null })] }],
    ['Dagster does not list it', { ...full, runs: [] }],
    ['no run of the pool is at work', { ...full, granularity: 'run', runs: [me()] }],
  ])('stays as it was where %s', async (_, world) => {
    const { run, seen } = await look(queued, world);
    expect(seen).toBe(run);
  });
});

it.each<[string, World]>([
  ['a step that is text', { steps: ['a'] as never }],
  ['a status that is a number', { steps: [{ stepKey: 'a', status: 1 }] }],
  ['an instance that is text', { pools: { body: { data: { instance: 'none' } } } }],
  ['pools that are an object', { pools: { body: { data: { instance: { concurrencyLimits: {} } } } } }],
  ['slots that are text', { slots: '1' as never }],
  ['a pool without slots', { slots: null as never }],
  ['errors that are text', { pools: { body: { errors: 'no', data: {} } } }],
])('%s is unreadable', async (_, world) => {
  await expect(look(started, world)).rejects.toMatchObject({ name: 'SourceError', code: 'shape' });
});

it('a run that is being cancelled counts from when that began', async () => {
  const updateTime = Number(started['startTime']) + 900;
  const row = { ...started, updateTime };
  expect((await mapped({ ...row, status: 'CANCELING' })).phaseAt).toBe(Math.floor(updateTime * 1000));
  expect((await mapped(row)).phaseAt).toBeUndefined();
});
