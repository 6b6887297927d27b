import { describe, expect, it } from 'vitest';
import type { Flag, Run } from '../../run.js';
import { parseRun } from '../../wire.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, type Server } from '../testing/fetch.js';
import { parentWithChildren, sinceActivity, timesOf } from './inspect.js';
import { bullboardSource } from './source.js';

const source = bullboardSource('jobs', { url: 'https://board.example/admin/queues' });

function run(status: string, more: Record<string, unknown> = {}): Run {
  const parsed = parseRun(
    { id: 'q%2F1/p/1', type: 'bundle', status: 'queued', labels: { queue: 'q/1' }, native: { status }, ...more },
    'jobs',
  );
  if (!parsed.ok) throw new Error(parsed.issue.reason);
  return parsed.run;
}

const parent = run('waiting-children', { hold: 'dependency' });
const node = (id: string, state: string, more: JsonObject = {}) => ({
  id,
  name: 'render',
  state,
  queueName: 'q/1',
  children: [],
  ...more,
});
const waiting = (children: readonly unknown[], more: JsonObject = {}) =>
  node('p/1', 'waiting-children', { children, dependencies: { unprocessed: 1, processed: 0 }, ...more });
const look = (flowRoot: unknown) => parentWithChildren(parent, { nodeId: 'p/1', flowRoot }, 'q/1', 'p/1');

describe('a parent', () => {
  it.each<[string, unknown, string]>([
    ['a child failed', waiting([node('c', 'failed'), node('d', 'completed')]), '1 of its children failed'],
    ['no child exists', waiting([]), 'None of the children'],
    [
      'all children completed',
      waiting([node('c', 'completed'), node('d', 'completed')]),
      'All of its children have ended',
    ],
    ['a child has no state', waiting([node('c', 'unknown')]), 'None of the children'],
    [
      'a child waits in vain itself',
      waiting([node('c', 'waiting-children', { dependencies: { unprocessed: 1 }, children: [node('g', 'failed')] })]),
      'None of the children',
    ],
    ['it is drawn inside another flow', node('root', 'waiting-children', { children: [waiting([])] }), 'None of the'],
  ])('is orphaned where %s', (_, tree, text) => {
    expect(look(tree).flag).toMatchObject({
      kind: 'orphaned',
      by: 'tardy',
      text: expect.stringContaining(text) as string,
    });
  });

  it.each<[string, unknown]>([
    ['is at work', node('c', 'active')],
    ['waits for a retry', node('c', 'delayed')],
    ['is in a state of a later version', node('c', 'levitating')],
    [
      'waits for a child that is at work',
      node('c', 'waiting-children', { dependencies: { unprocessed: 1 }, children: [node('g', 'active')] }),
    ],
    ['has more children than are drawn', node('c', 'waiting-children', { truncated: true, dependencies: {} })],
    ['has children that an older board does not count', node('c', 'waiting-children')],
  ])('waits for the child that %s', (_, child) => {
    expect(look(waiting([node('d', 'failed'), child]))).toMatchObject({
      flag: undefined,
      hold: 'dependency',
      waitsFor: { kind: 'job', id: 'q/1/c', name: 'render' },
    });
  });

  it.each<[string, unknown]>([
    ['children are left out', waiting([node('c', 'failed')], { truncated: true })],
    ['an older board does not count them', waiting([node('c', 'failed')], { dependencies: undefined })],
    ['it has none', null],
    ['it may be in a part of the flow that is not shown', node('other', 'waiting-children', { truncated: true })],
  ])('stays as it is where %s', (_, tree) => {
    expect(look(tree)).toBe(parent);
  });

  it.each<[unknown]>([
    [5],
    [{}],
    [{ flowRoot: 'p' }],
    [{ flowRoot: node('other', 'waiting-children') }],
    [{ flowRoot: waiting([5]) }],
    [{ flowRoot: waiting([null]) }],
    [{ flowRoot: waiting([{}]) }],
    [{ flowRoot: waiting([], { dependencies: { unprocessed: '1' } }) }],
  ])('is not judged by %j', (tree) => {
    expect(() => parentWithChildren(parent, tree, 'q/1', 'p/1')).toThrow('bull-board sent');
  });

  it('is looked at by its flow, which older boards do not have', async () => {
    const { fetch, asked } = fetchFrom(() => ({ status: 404, body: {} }));
    expect(await source.inspect?.(parent, fetch)).toBe(parent);
    expect(asked.map(({ url }) => url)).toEqual([
      'https://board.example/admin/queues/api/queues/q%2F1/p%2F1/flow?root=node&depth=20&maxChildren=1000',
    ]);
  });
});

describe('a queue that seems to have no worker', () => {
  const flag: Flag = { kind: 'worker_lost', by: 'source', text: 'none', since: undefined };
  const active = { ...run('active', { status: 'running', started_at: '2026-11-28T10:00:00Z' }), flag };
  const at = Date.parse('2026-11-28T11:00:00Z');

  it.each([
    [[at, at - 1], at],
    [[at - 3_600_000], undefined],
    [[], undefined],
  ])('had one at %j: the flag holds since %s', (happened, since) => {
    expect(sinceActivity(flag, active, happened).since).toBe(since);
  });

  it('reads when its jobs started and ended', async () => {
    const held: Server = (url) => ({
      body: {
        queues: [{ name: 'q/1', jobs: url.searchParams.get('status') === 'failed' ? [{ finishedOn: at }] : [] }],
      },
    });
    const { fetch, asked } = fetchFrom(held);
    expect((await source.inspect?.(active, fetch))?.flag?.since).toBe(at);
    expect(asked.map(({ url }) => new URL(url).searchParams.get('status'))).toEqual(['active', 'completed', 'failed']);
    expect(timesOf([{ processedOn: 5, finishedOn: null }, null, {}])).toEqual([5]);
  });

  it('is not looked at for a job without a flag, or with a flag of known age', async () => {
    const { fetch, asked } = fetchFrom(() => ({ body: {} }));
    for (const one of [
      { ...active, flag: undefined },
      { ...active, flag: { ...flag, since: at } },
    ]) {
      expect(await source.inspect?.(one, fetch)).toBe(one);
    }
    expect(asked).toEqual([]);
  });
});

describe('a delayed job', () => {
  const due = '2026-11-28T10:00:00Z';
  const delayed = run('delayed', { not_before: due });
  const board =
    (hasWorkers: boolean, date: string): Server =>
    () => ({
      body: { queues: [{ name: 'q/1', hasWorkers }] },
      headers: { date: new Date(date).toUTCString() },
    });

  it.each([
    ['after its time without a worker', false, '2026-11-28T10:00:00Z', 'cannot_start'],
    ['before its time', false, '2026-11-28T09:59:59Z', undefined],
    ['after its time with a worker', true, '2026-11-28T12:00:00Z', undefined],
  ])('%s', async (_, hasWorkers, date, kind) => {
    const { fetch } = fetchFrom(board(hasWorkers, date));
    const seen = await source.inspect?.(delayed, fetch);
    expect([seen?.flag?.kind, seen?.flag?.since]).toEqual([kind, kind === undefined ? undefined : Date.parse(due)]);
  });
});
