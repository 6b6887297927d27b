import { bullboardSource } from '../source.js';
import { isObject, type JsonObject } from '../../reading/body.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

/** The first queue of a recorded response that holds jobs. */
function queueIn(file: string): JsonObject {
  const queues = fixture(`bullboard/${file}`)['queues'] as JsonObject[];
  return queues.find(({ jobs }) => (jobs as unknown[]).length > 0) ?? queues[0] ?? {};
}

/** A job of a recorded response, with the requested state, which the board does not send. */
export function bullboardJob(file: string, state: string, index = 0): JsonObject {
  return { ...(queueIn(file)['jobs'] as JsonObject[])[index], state };
}

/** A board with these jobs (each naming its `state`) in the queue `reports`, responding like the recorded one. */
export function bullboardServer(jobs: readonly JsonObject[], queue: JsonObject = {}, size = 100): Server {
  const stateOf = (job: unknown) => (isObject(job) ? String(job['state']) : 'active');
  const counts: Record<string, number> = { active: 0, waiting: 0, delayed: 0 };
  for (const job of jobs) counts[stateOf(job)] = (counts[stateOf(job)] ?? 0) + 1;
  const about = { ...queueIn('queues-active.json'), counts, ...queue };
  return (url) => {
    const [, name, id] = /\/api\/queues\/([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
    if (name !== undefined) {
      const found = jobs.find((job) => job['id'] === decodeURIComponent(id ?? ''));
      return found === undefined
        ? { status: 404, body: fixture('bullboard/error-no-job.json') }
        : { body: { job: found, status: found['state'] } };
    }
    if (!url.searchParams.has('activeQueue')) return { body: { queues: [{ ...about, jobs: [] }] } };
    const page = Number(url.searchParams.get('page'));
    const held = jobs.filter((job) => stateOf(job) === url.searchParams.get('status'));
    return { body: { queues: [{ ...about, jobs: held.slice((page - 1) * size, page * size) }] } };
  };
}

const active = bullboardJob('queues-active.json', 'active', 1);
const createdAt = 1_795_411_040_055;

/** What the adapter of bull-board shows to conform. */
export const bullboardCase: ConformanceCase = {
  name: 'bullboard',
  source: bullboardSource('jobs', { url: 'https://board.example/admin/queues' }),
  row: active,
  other: bullboardJob('queues-active.json', 'active', 0),
  states: [
    [
      'active',
      active,
      {
        id: 'reports/nightly-1',
        type: 'nightly-report',
        status: 'running',
        hold: undefined,
        queuedAt: createdAt,
        startedAt: 1_795_411_040_065,
        heartbeatAt: undefined,
        endedAt: undefined,
        attempt: 1,
        flag: undefined,
        tenant: undefined,
        url: 'https://board.example/admin/queues/queue/reports/nightly-1',
        labels: { queue: 'reports' },
        native: { status: 'active', outcome: undefined },
      },
    ],
    [
      'active again after a stall',
      bullboardJob('queues-active-after-stall-recovery.json', 'active', 1),
      { attempt: 2, startedAt: 1_795_411_792_395 },
    ],
    ['waiting', { ...active, state: 'waiting', processedOn: undefined }, { status: 'queued', startedAt: undefined }],
    ['prioritized', bullboardJob('mails-prioritized.json', 'prioritized'), { status: 'queued', hold: undefined }],
    [
      'delayed',
      bullboardJob('queues-delayed.json', 'delayed'),
      { status: 'queued', hold: undefined, notBefore: 1_795_411_040_066 + 3_600_000 },
    ],
    [
      'delayed before it is tried again',
      bullboardJob('reports-delayed.json', 'delayed'),
      { status: 'queued', attempt: 2, startedAt: undefined, notBefore: 1_795_419_678_031 + 600_000 },
    ],
    [
      'waiting for its children',
      bullboardJob('flow-waiting-children.json', 'waiting-children'),
      { status: 'queued', hold: 'dependency' },
    ],
    ['paused, before version 6', { ...active, state: 'paused' }, { status: 'queued', hold: 'paused' }],
    [
      'completed',
      bullboardJob('queues-completed.json', 'completed'),
      { status: 'completed', outcome: 'succeeded', attempt: 1, endedAt: 1_795_411_040_073 },
    ],
    [
      'failed',
      bullboardJob('queues-failed.json', 'failed'),
      { outcome: 'failed', failure: { code: undefined, message: 'boom' }, attempt: 1 },
    ],
  ],
  broken: [
    ['id', { ...active, id: null }],
    ['timestamp', { ...active, timestamp: 'yesterday' }],
    ['processedOn', { ...active, processedOn: 'just now' }],
    ['name', { ...active, name: 7 }],
    ['attempts', { ...active, attempts: 'two' }],
    ['attemptsStarted', { ...active, attemptsStarted: 'two' }],
  ],
  unknownStatus: { row: { ...active, state: 'hibernating' }, native: 'hibernating' },
  serve: (rows) => bullboardServer(rows),
  cutShort: bullboardServer([active], { counts: { active: 7, waiting: 0, delayed: 0 } }),
  failingSecondPage: (url, request) =>
    url.searchParams.get('page') === '2'
      ? { status: 500, body: {} }
      : bullboardServer([active, { ...active, id: '2' }], {}, 1)(url, request),
};
