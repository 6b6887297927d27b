import { argoSource } from '../source.js';
import { isObject, type JsonObject } from '../../reading/body.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture, recorded } from '../../testing/fixtures.js';
import { nameOf } from '../../kubernetes/testing/server.js';

/** Workflows of a recorded list. */
export function argoRows(file: string): readonly JsonObject[] {
  return fixture(`argo/${file}`)['items'] as readonly JsonObject[];
}

/** The recorded workflow of that name; of a cron workflow, one that it made. */
export function argoRow(file: string, name: string): JsonObject {
  const row = argoRows(file).find((one) => nameOf(one).replace(/-\d{9,}$/, '') === name);
  if (row === undefined) throw new Error(`${file} holds no workflow ${name}.`);
  return row;
}

/** Argo's server, or an API server that keeps workflows, with these. */
export function argoServer(rows: readonly JsonObject[], size = Infinity): Server {
  return (url) => {
    const viaArgo = url.pathname.includes('/api/v1/workflows');
    const prefix = viaArgo ? 'listOptions.' : '';
    const name = /\/workflows\/[^/]+\/([^/]+)$|\/namespaces\/[^/]+\/workflows\/([^/]+)$/.exec(url.pathname)?.slice(1);
    if (name !== undefined) {
      const found = rows.find((one) => nameOf(one) === name.find((part) => part !== undefined));
      const missing = recorded(`argo/${viaArgo ? 'server-not-found' : 'error-not-found'}.json`);
      return found === undefined ? { status: 404, body: missing } : { body: found };
    }
    const active = url.searchParams.get(`${prefix}labelSelector`)?.includes('!=') === true;
    const held = rows.filter((one) => hasEnded(one) !== active);
    const from = Number(url.searchParams.get(`${prefix}continue`) ?? 0);
    const items = held.slice(from, from + size);
    const next = !viaArgo && from + size < held.length ? { continue: String(from + size) } : {};
    return { body: { metadata: { resourceVersion: '786', ...next }, items: items.length === 0 ? null : items } };
  };
}

function hasEnded(row: unknown): boolean {
  const status = isObject(row) ? row['status'] : undefined;
  return isObject(status) && ['Succeeded', 'Failed', 'Error'].includes(String(status['phase']));
}

/** In the controller's words. */
export const POSTPONED = 'Workflow processing has been postponed because too many workflows are already running';

const NO_SEMAPHORE = 'Failed to get semaphore limit for billing/ConfigMap/limits/ledger';

const healthy = argoRow('server-active.json', 'healthy');
const { metadata, status } = healthy as { metadata: JsonObject; status: JsonObject };
const active = (name: string) => argoRow('server-active.json', name);
const ended = (name: string) => argoRow('server-ended.json', name);

/** What the adapter for Argo Workflows shows to conform, read from Argo's server. */
export const argoCase: ConformanceCase = {
  name: 'argo',
  source: argoSource('flows', { url: 'https://argo.example:2746' }),
  row: healthy,
  other: active('nightly-report'),
  states: [
    [
      'running',
      healthy,
      {
        id: 'billing/healthy',
        type: 'healthy',
        workspace: { id: 'billing' },
        status: 'running',
        hold: undefined,
        startedAt: Date.parse('2026-11-23T13:13:18Z'),
        progress: { processed: 1, total: 2, unit: 'steps' },
        labels: { team: 'payments' },
        url: 'https://argo.example:2746/workflows/billing/healthy',
        native: { status: 'Running', outcome: undefined },
      },
    ],
    ['not yet seen by the controller', { ...healthy, status: { startedAt: null } }, { status: 'queued' }],
    [
      'waiting for a lock',
      active('locked'),
      { status: 'queued', hold: 'limit', waitsFor: { kind: 'lock', name: 'billing/Mutex/ledger' } },
    ],
    ['suspended', active('suspended'), { status: 'running', hold: 'paused' }],
    [
      'put off',
      { ...healthy, status: { phase: 'Pending', message: POSTPONED } },
      { status: 'queued', hold: 'limit', waitsFor: { kind: 'limit on running workflows' } },
    ],
    ['bounded', active('deadline'), { deadlineAt: Date.parse('2026-11-23T15:13:18Z') }],
    [
      'bounded by its template',
      { ...healthy, status: { ...status, storedWorkflowTemplateSpec: { activeDeadlineSeconds: 60 } } },
      { deadlineAt: Date.parse('2026-11-23T13:14:18Z') },
    ],
    [
      'suspended, so that no limit ends it',
      { ...active('deadline'), spec: { suspend: true, activeDeadlineSeconds: 60 } },
      { hold: 'paused', deadlineAt: undefined },
    ],
    [
      'waiting for a semaphore that does not exist',
      { ...healthy, status: { phase: 'Pending', message: NO_SEMAPHORE } },
      { status: 'queued', flag: { kind: 'cannot_start', by: 'source', text: NO_SEMAPHORE } },
    ],
    [
      'made by a cron workflow',
      active('invoices'),
      { type: 'invoices', initiator: { kind: 'schedule', name: 'invoices' } },
    ],
    [
      'succeeded',
      ended('quick'),
      { status: 'completed', outcome: 'succeeded', endedAt: Date.parse('2026-11-23T13:13:28Z') },
    ],
    [
      'failed',
      ended('fails'),
      { outcome: 'failed', failure: { code: 'Failed', message: 'main: Error (exit code 1)' } },
    ],
    ['in error', { ...healthy, status: { ...status, phase: 'Error' } }, { status: 'completed', outcome: 'failed' }],
    ['stopped', ended('stopped'), { outcome: 'cancelled', failure: undefined }],
  ],
  broken: [
    ['metadata.namespace', { ...healthy, metadata: { ...metadata, namespace: null } }],
    ['metadata.creationTimestamp', { ...healthy, metadata: { ...metadata, creationTimestamp: 'yesterday' } }],
    ['status.startedAt', { ...healthy, status: { ...status, startedAt: '2026-11-23T13:13:18' } }],
    ['status', { ...healthy, status: 'Running' }],
    ['spec', { ...healthy, spec: [] }],
  ],
  unknownStatus: { row: { ...healthy, status: { ...status, phase: 'Hibernating' } }, native: 'Hibernating' },
  serve: (rows) => argoServer(rows),
  cutShort: () => ({ body: { metadata: { remainingItemCount: 7 }, items: [healthy] } }),
};

/** The same, read from the API server of the cluster. */
export const argoClusterCase: ConformanceCase = {
  ...argoCase,
  name: 'argo (cluster)',
  source: argoSource('flows', { url: 'https://cluster.example:6443', api: 'kubernetes' }),
  row: argoRow('active.json', 'healthy'),
  other: argoRow('active.json', 'nightly-report'),
  states: [
    ['running', argoRow('active.json', 'healthy'), { id: 'billing/healthy', status: 'running', url: undefined }],
  ],
  failingSecondPage: (url, request) =>
    url.searchParams.has('continue') ? { status: 500, body: {} } : argoServer(argoRows('active.json'), 3)(url, request),
};
