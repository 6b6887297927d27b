import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Answer, type Server } from '../testing/fetch.js';
import { recorded } from '../testing/fixtures.js';
import { kubernetesSource } from './source.js';
import { kubernetesJob, kubernetesServer } from './testing/server.js';

const source = kubernetesSource('cluster', { url: 'https://cluster.example:6443' });
const NOW = new Date('2026-11-23T18:00:00Z');
const headers = { date: NOW.toUTCString() };
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000).toISOString();

async function inspected(job: JsonObject, server: Server) {
  const { runs } = await gather(source, kubernetesServer([job]));
  const { fetch, asked } = fetchFrom((url, request) => ({ headers, ...server(url, request) }));
  const [run] = runs as readonly [Run];
  return { run, seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => new URL(url)) };
}

const list = (...items: readonly JsonObject[]): Answer => ({ body: { metadata: {}, items } });

describe('a Job that Kueue suspends', () => {
  const suspended = kubernetesJob('suspended');
  const metadata = suspended['metadata'] as JsonObject;
  const job = { ...suspended, metadata: { ...metadata, labels: { 'kueue.x-k8s.io/queue-name': 'training' } } };
  const condition = (type: string, status: string, message: string, minutes = 60): JsonObject => ({
    type,
    status,
    message,
    lastTransitionTime: ago(minutes),
  });
  const workload = (conditions: readonly JsonObject[], spec: JsonObject = { active: true }): JsonObject => ({
    metadata: { ownerReferences: [{ kind: 'Job', name: metadata['name'] }] },
    spec,
    status: { conditions },
  });
  const look = (answer: Answer) => inspected(job, () => answer);
  const refusal = (message: string) => list(workload([condition('QuotaReserved', 'False', message)]));

  it('is looked up in one list of its namespace', async () => {
    const { asked } = await look(list());
    expect(asked.map(({ pathname }) => pathname)).toEqual([
      '/apis/kueue.x-k8s.io/v1beta1/namespaces/billing/workloads',
    ]);
  });

  it.each(['LocalQueue trainnig', 'ClusterQueue gpu'])(
    'for a queue that does not exist is flagged: %s',
    async (queue) => {
      const { seen } = await look(refusal(`${queue} doesn't exist`));
      expect(seen).toMatchObject({
        hold: 'limit',
        flag: { kind: 'orphaned', by: 'source', text: `${queue} doesn't exist`, since: Date.parse(ago(60)) },
      });
    },
  );

  it.each([
    [4, undefined],
    [6, { kind: 'cannot_start', by: 'tardy', text: 'Kueue has admitted it, but it is still suspended.' }],
  ])('admitted %i min ago: %j', async (minutes, flag) => {
    const { seen } = await look(list(workload([condition('Admitted', 'True', 'admitted', minutes)])));
    expect(seen?.flag).toEqual(flag && { ...flag, since: Date.parse(ago(minutes)) });
  });

  it.each([
    ['in a stopped queue', refusal('ClusterQueue gpu is inactive'), 'ClusterQueue gpu is inactive'],
    ['as a workload', list(workload([], { active: false })), 'The workload is deactivated'],
  ])('that a person stopped (%s) is paused', async (_, answer, state) => {
    const { seen } = await look(answer);
    expect(seen).toMatchObject({ hold: 'paused', waitsFor: { name: 'training', state }, flag: undefined });
  });

  it.each([
    ['it waits for quota', refusal("couldn't assign flavors to pod set main")],
    ['its Workload is not there yet', list()],
    ['Workloads may not be read', { status: 403, body: {} }],
    ['Workloads have another version', { status: 404, body: {} }],
  ])('stays on hold where %s', async (_, answer) => {
    const { seen, run } = await look(answer);
    expect(seen).toEqual(run);
  });

  it('is not judged where not all Workloads arrived', async () => {
    const part = { body: { metadata: { remainingItemCount: 1 }, items: [] } };
    await expect(look(part)).rejects.toMatchObject({ code: 'truncated' });
  });
});

describe('the events of a Job without a pod', () => {
  const job = kubernetesJob('healthy');
  const unborn = { ...job, status: { startTime: ago(60), active: 0, ready: 0 } };
  const name = (job['metadata'] as JsonObject)['name'];
  const look = (message: string) =>
    inspected(unborn, (url) => {
      if (url.pathname.endsWith('/pods')) return list();
      const involvedObject = { kind: 'Job', name };
      return url.pathname.endsWith('/events')
        ? list({ reason: 'FailedCreate', message, involvedObject, firstTimestamp: ago(50) })
        : { body: unborn };
    });
  const exceeded = (used: string) =>
    `Error creating: pods "a" is forbidden: exceeded quota: team, requested: pods=2, used: pods=0, limited: pods=${used}`;

  it('hold it while a quota is used up', async () => {
    expect((await look(exceeded('2'))).seen).toMatchObject({
      hold: 'limit',
      holdSince: Date.parse(ago(50)),
      waitsFor: { kind: 'quota', name: 'team' },
      flag: undefined,
    });
  });

  it('flag it if the quota is smaller than one pod', async () => {
    expect((await look(exceeded('1'))).seen).toMatchObject({ hold: undefined, flag: { kind: 'cannot_start' } });
  });
});

describe('a pod of a Job', () => {
  const job = kubernetesJob('healthy');
  const unready = { ...job, status: { startTime: ago(60), active: 1, ready: 0 } };
  const pod = (status: JsonObject, more: JsonObject = {}): JsonObject => ({
    metadata: { name: 'a-1', creationTimestamp: ago(60), ...more },
    spec: { nodeName: 'steady', containers: [{ name: 'main' }] },
    status,
  });
  const look = (one: JsonObject, events: Answer, node: Answer = { body: recorded('kubernetes/node-steady.json') }) =>
    inspected(unready, (url) => {
      if (url.pathname.endsWith('/pods')) return list(one);
      if (url.pathname.endsWith('/events')) return events;
      return url.pathname.includes('/nodes/') ? node : { body: unready };
    });
  const creating = pod({
    phase: 'Pending',
    containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ContainerCreating' } } }],
  });
  const event = (reason: string, name = 'a-1'): JsonObject => ({
    reason,
    message: 'secret "x" not found',
    involvedObject: { kind: 'Pod', name },
    eventTime: ago(55),
  });

  it('whose containers are not created says why in its events', async () => {
    const { seen } = await look(creating, list(event('Scheduled'), event('FailedMount')));
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      by: 'source',
      text: 'Its pod a-1 does not start (FailedMount): secret "x" not found',
      since: Date.parse(ago(55)),
    });
  });

  it.each([
    ['nothing went wrong', list(event('Pulled'))],
    ['they are of another pod', list(event('FailedMount', 'a-2'))],
    ['they may not be read', { status: 403, body: {} }],
  ])('says nothing in its events where %s', async (_, events) => {
    expect((await look(creating, events)).seen?.flag).toBeUndefined();
  });

  it('that is deleted and stays is blamed on its node, if that is gone', async () => {
    const left = pod({ phase: 'Running' }, { deletionTimestamp: ago(30) });
    const gone = await look(left, list(), { status: 404, body: {} });
    expect(gone.seen?.flag).toMatchObject({ kind: 'worker_lost', by: 'source' });
    const there = await look(left, list());
    expect(there.seen?.flag).toMatchObject({ kind: 'stuck', by: 'tardy' });
  });
});

it('refuses a Job of another type', async () => {
  const { fetch } = fetchFrom(() => ({ body: [kubernetesJob('healthy')] }));
  await expect(source.get('billing/healthy', fetch)).rejects.toMatchObject({ code: 'shape' });
});
