import { classify, runKey, trustPolicy, type Run } from '@tardy/core';
import { SourceError, type Source, type SourceFetch, type SourcePage } from '@tardy/core/sources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOON } from '../test-io.js';
import { lookAgain, type Finding, type SecondLook } from './second-look.js';
import type { SeenRun } from './tally.js';
import { aRun } from './test-runs.js';

const MINUTE_MS = 60_000;
const policy = trustPolicy({ version: 1 });

const stuck = aRun({
  startedAt: NOON - 50 * MINUTE_MS,
  heartbeatAt: NOON - 42 * MINUTE_MS,
});
const healthy: Run = { ...stuck, heartbeatAt: NOON };
const ended: Run = { ...stuck, status: 'completed', outcome: 'succeeded' };
const held: Run = { ...stuck, status: 'queued', hold: 'approval', holdSince: NOON - 60 * MINUTE_MS };
const flagged: Run = { ...healthy, flag: { kind: 'worker_lost', by: 'tardy' } };

const judge = (run: Run): SeenRun => ({ run, freshness: classify(run, policy, NOON), now: NOON, sourceIndex: 0 });
const isStuck: SecondLook['alarms'] = ({ freshness }) => freshness.state === 'likely_stale';
const isLate: SecondLook['alarms'] = ({ freshness }) => freshness.problemClass === 'active_stale_attention';

/** What a fake source does; each part may throw. */
type Behaviour = {
  readonly get?: undefined | ((id: string, fetch: SourceFetch) => Run | undefined | Promise<Run | undefined>);
  readonly list?: () => readonly (Partial<SourcePage> | Error)[];
  readonly inspect?: undefined | ((run: Run, fetch: SourceFetch) => Run | Promise<Run>);
};

async function look(
  { get, list, inspect }: Behaviour,
  given: { readonly alarms?: readonly Run[]; readonly holds?: readonly Run[]; readonly listRequests?: number } = {},
  options: Partial<SecondLook> = {},
) {
  const requested: string[] = [];
  const slept: number[] = [];
  const fetch: SourceFetch = async ({ url }) => {
    requested.push(url);
    return { status: 200, headers: { get: () => null }, body: {}, url };
  };
  const source: Source = {
    name: 'ci',
    kind: 'runs',
    address: 'https://ci.example/',
    async *list() {
      for (const page of list?.() ?? [new SourceError('http', 'HTTP 500')]) {
        if (page instanceof Error) throw page;
        yield { runs: [], issues: [], ...page };
      }
    },
    get: async (id, wrapped) => get?.(id, wrapped),
    ...(inspect === undefined ? {} : { inspect: async (run: Run, wrapped: SourceFetch) => inspect(run, wrapped) }),
  };
  const { alarms = [stuck], holds = [], listRequests = 100 } = given;
  const first = [...alarms, ...holds].map(judge);
  const { findings, requests } = await lookAgain(
    {
      source,
      fetch,
      query: { activity: 'active' },
      listRequests,
      alarms: first.slice(0, alarms.length),
      holds: first.slice(alarms.length),
      judge,
    },
    {
      alarms: isStuck,
      maxRequests: 200,
      confirmAfterMs: 0,
      sleep: async (ms) => void slept.push(ms),
      ...options,
    },
  );
  return { findings: first.map((seen) => findings.get(seen)), requests, requested, slept };
}

const stateOf = (finding: Finding | undefined): string =>
  finding?.kind === 'seen' ? finding.seen.freshness.state : (finding?.kind ?? 'nothing');

describe('a run', () => {
  it.each<{ when: string; behaviour: Behaviour; is: string }>([
    { when: 'it is given again', behaviour: { get: () => stuck }, is: 'likely_stale' },
    { when: 'it sent a heartbeat', behaviour: { get: () => healthy }, is: 'fresh' },
    { when: 'it has ended', behaviour: { get: () => ended }, is: 'terminal' },
    {
      when: 'it sent a heartbeat in the future',
      behaviour: { get: () => ({ ...healthy, startedAt: NOON, heartbeatAt: NOON + 60 * MINUTE_MS }) },
      is: 'unconfirmed',
    },
    {
      when: 'its inside shows a time that no calendar has',
      behaviour: { get: () => healthy, inspect: (run) => ({ ...run, deadlineAt: 1e18 }) },
      is: 'unconfirmed',
    },
    { when: 'a complete list lacks it', behaviour: { list: () => [{}] }, is: 'gone' },
    {
      when: 'a complete list lacks it and something unreadable comes back for it',
      behaviour: {
        get: () => {
          throw new SourceError('shape', 'odd');
        },
        list: () => [{}],
      },
      is: 'unconfirmed',
    },
    { when: 'only the list has it', behaviour: { list: () => [{ runs: [healthy] }] }, is: 'fresh' },
    {
      when: 'a later row of the list has it ended',
      behaviour: { list: () => [{ runs: [ended, stuck] }] },
      is: 'terminal',
    },
    { when: 'there is neither', behaviour: {}, is: 'unconfirmed' },
    { when: 'the list is cut short', behaviour: { list: () => [{ incomplete: 'cut' }] }, is: 'unconfirmed' },
    {
      when: 'a row is damaged',
      behaviour: { list: () => [{ issues: [{ id: '9', reason: 'odd' }] }] },
      is: 'unconfirmed',
    },
    {
      when: 'the list has another run in its place',
      behaviour: { list: () => [{ runs: [{ ...stuck, id: ' ' }] }] },
      is: 'unconfirmed',
    },
    {
      when: 'the list has a healthy run in its place',
      behaviour: { list: () => [{ runs: [{ ...healthy, id: '2' }] }] },
      is: 'gone',
    },
    {
      when: 'the second page fails',
      behaviour: { list: () => [{}, new SourceError('http', 'no')] },
      is: 'unconfirmed',
    },
    { when: 'the adapter fails', behaviour: { get: () => JSON.parse('{') as Run }, is: 'unconfirmed' },
    {
      when: 'its status is unknown',
      behaviour: { get: () => ({ ...healthy, outcome: 'unknown' }) },
      is: 'unconfirmed',
    },
    {
      when: 'its heartbeat is missing',
      behaviour: { get: () => ({ ...stuck, heartbeatAt: undefined }) },
      is: 'likely_stale',
    },
    { when: 'nobody can look inside', behaviour: { get: () => healthy, inspect: failing }, is: 'unconfirmed' },
    { when: 'the inside is over', behaviour: { get: () => stuck, inspect: () => ended }, is: 'terminal' },
    {
      when: 'another run is inside',
      behaviour: { get: () => stuck, inspect: () => ({ ...ended, id: '2' }) },
      is: 'unconfirmed',
    },
    { when: 'it waits legitimately', behaviour: { get: () => stuck, inspect: () => held }, is: 'fresh' },
  ])('is judged by evidence only when $when', async ({ behaviour, is }) => {
    const { findings } = await look(behaviour);
    expect(findings.map(stateOf)).toEqual([is]);
  });

  it.each([
    { when: 'the id', again: { ...healthy, id: '2' } },
    { when: 'the source', again: { ...healthy, source: 'etl' } },
    { when: 'the attempt', again: { ...healthy, attempt: 2 } },
  ])('is not taken for another one by $when', async ({ again }) => {
    const { findings } = await look({ get: () => again });
    expect(findings.map(stateOf)).toEqual(['unconfirmed']);
  });

  it('of an old attempt has gone if the list names only a later one', async () => {
    const later = { ...healthy, attempt: 2 };
    const { findings } = await look({ get: () => later, list: () => [{ runs: [later] }] });
    expect(findings.map(stateOf)).toEqual(['gone']);
  });

  it('is requested if the list, read first, lacks it', async () => {
    const alarms = [stuck, { ...stuck, id: '2' }];
    const { findings } = await look(
      { list: () => [{}], get: (id) => (id === '1' ? stuck : undefined) },
      { alarms, listRequests: 1 },
    );
    expect(findings.map(stateOf)).toEqual(['likely_stale', 'gone']);
  });

  it('keeps the newer of its verdicts if nobody can look inside', async () => {
    const again = { ...stuck, heartbeatAt: NOON - 20 * MINUTE_MS };
    const { findings } = await look({ get: () => again, inspect: failing });
    expect(findings).toMatchObject([{ kind: 'unconfirmed', reason: 'HTTP 500', seen: { run: again } }]);
  });
});

describe('requests', () => {
  const alarms = Array.from({ length: 50 }, (_, index) => ({ ...stuck, id: String(index) }));
  const inspect: Behaviour['inspect'] = async (run, fetch) => {
    await fetch({ url: '/queue' });
    await fetch({ url: `/runs/${run.id}` });
    return run;
  };

  it('that are identical are sent once', async () => {
    const { requests, requested } = await look(
      { list: () => [{ runs: alarms }], inspect },
      { alarms, listRequests: 1 },
    );
    expect(requested.filter((url) => url === '/queue')).toHaveLength(1);
    expect(requests).toBe(51);
  });

  it('differ by method, headers, body and accepted statuses', async () => {
    const { requests } = await look({
      get: async (_, fetch) => {
        const request = { url: '/queue' };
        for (const more of [
          {},
          { method: 'POST' as const },
          { headers: { a: '1' } },
          { body: {} },
          { accept: [404] },
        ]) {
          await fetch({ ...request, ...more });
          await fetch({ ...request, ...more });
        }
        return stuck;
      },
    });
    expect(requests).toBe(5);
  });

  it('are sent again if they say no-cache', async () => {
    const { requests } = await look({
      get: async (_, fetch) => {
        await fetch({ url: '/queue' });
        await fetch({ url: '/queue', headers: { 'cache-control': 'no-cache' } });
        await fetch({ url: '/queue' });
        return stuck;
      },
    });
    expect(requests).toBe(2);
  });

  it('end with the budget, and what was shared still serves', async () => {
    const { findings, requests } = await look(
      { list: () => [{ runs: alarms }], inspect },
      { alarms, listRequests: 1 },
      { maxRequests: 21 },
    );
    const confirmed = findings.filter((finding) => finding?.kind === 'seen');
    expect({ requests, confirmed: confirmed.length }).toEqual({ requests: 21, confirmed: 20 });
    expect(findings.slice(20).every((finding) => finding?.kind === 'unconfirmed')).toBe(true);
  });
});

describe('a hold', () => {
  it.each<{ when: string; inspect: Behaviour['inspect']; is: string }>([
    { when: 'what it waits for exists', inspect: (run) => run, is: 'fresh' },
    {
      when: 'its source calls it orphaned',
      inspect: (run) => ({ ...run, flag: { kind: 'orphaned', by: 'source' } }),
      is: 'likely_stale',
    },
    { when: 'nobody can look', inspect: failing, is: 'unconfirmed' },
  ])('is checked, not believed, when $when', async ({ inspect, is }) => {
    const { findings } = await look({ inspect }, { alarms: [], holds: [held] }, { alarms: isLate });
    expect(findings.map(stateOf)).toEqual([is]);
  });

  it('comes after the alarms', async () => {
    const seen: string[] = [];
    const inspect = (run: Run) => (seen.push(run.id), run);
    await look({ get: () => stuck, inspect }, { alarms: [stuck], holds: [{ ...held, id: 'held' }] });
    expect(seen).toEqual(['1', 'held']);
  });
});

describe('a flag that Tardy has only just concluded', () => {
  const later = { alarms: isLate, confirmAfterMs: 15_000 };

  it.each<{ when: string; second: Behaviour['get']; is: string }>([
    { when: 'it is still there', second: () => flagged, is: 'late' },
    { when: 'the worker is back', second: () => healthy, is: 'fresh' },
    { when: 'the run has ended', second: () => ended, is: 'terminal' },
    { when: 'nothing can be read', second: failing, is: 'unconfirmed' },
  ])('is confirmed by a later look when $when', async ({ second, is }) => {
    let looks = 0;
    const get: Behaviour['get'] = (id, fetch) => (looks++ === 0 ? flagged : second?.(id, fetch));
    const { findings, slept } = await look({ get }, { alarms: [flagged] }, later);
    expect({ states: findings.map(stateOf), slept }).toEqual({ states: [is], slept: [15_000] });
  });

  it('of a hold stands unconfirmed if the later look fails', async () => {
    let looks = 0;
    const orphaned: Run = { ...held, flag: { kind: 'orphaned', by: 'tardy' } };
    const inspect = () => (looks++ === 0 ? orphaned : failing());
    const { findings } = await look({ get: () => held, inspect }, { alarms: [], holds: [held] }, later);
    expect(findings).toMatchObject([{ kind: 'unconfirmed', seen: { run: orphaned } }]);
  });

  it.each<{ when: string; run: Run; options: Partial<SecondLook> }>([
    {
      when: 'its start is known',
      run: { ...flagged, flag: { kind: 'worker_lost', by: 'tardy', since: NOON - MINUTE_MS } },
      options: later,
    },
    { when: 'the source says so', run: { ...flagged, flag: { kind: 'worker_lost', by: 'source' } }, options: later },
    { when: 'silence alone would fail the check', run: { ...stuck, flag: flagged.flag }, options: later },
    { when: 'the wait is 0', run: flagged, options: { ...later, confirmAfterMs: 0 } },
  ])('needs no later look when $when', async ({ run, options }) => {
    const { findings, slept } = await look({ get: () => run }, { alarms: [run] }, options);
    expect({ kinds: findings.map((finding) => finding?.kind), slept }).toEqual({ kinds: ['seen'], slept: [] });
  });
});

it('never clears a run by what is damaged, missing or unreadable', async () => {
  const broken = fc.constantFrom<Behaviour['get']>(
    failing,
    () => undefined,
    () => ({ ...healthy, id: '2' }),
    () => ({ ...healthy, source: 'etl' }),
    () => ({ ...healthy, attempt: 2 }),
    () => ({ ...healthy, outcome: 'unknown' }),
    () => ({ ...stuck, heartbeatAt: undefined }),
    () => ({ ...stuck, heartbeatAt: undefined, startedAt: undefined }),
    () => JSON.parse('{') as Run,
  );
  const brokenList = fc.constantFrom<NonNullable<Behaviour['list']>>(
    () => [new SourceError('http', 'HTTP 500')],
    () => [new TypeError('odd')],
    () => [{ incomplete: 'cut short' }],
    () => [{ issues: [{ id: undefined, reason: 'odd' }] }],
    () => [{ runs: [{ ...ended, attempt: 2 }], incomplete: 'cut short' }],
    () => [{ runs: [ended].map((run) => ({ ...run, id: '2' })) }, new SourceError('shape', 'odd')],
  );
  const inside = fc.constantFrom<Behaviour['inspect']>(
    undefined,
    failing,
    (run) => ({ ...run, heartbeatAt: undefined }),
    () => ({ ...ended, id: '2' }),
    () => ({ ...ended, attempt: 2 }),
  );
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(
      broken,
      brokenList,
      inside,
      fc.constantFrom(0, 100),
      fc.nat({ max: 3 }),
      async (get, list, inspect, listRequests, maxRequests) => {
        ran++;
        const { findings } = await look({ get, list, inspect }, { listRequests }, { maxRequests });
        const [finding] = findings;
        const standing =
          finding?.kind === 'seen' ? finding.seen : finding?.kind === 'unconfirmed' ? judge(stuck) : undefined;
        expect(standing !== undefined && isStuck(standing) && runKey(standing.run) === runKey(stuck)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
  expect(ran).toBeGreaterThanOrEqual(300);
});

function failing(): never {
  throw new SourceError('http', 'HTTP 500');
}
