import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { JOB_CONDITIONS } from './job.js';
import { kubernetesAdapter, kubernetesSource } from './source.js';
import { fetchFrom, gather, type Answer, type Server } from '../testing/fetch.js';
import { fixture, recorded } from '../testing/fixtures.js';
import { kubernetesJob, kubernetesJobs, kubernetesServer } from './testing/server.js';

const source = kubernetesSource('cluster', { url: 'https://cluster.example:6443' });

/** A recorded Job, its recorded pods and a recorded node, as one server. */
function inside(
  job: JsonObject,
  pods: Answer,
  node: Answer = { body: recorded('kubernetes/node-steady.json') },
): Server {
  return (url) => (url.pathname.endsWith('/pods') ? pods : url.pathname.includes('/nodes/') ? node : { body: job });
}

const podsOf = (name: string): Answer => ({ body: recorded(`kubernetes/pods-${name}.json`) });

async function inspected(job: JsonObject, server: Server) {
  const { runs } = await gather(source, kubernetesServer([job]));
  const { fetch, asked } = fetchFrom(server);
  return {
    seen: await source.inspect?.(runs[0] as Run, fetch),
    asked: asked.map(({ url }) => new URL(url)),
    run: runs[0],
  };
}

it('knows the conditions of Jobs that Kubernetes has', () => {
  expect([...JOB_CONDITIONS].sort()).toEqual(
    [...(fixture('kubernetes/vocabulary.json')['jobConditions'] as string[])].sort(),
  );
});

describe('a list of Jobs', () => {
  it('is read in pages, of one namespace and with labels if configured, and returns active Jobs', async () => {
    const one = kubernetesSource('one', {
      url: 'https://cluster.example',
      namespace: 'billing',
      selector: 'team=payments',
    });
    const { runs, asked, incomplete } = await gather(one, kubernetesServer(kubernetesJobs(), 3));
    expect(asked[0]?.url).toBe(
      'https://cluster.example/apis/batch/v1/namespaces/billing/jobs?labelSelector=team%3Dpayments&limit=500',
    );
    expect(asked).toHaveLength(Math.ceil(kubernetesJobs().length / 3));
    expect(incomplete).toEqual([]);
    const ended = ['quick', 'fails', 'late', 'many', 'parted', 'backoff'];
    expect(runs.map(({ title }) => title).sort()).toEqual(
      kubernetesJobs()
        .map((job) => String((job['metadata'] as JsonObject)['name']))
        .filter((name) => !ended.includes(name))
        .sort(),
    );
  });

  it('that the server forgot meanwhile is read again, in one piece', async () => {
    const server: Server = (url, request) =>
      url.searchParams.has('continue')
        ? { status: 410, body: recorded('kubernetes/error-gone.json') }
        : kubernetesServer(kubernetesJobs(), 3)(url, request);
    const { runs, asked, error } = await gather(source, server, { activity: 'all' });
    expect(error).toBeUndefined();
    expect(runs).toHaveLength(kubernetesJobs().length);
    expect(asked.map(({ url }) => new URL(url).search.replace(/continue=.*/, 'continue'))).toEqual([
      '?limit=500',
      '?limit=500&continue',
      '',
    ]);
  });

  it('of none may be null', async () => {
    const { runs, error } = await gather(source, () => ({ body: { metadata: {}, items: null } }));
    expect({ runs, error }).toEqual({ runs: [], error: undefined });
  });
});

describe('a Job whose node died', () => {
  const job = fixture('kubernetes/job-after-kill9.json');
  const node = { body: recorded('kubernetes/node-after-kill9.json') };

  it('is active to Kubernetes, and is flagged with what its node says', async () => {
    const { seen, run, asked } = await inspected(job, inside(job, podsOf('after-kill9'), node));
    expect(run?.status).toBe('queued');
    expect(seen).toMatchObject({
      status: 'running',
      native: { status: 'Running' },
      flag: {
        kind: 'unresponsive',
        text: 'The node doomed is not ready: Kubelet stopped posting node status.',
        since: Date.parse('2026-11-23T12:45:17Z'),
      },
    });
    expect(asked.map(({ pathname, search }) => `${pathname}${search}`)).toEqual([
      '/apis/batch/v1/namespaces/billing/jobs/nightly-report',
      '/api/v1/namespaces/billing/pods?labelSelector=job-name%3Dnightly-report&limit=100',
      '/api/v1/nodes/doomed',
    ]);
  });

  it('is flagged when the node itself is gone', async () => {
    const { seen } = await inspected(job, inside(job, podsOf('after-kill9'), { status: 404, body: {} }));
    expect(seen?.flag).toEqual({ kind: 'worker_lost', text: 'The node doomed, where a pod of it ran, is gone.' });
  });

  it('asks about three of its nodes at most, however many there are', async () => {
    const { items } = fixture('kubernetes/pods-after-kill9.json') as { readonly items: readonly JsonObject[] };
    const [pod] = items;
    // The recorded pod, on one node after another.
    const spread = Array.from({ length: 5 }, (_, index) => ({
      ...pod,
      spec: { ...(pod?.['spec'] as JsonObject), nodeName: `node-${index}` },
    }));
    const steady = { body: recorded('kubernetes/node-steady.json') };
    const { seen, asked } = await inspected(job, inside(job, { body: { items: spread } }, steady));
    expect(seen?.flag).toBeUndefined();
    expect(asked.map(({ pathname }) => pathname).filter((path) => path.includes('/nodes/'))).toEqual([
      '/api/v1/nodes/node-0',
      '/api/v1/nodes/node-1',
      '/api/v1/nodes/node-2',
    ]);
  });

  it.each([
    ['nodes', inside(job, podsOf('after-kill9'), { status: 403, body: {} }), 'running'],
    ['pods', inside(job, { status: 403, body: recorded('kubernetes/error-forbidden.json') }), 'queued'],
  ])('stands as far as it is known to one who may not see %s', async (_, server, status) => {
    const { seen } = await inspected(job, server);
    expect(seen).toMatchObject({ status });
    expect(seen?.flag).toBeUndefined();
  });
});

describe('a Job', () => {
  it.each([
    ['unschedulable', /^No node takes its pod unschedulable-\w+: 0\/2 nodes are available: 2 Insufficient nvidia/],
    [
      'pull',
      /^Its pod pull-\w+ does not start \(ImagePullBackOff\): Back-off pulling image "registry.example\/missing:1"$/,
    ],
  ])('whose pod waits in vain (%s) is flagged', async (name, text) => {
    const { seen } = await inspected(kubernetesJob(name), inside(kubernetesJob(name), podsOf(name)));
    expect(seen?.flag).toMatchObject({ kind: 'stuck', text: expect.stringMatching(text) as unknown });
  });

  it('whose pod was replaced waits since the new one was made', async () => {
    const [job, pods] = [kubernetesJob('pull'), fixture('kubernetes/pods-pull.json')];
    const [pod] = pods['items'] as JsonObject[];
    const metadata = { ...(pod?.['metadata'] as JsonObject), creationTimestamp: '2026-11-23T15:00:00Z' };
    const made = { ...pod, metadata, status: { phase: 'Pending' } };
    const { seen } = await inspected(job, inside(job, { body: { metadata: {}, items: [made] } }));
    expect(seen).toMatchObject({ status: 'queued', queuedAt: Date.parse('2026-11-23T15:00:00Z'), flag: undefined });
  });

  it('whose pods a gate holds back waits for what opens it', async () => {
    const { seen } = await inspected(kubernetesJob('gated'), inside(kubernetesJob('gated'), podsOf('gated')));
    expect(seen).toMatchObject({ hold: 'dependency', flag: undefined });
  });

  it.each(['healthy', 'retrying'])('that is well (%s) stands as it was read', async (name) => {
    const { seen, run } = await inspected(kubernetesJob(name), inside(kubernetesJob(name), podsOf(name)));
    expect(seen).toBe(run);
  });

  it.each([
    ['None of its pods exists', []],
    ['All its pods have ended', (recorded('kubernetes/pods-retrying.json') as { items: unknown[] }).items],
  ])('that counts a pod at work is flagged: %s', async (text, items) => {
    const job = kubernetesJob('healthy');
    const whole = await inspected(job, inside(job, { body: { metadata: {}, items } }));
    expect(whole.seen?.flag).toEqual({ kind: 'stuck', text: `${text}, yet the Job counts 1 at work.` });
    const part = await inspected(job, inside(job, { body: { metadata: { continue: 'more' }, items } }));
    expect(part.seen?.flag).toBeUndefined();
  });

  it('is called by what its name was generated from, and by a person when one started it', async () => {
    const job = kubernetesJob('healthy');
    const metadata = {
      ...(job['metadata'] as JsonObject),
      generateName: 'import-',
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
    };
    const { runs } = await gather(source, kubernetesServer([{ ...job, metadata }]));
    expect(runs[0]).toMatchObject({ type: 'import', initiator: { kind: 'user' } });
  });
});

describe('the address of a cluster', () => {
  it.each([
    ['https://c.example:6443', { url: 'https://c.example:6443' }],
    ['https://c.example/namespaces/billing', { url: 'https://c.example', namespace: 'billing' }],
    ['https://r.example/k8s/clusters/c-1/namespaces/a/', { url: 'https://r.example/k8s/clusters/c-1', namespace: 'a' }],
  ])('%s names %j', (rest, config) => {
    expect(kubernetesAdapter.configFromUri?.(rest)).toEqual(config);
  });

  it('gets the token as a bearer token', () => {
    expect(kubernetesAdapter.credentialHeaders('t', { url: '' })).toEqual({ authorization: 'Bearer t' });
  });
});
