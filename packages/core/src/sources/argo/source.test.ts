import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import { ARGO_NODE_PHASES, ARGO_NODE_TYPES } from './nodes.js';
import { argoAdapter, argoSource } from './source.js';
import { ARGO_PHASES } from './workflow.js';
import type { JsonObject } from '../reading/body.js';
import { argoRow, argoRows, argoServer } from './testing/server.js';
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

const seenIn = async (row: JsonObject) => (await inspected(row, () => ({ body: row }))).seen;

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
    ['locked-node', 'dependency', '2026-11-23T13:13:29Z'],
  ])('of which nothing is left but a node that waits (%s) is on hold: %s', async (name, hold, since) => {
    expect(await seenIn(argoRow('active.json', name))).toMatchObject({ hold, holdSince: Date.parse(since) });
  });

  it.each([
    ['pull', 'ImagePullBackOff: Back-off pulling image "registry.example/missing:1"'],
    ['unschedulable', 'Unschedulable: 0/2 nodes are available: 2 Insufficient nvidia.com/gpu.'],
  ])('whose pod cannot start (%s) is flagged', async (name, why) => {
    const seen = await seenIn(argoRow('active.json', name));
    expect(seen?.flag).toMatchObject({ kind: 'stuck', text: `Its node ${name} cannot start: ${why}` });
  });

  it('all of whose nodes have ended is flagged', async () => {
    const done = argoRow('ended.json', 'quick');
    const row = { ...done, status: { ...(done['status'] as JsonObject), phase: 'Running', finishedAt: null } };
    expect((await seenIn(row))?.flag).toEqual({
      kind: 'stuck',
      text: 'Its only node has ended, but the workflow has not.',
      since: Date.parse('2026-11-23T13:13:19Z'),
    });
  });

  it('with a pod at work, or with nodes that are kept elsewhere, stands as it was read', async () => {
    const row = argoRow('active.json', 'healthy');
    const { nodes, ...rest } = row['status'] as JsonObject;
    expect(nodes).toBeDefined();
    for (const one of [row, { ...row, status: { ...rest, compressedNodes: 'H4sI' } }]) {
      const { seen, run } = await inspected(one, () => ({ body: one }));
      expect(seen).toEqual(run);
    }
  });

  it('that ended meanwhile is told as ended', async () => {
    const row = argoRow('active.json', 'healthy');
    const after = { ...row, status: { ...(row['status'] as JsonObject), phase: 'Succeeded' } };
    expect((await inspected(row, () => ({ body: after }))).seen?.outcome).toBe('succeeded');
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

  it('stands as it was read for one who may not see pods', async () => {
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
