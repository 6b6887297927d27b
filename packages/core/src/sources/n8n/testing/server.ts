import { isObject, type JsonObject } from '../../reading/body.js';
import { n8nSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

/** The first execution of a recorded response. */
export function n8nRow(file: string): JsonObject {
  return (fixture(`n8n/${file}`)['data'] as JsonObject[])[0] ?? {};
}

/** Version 1 filters by these alone. */
const FILTERS = ['canceled', 'error', 'running', 'success', 'waiting'];

/** An n8n with these executions, in pages of a size, responding like the recorded one. */
export function n8nServer(rows: readonly JsonObject[], size = 250, filters = FILTERS): Server {
  return (url) => {
    const [what, id] = url.pathname.split('/').slice(3);
    if (what === 'workflows') return { body: { id, name: `workflow ${id}`, nodes: [] } };
    if (id !== undefined) {
      const found = rows.find((row) => isObject(row) && row['id'] === id);
      return found === undefined ? { status: 404, body: fixture('n8n/error-no-execution.json') } : { body: found };
    }
    const status = url.searchParams.get('status') ?? '';
    if (!filters.includes(status)) return { status: 400, body: fixture('n8n/queue-new.json') };
    const held = rows.filter((row) => {
      const own = isObject(row) ? String(row['status']) : 'running';
      // Version 1 lists crashed executions with the failed ones; anything else comes with the running ones here.
      const listed = filters.includes(own) ? own : own === 'crashed' ? 'error' : 'running';
      return listed === status;
    });
    const offset = Number(url.searchParams.get('cursor') ?? 0);
    const next = offset + size < held.length ? String(offset + size) : null;
    return { body: { data: held.slice(offset, offset + size), nextCursor: next } };
  };
}

const running = n8nRow('executions-running.json');
const waiting = { ...running, status: 'waiting', stoppedAt: '2026-11-23T05:30:00.000Z' };

/** What n8n's adapter shows to conform. */
export const n8nCase: ConformanceCase = {
  name: 'n8n',
  source: n8nSource('flows', { url: 'https://n8n.example' }),
  row: running,
  other: { ...running, id: '77' },
  states: [
    [
      'running',
      running,
      {
        id: '1',
        type: `workflow ${String(running['workflowId'])}`,
        status: 'running',
        startedAt: Date.parse('2026-11-23T05:27:14.959Z'),
        heartbeatAt: undefined,
        endedAt: undefined,
        initiator: { kind: 'event', name: undefined },
        url: `https://n8n.example/workflow/${String(running['workflowId'])}/executions/1`,
        native: { status: 'running', outcome: undefined },
      },
    ],
    [
      'new',
      { ...running, status: 'new', startedAt: null, createdAt: '2026-11-23T05:27:14.941Z' },
      { status: 'queued', startedAt: undefined, queuedAt: Date.parse('2026-11-23T05:27:14.941Z') },
    ],
    [
      'waiting for a time',
      { ...waiting, waitTill: '2026-11-24T06:00:00.000Z' },
      {
        status: 'running',
        hold: 'schedule',
        holdSince: Date.parse('2026-11-23T05:30:00Z'),
        waitsFor: { kind: 'time', until: Date.parse('2026-11-24T06:00:00Z') },
        endedAt: undefined,
      },
    ],
    [
      'waiting for an event',
      { ...waiting, waitTill: '3000-01-01T00:00:00.000Z' },
      { status: 'running', hold: 'event', notBefore: undefined },
    ],
    ['success', n8nRow('executions-success.json'), { status: 'completed', outcome: 'succeeded' }],
    ['error', n8nRow('executions-error.json'), { outcome: 'failed', endedAt: Date.parse('2026-11-23T05:27:15.109Z') }],
    ['crashed', { ...n8nRow('executions-error.json'), status: 'crashed' }, { outcome: 'failed' }],
    ['canceled', { ...n8nRow('executions-error.json'), status: 'canceled' }, { outcome: 'cancelled' }],
    ['of an older version', { ...running, id: 12 }, { id: '12' }],
  ],
  broken: [
    ['id', { ...running, id: null }],
    ['workflowId', { ...running, workflowId: null }],
    ['startedAt', { ...running, startedAt: '2026-11-23T05:27:14' }],
    ['waitTill', { ...waiting, waitTill: 'tomorrow' }],
  ],
  unknownStatus: { row: { ...running, status: 'hibernating' }, native: 'hibernating' },
  // A version that filters by every known status.
  serve: (rows) => n8nServer(rows, 250, [...FILTERS, 'new']),
  cutShort: (url, request) =>
    url.searchParams.get('status') === 'running'
      ? { body: { data: [running], nextCursor: 'always' } }
      : n8nServer([])(url, request),
  failingSecondPage: (url, request) =>
    url.searchParams.has('cursor')
      ? { status: 500, body: {} }
      : n8nServer([running, { ...running, id: '77' }], 1)(url, request),
};
