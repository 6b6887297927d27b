import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import { ARGO_NODE_PHASES, ARGO_NODE_TYPES } from './nodes.js';
import { argoAdapter, argoSource } from './source.js';
import { ARGO_PHASES } from './workflow.js';
import type { JsonObject } from '../reading/body.js';
import { argoRow, argoRows, argoServer, POSTPONED } from './testing/server.js';
import { waitOf } from './waits.js';
import { fetchFrom, gather, type Answer, type Server } from '../testing/fetch.js';
import { fixture, recorded } from '../testing/fixtures.js';

const source = argoSource('flows', { url: 'https://argo.example:2746' });
const cluster = argoSource('flows', { url: 'https://cluster.example:6443', api: 'kubernetes' });
const words = fixture('argo/vocabulary.json') as Record<string, string[]>;

async function inspected(row: JsonObject, server: Server, from = source) {
  const { runs } = await gather(from, argoServer([row]));
  const { fetch, asked } = fetchFrom(server);
  return {
    seen: await from.inspect?.(runs[0] as Run, fetch),
    asked: asked.map(({ url }) => new URL(url)),
    run: runs[0],
  };
}

const seenIn = async (row: JsonObject) => {
  const list = { metadata: {}, items: [row, argoRow('active.json', 'holder')] };
  return (await inspected(row, (url) => ({ body: url.pathname.endsWith('/workflows/') ? list : row }))).seen;
};

describe('the words of Argo', () => {
  it('for phases of workflows and nodes and for types of nodes are known', () => {
    expect(Object.keys(ARGO_PHASES).sort()).toEqual(words['workflowPhases']?.map((one) => one || 'none').sort());
    expect(Object.keys(ARGO_NODE_PHASES).sort()).toEqual(words['nodePhases']?.sort());
    expect(Object.keys(ARGO_NODE_TYPES).sort()).toEqual(words['nodeTypes']?.sort());
  });
});

describe('a list of workflows', () => {
  it('is asked of the server for active ones, without their nodes, and in one piece', async () => {
    const { runs, asked } = await gather(source, argoServer(argoRows('server-active.json')));
    expect(runs).toHaveLength(argoRows('server-active.json').length);
    expect(asked).toHaveLength(1);
    const url = new URL(asked[0]?.url ?? '');
    expect(url.pathname).toBe('/api/v1/workflows/');
    expect(url.searchParams.get('listOptions.labelSelector')).toBe('workflows.argoproj.io/completed!=true');
    expect(url.searchParams.get('listOptions.limit')).toBeNull();
    expect(url.searchParams.get('fields')).toMatch(/^metadata,items\.metadata,.*items\.status\.progress/);
    expect(url.searchParams.get('fields')).not.toContain('nodes');
  });

  it('adds as many ended ones as were asked for', async () => {
    const rows = argoRows('server-ended.json');
    const { runs, asked } = await gather(source, argoServer(rows), { activity: 'recent', limit: 2 });
    expect(runs).toHaveLength(2);
    expect(new URL(asked[1]?.url ?? '').searchParams.get('listOptions.limit')).toBe('2');
  });

  it('is asked of the cluster in pages, of one namespace where that is wanted', async () => {
    const one = argoSource('one', { url: 'https://c.example', api: 'kubernetes', namespace: 'billing' });
    const { runs, asked } = await gather(one, argoServer(argoRows('active.json'), 5));
    expect(runs).toHaveLength(argoRows('active.json').length);
    expect(asked[0]?.url).toBe(
      'https://c.example/apis/argoproj.io/v1alpha1/namespaces/billing/workflows?labelSelector=workflows.argoproj.io%2Fcompleted!%3Dtrue&limit=100',
    );
    expect(asked).toHaveLength(3);
  });

  it('of none is null', async () => {
    const { runs, error } = await gather(source, () => ({ body: recorded('argo/server-none.json') }));
    expect({ runs, error }).toEqual({ runs: [], error: undefined });
  });
});

describe('a running workflow', () => {
  it.each([
    ['suspended-node', 'approval', '2026-11-23T13:13:28Z'],
    ['delayed-node', 'schedule', '2026-11-23T13:13:28Z'],
    ['locked-node', 'limit', '2026-11-23T13:13:29Z'],
  ])('of which nothing is left but a node that waits (%s) is on hold: %s', async (name, hold, since) => {
    expect(await seenIn(argoRow('active.json', name))).toMatchObject({ hold, holdSince: Date.parse(since) });
  });

  it('that waits for a time says until when', async () => {
    const row = argoRow('active.json', 'delayed-node');
    const until = Date.parse('2026-11-23T13:13:28Z') + 2 * 3_600_000;
    expect((await seenIn(row))?.waitsFor).toMatchObject({ kind: 'duration', until });
  });

  it.each([
    ['pull', 'cannot_start', 'ImagePullBackOff: Back-off pulling image "registry.example/missing:1"'],
    ['unschedulable', 'stuck', 'Unschedulable: 0/2 nodes are available: 2 Insufficient nvidia.com/gpu.'],
  ])('whose pod cannot start (%s) is flagged: %s', async (name, kind, why) => {
    const seen = await seenIn(argoRow('active.json', name));
    expect(seen?.flag).toMatchObject({ kind, by: 'source', text: `Its node ${name} cannot start: ${why}` });
  });

  it('all of whose nodes have ended is flagged', async () => {
    const done = argoRow('ended.json', 'quick');
    const row = { ...done, status: { ...(done['status'] as JsonObject), phase: 'Running', finishedAt: null } };
    expect((await seenIn(row))?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'Its only node has ended, but the workflow has not.',
      since: Date.parse('2026-11-23T13:13:19Z'),
    });
  });

  it('with a pod at work, or with nodes that are kept elsewhere, is left as it was read', async () => {
    const row = argoRow('active.json', 'healthy');
    const { nodes, ...rest } = row['status'] as JsonObject;
    expect(nodes).toBeDefined();
    for (const one of [row, { ...row, status: { ...rest, compressedNodes: 'H4sI' } }]) {
      const { seen, run } = await inspected(one, () => ({ body: one }));
      expect(seen).toEqual(run);
    }
  });

  it('that ended meanwhile is reported as ended', async () => {
    const row = argoRow('active.json', 'healthy');
    const after = { ...row, status: { ...(row['status'] as JsonObject), phase: 'Succeeded' } };
    expect((await inspected(row, () => ({ body: after }))).seen?.outcome).toBe('succeeded');
  });
});

describe('nodes of a running workflow', () => {
  const running = argoRow('active.json', 'healthy');
  const withNodes = (...nodes: readonly JsonObject[]): JsonObject => {
    const all = Object.fromEntries(nodes.map((node, index) => [String(index), { id: String(index), ...node }]));
    return { ...running, status: { ...(running['status'] as JsonObject), nodes: all } };
  };
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 13, minute)).toISOString();
  const retry = (message: string | undefined): JsonObject => ({
    type: 'Retry',
    phase: 'Running',
    displayName: 'load',
    message,
    children: ['1', '2'],
  });
  const failed = (minute: number): JsonObject => ({ type: 'Pod', phase: 'Failed', finishedAt: at(minute) });
  const suspended = (templateName: string): JsonObject => ({
    type: 'Suspend',
    phase: 'Running',
    templateName,
    startedAt: at(0),
  });

  it.each([
    ['Backoff for 10 seconds', 10],
    ['Backoff for 1 minute 30 seconds', 90],
    ['Backoff for 2 hours 5 minutes', 7500],
    ['Backoff for 1 week 12 hours', 648_000],
  ])('wait for the next attempt: %s', async (message, seconds) => {
    const seen = await seenIn(withNodes(retry(message), failed(3), failed(8)));
    const until = Date.parse(at(8)) + seconds * 1000;
    expect(seen).toMatchObject({ hold: 'retry', holdSince: Date.parse(at(8)), waitsFor: { name: 'load', until } });
  });

  it.each(['Steps', 'DAG', 'Suspend', 'Pod', 'Retry'])(
    'of the type %s wait for a lock before they begin',
    async (type) => {
      const node = {
        type,
        phase: 'Pending',
        startedAt: at(2),
        synchronizationStatus: { waiting: 'billing/Mutex/ledger' },
      };
      const parent = { type: 'DAG', phase: 'Running', children: ['1'] };
      expect(await seenIn(withNodes(parent, node))).toMatchObject({ hold: 'limit', holdSince: Date.parse(at(2)) });
    },
  );

  it('are at work in an attempt, or when a wait cannot be read', async () => {
    const attempt: JsonObject = { type: 'Pod', phase: 'Running' };
    for (const row of [
      withNodes(retry(undefined), failed(3), attempt),
      withNodes(retry('Backoff for a long while'), failed(3)),
      withNodes(retry('Backoff for 3 seconds')),
    ]) {
      expect(await seenIn(row)).toMatchObject({ hold: undefined, flag: undefined });
    }
  });

  it('hold nothing together once their work has ended, daemons apart', async () => {
    const daemon: JsonObject = { type: 'Pod', phase: 'Running', daemoned: true, displayName: 'cache' };
    const seen = await seenIn(withNodes(retry(undefined), failed(3), failed(4), daemon));
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'All its work has ended, but Argo still counts as running: load (Retry), cache (Pod).',
      since: Date.parse(at(4)),
    });
  });

  it.each([
    ['a person before anything else', [suspended('ask'), retry('Backoff for 5 seconds'), failed(1)], 'approval'],
    ['what ends first', [suspended('nap'), retry('Backoff for 5 seconds'), failed(1)], 'schedule'],
    ['nothing while one is at work', [suspended('ask'), { type: 'Pod', phase: 'Running' }], undefined],
  ])('wait for %s', async (_, nodes, hold) => {
    const row = withNodes(...(nodes as readonly JsonObject[]));
    const spec = {
      templates: [
        { name: 'nap', suspend: { duration: '20' } },
        { name: 'ask', suspend: {} },
      ],
    };
    expect((await seenIn({ ...row, spec }))?.hold).toBe(hold);
  });

  it('of another type are unreadable, not none', async () => {
    const row = { ...running, status: { ...(running['status'] as JsonObject), nodes: [] } };
    await expect(seenIn(row)).rejects.toMatchObject({ code: 'shape' });
  });
});

describe('the messages of the controller', () => {
  const messages = words['messages'] as unknown as Record<string, string[]>;
  const cases = Object.entries(messages).flatMap(([means, all]) => all.map((message) => [message, means] as const));

  it.each(cases)('%s', (message, means) => {
    const { hold, flag } = waitOf(message);
    expect(hold ?? flag?.kind).toBe(means);
  });

  it('that say nothing of a wait mean nothing', () => expect(waitOf('child failed')).toEqual({}));
});

describe('a workflow that waits for a lock', () => {
  const row = argoRow('active.json', 'locked');
  const holder = argoRow('active.json', 'holder');
  const read = async (one: JsonObject, active: readonly JsonObject[], config: { namespace?: string } = {}) => {
    const from = argoSource('flows', { url: 'https://argo.example', ...config });
    return inspected(one, (url) => ({ body: url.pathname.endsWith('/locked') ? one : listOf(active) }), from);
  };
  const listOf = (items: readonly JsonObject[]) => ({ metadata: {}, items });
  const named = (lock: string, message = `Waiting for ${lock} lock. Lock status: 0/1`): JsonObject => ({
    ...row,
    status: { phase: 'Pending', message, synchronization: {} },
  });

  it('names the one that holds it, from one list for all that wait', async () => {
    const { seen, asked } = await read(row, [row, holder]);
    expect(seen).toMatchObject({
      hold: 'limit',
      waitsFor: { kind: 'workflow', id: 'billing/holder', name: 'holder', state: 'Running' },
      flag: undefined,
    });
    expect(asked[1]?.searchParams.get('fields')).toContain('items.status.synchronization');
  });

  it.each([
    ['one of two places is held, and Argo calls one free', '1/2', ['billing/a/a'], true],
    ['Argo calls none free', '0/2', ['billing/a/a'], false],
    ['both are held, as far as the others say', '1/2', ['billing/a/a', 'billing/b/b'], false],
  ])('is on hold and maybe flagged where %s', async (_, free, holders, isFlagged) => {
    const semaphore = 'billing/ConfigMap/places/deploy';
    const holding = { semaphore: { holding: [{ semaphore, holders }] } };
    const message = `Waiting for ${semaphore} lock. Lock status: ${free}`;
    const one = { ...holder, status: { phase: 'Running', synchronization: holding } };
    const { seen } = await read(named(semaphore, message), [one]);
    const text = `${message}, and only 1 of its places is held`;
    expect(seen?.hold).toBe('limit');
    expect(seen?.flag).toEqual(isFlagged ? { kind: 'stuck', by: 'tardy', text } : undefined);
  });

  it('is flagged if no active one holds it', async () => {
    const { seen } = await read(row, [row]);
    expect(seen?.flag).toMatchObject({ kind: 'orphaned', by: 'tardy' });
    expect(seen?.flag?.text).toContain('billing/Mutex/ledger; billing/holder held it');
  });

  it.each([
    ['in a database, which other clusters share', named('billing/Database/ledger'), {}],
    ['of a namespace that is not read', named('ledgers/Mutex/ledger'), { namespace: 'billing' }],
    ['of all running workflows, in one namespace', named('', POSTPONED), { namespace: 'billing' }],
  ])('%s is not judged by what is not there', async (_, one, config) => {
    expect((await read(one, [one], config)).seen).toMatchObject({ hold: 'limit', flag: undefined });
  });

  it('is not judged by a list that is not complete, or that cannot be read', async () => {
    const cut = (url: URL) => ({
      body: url.pathname.endsWith('/locked') ? row : { metadata: { remainingItemCount: 4 }, items: [row] },
    });
    await expect(inspected(row, cut)).rejects.toMatchObject({ code: 'truncated' });
    const odd = { ...holder, status: { synchronization: { mutex: { holding: {} } } } };
    await expect(read(row, [odd])).rejects.toMatchObject({ code: 'shape' });
  });
});

describe('a workflow whose node died', () => {
  const row = fixture('argo/workflow-after-kill9.json');
  const server =
    (pods: Answer): Server =>
    (url) =>
      url.pathname.endsWith('/pods')
        ? pods
        : { body: url.pathname.includes('/nodes/') ? recorded('argo/node-after-kill9.json') : row };

  it('is active to Argo, and is flagged when it is read from the cluster', async () => {
    const { seen, run, asked } = await inspected(
      row,
      server({ body: recorded('argo/pods-after-kill9.json') }),
      cluster,
    );
    expect(run?.native?.status).toBe('Running');
    expect(seen?.flag).toMatchObject({
      kind: 'unresponsive',
      text: 'The node doomed is not ready: Kubelet stopped posting node status.',
    });
    expect(asked.map(({ pathname }) => pathname)).toEqual([
      '/apis/argoproj.io/v1alpha1/namespaces/billing/workflows/nightly-report',
      '/api/v1/namespaces/billing/pods',
      '/api/v1/nodes/doomed',
    ]);
  });

  it.each([
    ['2026-11-23T10:05:00Z', undefined],
    ['2026-11-23T10:05:01Z', 'None of its pods exists, but Argo counts on 1.'],
  ])('whose pod was to be created at 10:00 and does not exist is judged at %s', async (now, text) => {
    const node = {
      id: 'a',
      name: 'a',
      displayName: 'a',
      type: 'Pod',
      phase: 'Pending',
      startedAt: '2026-11-23T10:00:00Z',
    };
    const waiting = { ...row, status: { ...(row['status'] as JsonObject), nodes: { a: node } } };
    const { seen } = await inspected(
      waiting,
      (url) =>
        url.pathname.endsWith('/pods')
          ? { body: { metadata: {}, items: [] }, headers: { date: new Date(now).toUTCString() } }
          : { body: waiting },
      cluster,
    );
    expect(seen?.flag?.text).toBe(text);
  });

  it('stays as it was read without the right to see pods', async () => {
    const { seen, run } = await inspected(row, server({ status: 403, body: {} }), cluster);
    expect(seen).toEqual(run);
  });
});

describe('the URL of Argo', () => {
  it.each([
    ['https://a.example:2746', { url: 'https://a.example:2746' }],
    ['https://a.example/argo/namespaces/billing', { url: 'https://a.example/argo', namespace: 'billing' }],
  ])('%s names %j', (rest, config) => {
    expect(argoAdapter.configFromUri?.(rest)).toEqual(config);
  });

  it.each(['t0ken', 'Bearer t0ken'])('gets the token %s as a bearer token', (token) => {
    expect(argoAdapter.credentialHeaders(token, { url: '' })).toEqual({ authorization: 'Bearer t0ken' });
  });
});
