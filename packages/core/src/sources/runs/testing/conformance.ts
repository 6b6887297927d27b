import type { JsonObject } from '../../reading/body.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { runsSource } from '../source.js';

const NOT_FOUND = { status: 404, body: { message: 'Not Found' } };
const FAILED = { status: 500, body: {} };

const run: JsonObject = {
  id: 'op_42',
  type: 'baseline_compare',
  status: 'running',
  outcome: 'pending',
  queued_at: '2026-11-23T09:00:00Z',
  started_at: '2026-11-23T09:00:04Z',
  heartbeat_at: '2026-11-23T09:12:30Z',
};

const runsCase: ConformanceCase = {
  name: 'runs',
  source: runsSource('host', { url: 'https://host.example/api' }),
  row: run,
  other: { ...run, id: 'op_43' },
  states: [
    ['running', run, { id: 'op_42', source: 'host', status: 'running', startedAt: Date.parse('2026-11-23T09:00:04Z') }],
    ['queued', { ...run, status: 'queued' }, { status: 'queued', outcome: 'pending' }],
    ['on hold', { ...run, hold: 'approval' }, { hold: 'approval' }],
    ['read from elsewhere by the host', { ...run, source: 'ci' }, { source: 'ci' }],
  ],
  broken: [
    ['id', { ...run, id: undefined }],
    ['type', { ...run, type: null }],
    ['status', { ...run, status: 'processing' }],
    ['started_at', { ...run, started_at: '2026-11-23T09:00:04' }],
    ['heartbeat_at', { ...run, heartbeat_at: 1_795_411_427 }],
    ['attempt', { ...run, attempt: 0 }],
  ],
  unknownStatus: { row: { ...run, outcome: 'melted' }, native: 'running' },
  serve: (rows) => (url) => {
    const id = /\/api\/runs\/(.+)$/.exec(url.pathname)?.[1];
    if (id !== undefined) return { ...(rows[0]?.['id'] === id ? { body: rows[0] } : NOT_FOUND) };
    return { body: { runs: url.searchParams.get('status') === 'completed' ? [] : rows, now: '2026-11-23T09:13:00Z' } };
  },
  cutShort: () => ({ body: { runs: [run], total: 118 } }),
  failingSecondPage: (url) => (url.searchParams.has('cursor') ? FAILED : { body: { runs: [run], next: 'c2' } }),
};

export const conformanceCases: readonly ConformanceCase[] = [runsCase];
