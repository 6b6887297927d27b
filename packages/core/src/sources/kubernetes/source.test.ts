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
    expect(seen?.flag).toEqual({
      kind: 'worker_lost',
      by: 'source',
      text: 'The node doomed, where a pod of it ran, is gone.',
    });
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
    const { seen, asked } = await inspected(job, inside(job, { body: { metadata: {}, items: spread } }, steady));
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
  ])('keeps what is known for a token that may not read %s', async (_, server, status) => {
    const { seen } = await inspected(job, server);
    expect(seen).toMatchObject({ status });
    expect(seen?.flag).toBeUndefined();
  });
});

describe('a Job', () => {
  it.each([
    [
      'unschedulable',
      'stuck',
      /^No node takes its pod unschedulable-\w+: 0\/2 nodes are available: 2 Insufficient nvidia/,
    ],
    [
      'pull',
      'cannot_start',
      /^Its pod pull-\w+ does not start \(ImagePullBackOff\): Back-off pulling image "registry.example\/missing:1"$/,
    ],
  ])('whose pod waits in vain (%s) is flagged', async (name, kind, text) => {
    const { seen } = await inspected(kubernetesJob(name), inside(kubernetesJob(name), podsOf(name)));
    expect(seen?.flag).toMatchObject({ kind, by: 'source', text: expect.stringMatching(text) as unknown });
  });

  it('whose pod was replaced waits since the new one was made', async () => {
    const [job, pods] = [kubernetesJob('pull'), fixture('kubernetes/pods-pull.json')];
    const [pod] = pods['items'] as JsonObject[];
    const metadata = { ...(pod?.['metadata'] as JsonObject), creationTimestamp: '2026-11-23T15:00:00Z' };
    const made = { ...pod, metadata, status: { phase: 'Pending' } };
    const { seen } = await inspected(job, inside(job, { body: { metadata: {}, items: [made] } }));
    expect(seen).toMatchObject({ status: 'queued', phaseAt: Date.parse('2026-11-23T15:00:00Z'), flag: undefined });
  });

  it('whose pods a gate holds back waits for what opens it', async () => {
    const { seen } = await inspected(kubernetesJob('gated'), inside(kubernetesJob('gated'), podsOf('gated')));
    expect(seen).toMatchObject({ hold: 'limit', waitsFor: { kind: 'scheduling gate' }, flag: undefined });
  });

  it('that is healthy stays as it was read', async () => {
    const { seen, run } = await inspected(
      kubernetesJob('healthy'),
      inside(kubernetesJob('healthy'), podsOf('healthy')),
    );
    expect(seen).toBe(run);
  });

  it('whose pod failed waits for the next one, which comes after ten seconds and then ever later', async () => {
    const job = kubernetesJob('retrying');
    const [pod] = (recorded('kubernetes/pods-retrying.json') as { items: JsonObject[] }).items;
    const status = pod?.['status'] as { containerStatuses: { state: { terminated: { finishedAt: string } } }[] };
    const endedAt = Date.parse(status.containerStatuses[0]?.state.terminated.finishedAt ?? '');
    for (const [failed, seconds] of [
      [1, 10],
      [2, 20],
      [9, 360],
    ] as const) {
      const items = Array.from({ length: failed }, () => pod);
      const { seen } = await inspected(job, inside(job, { body: { metadata: {}, items } }));
      expect(seen).toMatchObject({ hold: 'retry', waitsFor: { until: endedAt + seconds * 1000 } });
    }
  });

  it.each([
    ['2026-11-23T12:05:00Z', undefined],
    ['2026-11-23T12:05:01Z', 'It was deleted, but its finalizers (orphan) keep it.'],
  ])('that was deleted at 12:00 and does not go is judged at %s', async (now, text) => {
    const job = kubernetesJob('healthy');
    const metadata = {
      ...(job['metadata'] as JsonObject),
      deletionTimestamp: '2026-11-23T12:00:00Z',
      finalizers: ['orphan'],
    };
    const headers = { date: new Date(now).toUTCString() };
    const deleted = { ...job, metadata, status: { active: 0 } };
    const server = inside(deleted, { body: { metadata: {}, items: [] }, headers });
    expect((await inspected(deleted, server)).seen?.flag?.text).toBe(text);
  });

  it('that another controller runs elsewhere is not judged by its pods', async () => {
    const elsewhere = (managedBy: string) => {
      const job = kubernetesJob('healthy');
      return { ...job, spec: { ...(job['spec'] as JsonObject), managedBy } };
    };
    const none: Answer = { body: { metadata: {}, items: [] } };
    for (const [manager, kind] of [
      ['kueue.x-k8s.io/multikueue', undefined],
      ['kubernetes.io/job-controller', 'stuck'],
    ] as const) {
      const job = elsewhere(manager);
      expect((await inspected(job, inside(job, none))).seen?.flag?.kind).toBe(kind);
    }
  });

  describe('with a running pod', () => {
    const END = '2026-11-23T13:00:00Z';
    const [recordedPod] = (recorded('kubernetes/pods-healthy.json') as { items: JsonObject[] }).items;
    const container = (name: string, state: JsonObject, more: JsonObject = {}) => ({ name, state, ...more });
    const running = { running: { startedAt: '2026-11-23T12:50:00Z' } };
    const ended = (exitCode: number) => ({ terminated: { exitCode, finishedAt: END } });
    const look = async (
      containerStatuses: readonly JsonObject[],
      metadata: JsonObject = {},
      now = END,
      restartPolicy = 'OnFailure',
    ) => {
      const job = kubernetesJob('healthy');
      const pod = {
        ...recordedPod,
        metadata: { ...(recordedPod?.['metadata'] as JsonObject), ...metadata },
        spec: { restartPolicy, containers: [{ name: 'main' }, { name: 'proxy' }] },
        status: { phase: 'Running', containerStatuses },
      };
      const headers = { date: new Date(now).toUTCString() };
      return (await inspected(job, inside(job, { body: { metadata: {}, items: [pod] }, headers }))).seen;
    };

    it('whose main container has ended while another runs is flagged since then', async () => {
      expect((await look([container('main', ended(0)), container('proxy', running)]))?.flag).toMatchObject({
        kind: 'stuck',
        by: 'tardy',
        text: expect.stringMatching(/^Its container main has ended, but proxy still runs/) as unknown,
        since: Date.parse(END),
      });
    });

    it('whose main container has failed for good while another runs is flagged', async () => {
      const containers = [container('main', ended(3)), container('proxy', running)];
      expect((await look(containers, {}, END, 'Never'))?.flag?.text).toMatch(
        /^Its container main has failed \(exit code 3\), but proxy still runs/,
      );
    });

    it.each([
      ['both run', [container('main', running), container('proxy', running)], {}],
      ['a helper has ended', [container('main', running), container('proxy', ended(0))], {}],
      ['both have ended', [container('main', ended(0)), container('proxy', ended(0))], {}],
      ['main has failed and is started again', [container('main', ended(1)), container('proxy', running)], {}],
      [
        'another is named as the main one',
        [container('main', ended(0)), container('proxy', running)],
        { annotations: { 'kubectl.kubernetes.io/default-container': 'proxy' } },
      ],
    ])('is not flagged where %s', async (_, containers, metadata) => {
      expect((await look(containers, metadata))?.flag).toBeUndefined();
    });

    it.each([
      ['2026-11-23T13:05:00Z', false],
      ['2026-11-23T13:05:01Z', true],
    ])('that should have gone at 13:00 is flagged at %s: %s', async (now, flagged) => {
      const seen = await look([container('main', running)], { deletionTimestamp: END }, now);
      const { kind, by, since } = seen?.flag ?? {};
      const flag = { kind: 'stuck', by: 'tardy', since: Date.parse(END) };
      expect({ kind, by, since }).toEqual(flagged ? flag : {});
    });

    it.each([
      [1, 20],
      [4, 160],
    ])('whose container crashed (%i restarts) waits for its restart', async (restartCount, seconds) => {
      const crashed = { waiting: { reason: 'CrashLoopBackOff' } };
      const seen = await look([container('main', crashed, { restartCount, lastState: ended(1) })]);
      expect(seen).toMatchObject({
        hold: 'retry',
        waitsFor: { name: 'main', until: Date.parse(END) + seconds * 1000 },
      });
    });

    it('whose container keeps crashing is flagged', async () => {
      const crashed = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } };
      const seen = await look([container('main', crashed, { restartCount: 5, lastState: ended(1) })]);
      expect(seen).toMatchObject({ hold: undefined, flag: { kind: 'stuck', by: 'source' } });
    });
  });

  describe('whose pods were never created', () => {
    const job = { ...kubernetesJob('healthy'), status: { startTime: '2026-11-23T12:44:16Z' } };
    const refused = {
      reason: 'FailedCreate',
      involvedObject: { kind: 'Job', name: 'healthy' },
      firstTimestamp: '2026-11-23T12:44:17Z',
      message: 'pods "healthy-x" is forbidden: exceeded quota: compute',
    };
    const look = (events: Answer) =>
      inspected(job, (url) =>
        url.pathname.endsWith('/pods')
          ? { body: { metadata: {}, items: [] } }
          : url.pathname.endsWith('/events')
            ? events
            : { body: job },
      );

    it('is flagged with what its events say', async () => {
      const { seen, asked } = await look({ body: { items: [refused] } });
      expect(seen).toMatchObject({
        status: 'queued',
        flag: {
          kind: 'cannot_start',
          by: 'source',
          text: 'Kubernetes cannot create its pods: pods "healthy-x" is forbidden: exceeded quota: compute',
          since: Date.parse('2026-11-23T12:44:17Z'),
        },
      });
      expect(asked.at(-1)?.searchParams.get('fieldSelector')).toBe(
        'involvedObject.kind=Job,involvedObject.name=healthy',
      );
    });

    it.each([
      ['there are none', { body: { items: [] } }],
      ['they may not be read', { status: 403, body: {} }],
      ['they are about another Job', { body: { items: [{ ...refused, involvedObject: { name: 'other' } }] } }],
    ])('stays as it was where %s', async (_, events) => {
      const { seen, run } = await look(events);
      expect(seen).toBe(run);
    });
  });

  it.each([
    ['None of its pods exists', []],
    ['All its pods have ended', (recorded('kubernetes/pods-retrying.json') as { items: unknown[] }).items],
  ])('that counts a pod at work is flagged: %s', async (text, items) => {
    const job = kubernetesJob('healthy');
    const complete = await inspected(job, inside(job, { body: { metadata: {}, items } }));
    expect(complete.seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: `${text}, but the Job counts 1 at work.`,
    });
    const part = inside(job, { body: { metadata: { remainingItemCount: 1 }, items } });
    await expect(inspected(job, part)).rejects.toMatchObject({ code: 'truncated' });
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

describe('the URL of a cluster', () => {
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
