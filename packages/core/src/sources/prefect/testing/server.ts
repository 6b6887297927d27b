import { isObject, type JsonObject } from '../../reading/body.js';
import { prefectSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture, recorded } from '../../testing/fixtures.js';

/** Rows of a recorded response of Prefect's list. */
export function prefectRows(file: string): readonly JsonObject[] {
  return fixture(`prefect/${file}`)['results'] as readonly JsonObject[];
}

/** The recorded run of that name. */
export function prefectRow(file: string, name: string): JsonObject {
  const row = prefectRows(file).find((one) => one['name'] === name);
  if (row === undefined) throw new Error(`${file} holds no run ${name}.`);
  return row;
}

/** A Prefect server with these runs, in pages of its default size, responding like the recorded one. */
export function prefectServer(rows: readonly JsonObject[], size = 200): Server {
  return (url, { body }) => {
    const path = url.pathname.split('/').slice(-2).join('/');
    if (path === 'flows/filter') return { body: recorded('prefect/flows.json') };
    if (path !== 'flow_runs/paginate') return oneRun(path, rows);
    const { page, flow_runs: filter } = body as {
      page: number;
      flow_runs: { state: { type: Record<string, string[]> } };
    };
    const wanted = filter.state.type['any_'] ?? [];
    // Those of an unknown type come with the active ones: there is no telling, and a server of tomorrow may well do so.
    const held = rows.filter((row) => {
      const type = isObject(row) ? row['state_type'] : undefined;
      return wanted.includes(String(type)) || (wanted.includes('RUNNING') && !ENDED.includes(String(type)));
    });
    const results = held.slice((page - 1) * size, page * size);
    return { body: { results, count: held.length, limit: size, pages: Math.ceil(held.length / size), page } };
  };
}

const ENDED = ['SCHEDULED', 'PENDING', 'PAUSED', 'CANCELLING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'];

function oneRun(path: string, rows: readonly JsonObject[]): Answer {
  const found = rows.find((row) => path === `flow_runs/${String(row['id'])}`);
  return found === undefined ? { status: 404, body: recorded('prefect/error-not-found.json') } : { body: found };
}

const running = prefectRow('active.json', 'venomous-chowchow');
const made = (name: string) => prefectRow('active.json', `made-${name}`);
const state = running['state'] as JsonObject;

/** What Prefect's adapter shows to conform. */
export const prefectCase: ConformanceCase = {
  name: 'prefect',
  source: prefectSource('flows', { url: 'https://prefect.example/api' }),
  row: running,
  other: prefectRow('active.json', 'solemn-parrot'),
  states: [
    [
      'running',
      running,
      {
        id: '9f1afb90-36bf-480d-bb36-975d05270a31',
        type: 'sleeping',
        title: 'venomous-chowchow',
        status: 'running',
        startedAt: Date.parse('2026-11-23T07:26:03.274Z'),
        heartbeatAt: undefined,
        url: 'https://prefect.example/runs/flow-run/9f1afb90-36bf-480d-bb36-975d05270a31',
        native: { status: 'RUNNING', outcome: undefined },
      },
    ],
    [
      'scheduled',
      made('scheduled'),
      { status: 'queued', hold: undefined, notBefore: Date.parse('2026-11-24T06:00:00Z'), flag: undefined },
    ],
    [
      'late',
      made('late'),
      {
        status: 'queued',
        flag: { kind: 'late', text: 'Prefect calls the run late.', since: Date.parse('2026-11-23T07:00:00Z') },
        native: { status: 'SCHEDULED (Late)', outcome: undefined },
      },
    ],
    [
      'waiting for a slot',
      made('slot'),
      { status: 'queued', hold: 'limit', holdSince: Date.parse('2026-11-23T07:26:08.435Z') },
    ],
    ['to be tried again', made('retry'), { status: 'queued', notBefore: Date.parse('2026-11-23T08:30:00Z') }],
    ['pending', made('pending'), { status: 'queued', hold: undefined }],
    [
      'paused',
      made('PAUSED'),
      { status: 'running', hold: 'paused', holdSince: Date.parse('2026-11-23T07:26:09.640Z') },
    ],
    ['suspended', made('PAUSEDnameSuspended'), { hold: 'paused' }],
    ['cancelling', made('CANCELLING'), { status: 'running', outcome: 'pending' }],
    ['completed', prefectRow('ended.json', 'blue-robin'), { status: 'completed', outcome: 'succeeded' }],
    [
      'failed',
      prefectRow('ended.json', 'determined-stallion'),
      {
        outcome: 'failed',
        failure: { code: 'Failed', message: 'Flow run encountered an exception: ValueError: boom' },
        endedAt: Date.parse('2026-11-23T07:26:05.599Z'),
      },
    ],
    [
      'crashed',
      prefectRow('ended.json', 'made-CRASHEDmessageworkergone'),
      { outcome: 'failed', failure: { code: 'Crashed', message: 'worker gone' } },
    ],
    ['cancelled', prefectRow('ended.json', 'made-CANCELLED'), { outcome: 'cancelled' }],
  ],
  broken: [
    ['id', { ...running, id: null }],
    ['created', { ...running, created: '2026-11-23T07:26:03' }],
    ['flow_id', { ...running, flow_id: 7 }],
    ['run_count', { ...running, run_count: 'one' }],
    ['state.timestamp', { ...running, state: { ...state, timestamp: 'just now' } }],
  ],
  unknownStatus: {
    row: { ...running, state_type: 'HIBERNATING', state_name: 'Hibernating' },
    native: 'HIBERNATING',
  },
  serve: (rows) => prefectServer(rows),
  cutShort: (url) =>
    url.pathname.endsWith('/paginate')
      ? { body: { results: [running], count: 7, limit: 200, pages: 1, page: 1 } }
      : { body: recorded('prefect/flows.json') },
  queries: ['/api/flow_runs/paginate', '/api/flows/filter'],
  failingSecondPage: (url, request) =>
    isObject(request.body) && request.body['page'] === 2
      ? { status: 500, body: {} }
      : prefectServer(prefectRows('active.json'), 4)(url, request),
};
