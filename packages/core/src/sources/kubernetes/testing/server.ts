import { memberOf, type JsonObject } from '../../reading/body.js';
import { kubernetesSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture, recorded } from '../../testing/fixtures.js';

/** The Jobs of the recorded list. */
export function kubernetesJobs(): readonly JsonObject[] {
  return fixture('kubernetes/jobs.json')['items'] as readonly JsonObject[];
}

/** The recorded Job of that name. */
export function kubernetesJob(name: string): JsonObject {
  const job = kubernetesJobs().find((one) => nameOf(one) === name);
  if (job === undefined) throw new Error(`jobs.json holds no Job ${name}.`);
  return job;
}

/** An API server with these Jobs, in pages, responding like the recorded one. */
export function kubernetesServer(jobs: readonly JsonObject[], size = 500): Server {
  return (url) => {
    const name = /\/jobs\/([^/]+)$/.exec(url.pathname)?.[1];
    if (name !== undefined) {
      const found = jobs.find((one) => nameOf(one) === name);
      return found === undefined
        ? { status: 404, body: recorded('kubernetes/error-not-found.json') }
        : { body: { kind: 'Job', apiVersion: 'batch/v1', ...found } };
    }
    const from = Number(url.searchParams.get('continue') ?? 0);
    const items = jobs.slice(from, url.searchParams.has('limit') ? from + size : undefined);
    const left = jobs.length - from - items.length;
    const more = left > 0 ? { continue: String(from + size), remainingItemCount: left } : {};
    return { body: { kind: 'JobList', apiVersion: 'batch/v1', metadata: { resourceVersion: '503', ...more }, items } };
  };
}

/** The name of an object of Kubernetes. */
export function nameOf(object: unknown): string {
  return String(memberOf(object, 'metadata')['name']);
}

const healthy = kubernetesJob('healthy');
const { metadata, spec, status } = healthy as { metadata: JsonObject; spec: JsonObject; status: JsonObject };
const withStatus = (changes: JsonObject): JsonObject => ({ ...healthy, status: { ...status, ...changes } });

/** What the adapter for Kubernetes shows to conform. */
export const kubernetesCase: ConformanceCase = {
  name: 'kubernetes',
  source: kubernetesSource('cluster', { url: 'https://cluster.example:6443' }),
  row: healthy,
  other: kubernetesJob('nightly-report'),
  states: [
    [
      'running',
      healthy,
      {
        id: 'billing/healthy',
        type: 'healthy',
        workspace: { id: 'billing' },
        status: 'running',
        startedAt: Date.parse('2026-11-23T12:44:16Z'),
        progress: undefined,
        labels: { 'app.kubernetes.io/name': 'healthy', team: 'payments' },
        native: { status: 'Running', outcome: undefined },
      },
    ],
    ['without a pod that has begun', kubernetesJob('pull'), { status: 'queued', native: { status: 'Pending' } }],
    ['between two tries', kubernetesJob('retrying'), { status: 'running', outcome: 'pending' }],
    ['not yet seen by its controller', { ...healthy, status: {} }, { status: 'queued', startedAt: undefined }],
    [
      'suspended',
      kubernetesJob('suspended'),
      { status: 'queued', hold: 'paused', holdSince: Date.parse('2026-11-23T12:44:17Z') },
    ],
    [
      'suspended by Kueue until there is room',
      { ...kubernetesJob('suspended'), metadata: { ...metadata, labels: { 'kueue.x-k8s.io/queue-name': 'q' } } },
      { status: 'queued', hold: 'limit', waitsFor: { kind: 'queue of Kueue', name: 'q' } },
    ],
    ['whose pods were never created', withStatus({ active: 0, ready: 0 }), { status: 'queued' }],
    ['that counts nothing yet', { ...healthy, status: { startTime: '2026-11-23T12:44:16Z' } }, { status: 'queued' }],
    [
      'whose ended pods are not counted yet',
      withStatus({ active: 0, ready: 0, uncountedTerminatedPods: { failed: ['uid'] } }),
      { status: 'running' },
    ],
    [
      'that ends its pods',
      withStatus({
        conditions: [{ type: 'FailureTarget', status: 'True', lastTransitionTime: '2026-11-23T13:00:00Z' }],
      }),
      { status: 'running', phaseAt: Date.parse('2026-11-23T13:00:00Z') },
    ],
    ['bounded', kubernetesJob('deadline'), { deadlineAt: Date.parse('2026-11-23T14:44:17Z') }],
    [
      'complete',
      kubernetesJob('many'),
      {
        status: 'completed',
        outcome: 'succeeded',
        endedAt: Date.parse('2026-11-23T12:44:24Z'),
        progress: { processed: 5, total: 5, unit: 'completions' },
        native: { status: 'Complete', outcome: 'CompletionsReached' },
      },
    ],
    [
      'failed',
      kubernetesJob('fails'),
      {
        outcome: 'failed',
        failure: { code: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' },
      },
    ],
    ['past its deadline', kubernetesJob('late'), { outcome: 'failed', endedAt: Date.parse('2026-11-23T12:44:22Z') }],
    ['done in parts', kubernetesJob('parted'), { status: 'completed', outcome: 'partially_succeeded' }],
    [
      'made by a CronJob',
      fixture('kubernetes/job-of-cronjob.json'),
      { type: 'invoices', initiator: { kind: 'schedule', name: 'invoices' } },
    ],
  ],
  broken: [
    ['metadata.namespace', { ...healthy, metadata: { ...metadata, namespace: undefined } }],
    ['metadata.creationTimestamp', { ...healthy, metadata: { ...metadata, creationTimestamp: 'yesterday' } }],
    ['status.startTime', withStatus({ startTime: '2026-11-23T12:44:16' })],
    ['metadata.name', { ...healthy, metadata: { ...metadata, name: 7 } }],
    ['status', { ...healthy, status: 'Running' }],
    ['conditions', withStatus({ conditions: {} })],
    ['active', withStatus({ active: '1' })],
  ],
  unknownStatus: {
    row: withStatus({ active: 0, conditions: [{ type: 'Hibernating', status: 'True' }] }),
    native: 'Hibernating',
  },
  serve: (rows) => kubernetesServer(rows),
  cutShort: () => ({ body: { metadata: { remainingItemCount: 11 }, items: [{ ...healthy, spec }] } }),
  failingSecondPage: (url, request) =>
    url.searchParams.has('continue') ? { status: 500, body: {} } : kubernetesServer(kubernetesJobs(), 3)(url, request),
};
