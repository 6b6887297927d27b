import { isObject, type JsonObject } from '../../reading/body.js';
import { conforming, namedSource } from '../../http/testing/named.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { kestraMapping } from '../mapping.js';

const valid = conforming('kestra');
const running = valid(fixture('kestra/execution.json'));
const createdAt = Date.parse('2026-11-28T11:40:00.123Z');
const startedAt = Date.parse('2026-11-28T11:40:01.654Z');
const ENTERED = '2026-11-28T11:52:00.5Z';
const enteredAt = Date.parse(ENTERED);
const ENDED = ['SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'SKIPPED'];
const history = isObject(running['state']) ? (running['state']['histories'] as readonly JsonObject[]) : [];

/** The execution after it entered another state. */
const now = (current: string, more: JsonObject = {}, before: readonly JsonObject[] = history) =>
  valid({
    ...running,
    state: {
      current,
      histories: [...before, { state: current, date: ENTERED }],
      startDate: '2026-11-28T11:40:00.123456Z',
      ...(ENDED.includes(current) || current === 'PAUSED' ? { endDate: ENTERED } : {}),
    },
    ...more,
  });
const created = (more: JsonObject = {}) =>
  valid({
    ...running,
    state: { current: 'CREATED', histories: history.slice(0, 1), startDate: '2026-11-28T11:40:00.123456Z' },
    ...more,
  });

const page = (results: readonly unknown[], total: number): Answer => ({ body: { results, total } });

/** Kestra with these executions, by pages and the filter of states. One of tomorrow comes with those that have not ended. */
const serve =
  (rows: readonly JsonObject[]): Server =>
  ({ pathname, searchParams }) => {
    if (pathname === '/api/v1/main/executions/search') {
      const filter = (operator: string) => searchParams.get(`filters[state][${operator}]`)?.split(',');
      const held = rows.filter((row) => {
        const current = isObject(row) && isObject(row['state']) ? String(row['state']['current']) : '';
        return filter('IN')?.includes(current) ?? filter('NOT_IN')?.includes(current) === false;
      });
      const size = Number(searchParams.get('size'));
      const from = (Number(searchParams.get('page')) - 1) * size;
      return page(held.slice(from, from + size), held.length);
    }
    const found = rows.find((row) => isObject(row) && pathname === `/api/v1/main/executions/${String(row['id'])}`);
    return found === undefined ? { status: 404, body: { message: 'Not Found' } } : { body: found };
  };

/** What the mapping has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'kestra',
    source: await namedSource('kestra', kestraMapping, 'https://kestra.example/api/v1/main'),
    row: running,
    other: valid({ ...running, id: '6jOT5hnUvGIfODoyYI1r5f' }),
    states: [
      [
        'running',
        running,
        {
          id: '3dO37csVSlm7SjBzkeHTie',
          type: 'company.team.nightly',
          status: 'running',
          hold: undefined,
          holdSince: undefined,
          queuedAt: createdAt,
          startedAt,
          phaseAt: startedAt,
          endedAt: undefined,
          failure: undefined,
          initiator: { kind: 'schedule', name: 'every-night' },
          labels: { namespace: 'company.team', flow: 'nightly', revision: '3' },
        },
      ],
      ['created', created(), { status: 'queued', queuedAt: createdAt, startedAt: undefined, phaseAt: undefined }],
      [
        'created for later',
        created({ scheduleDate: '2026-11-29T02:00:00Z' }),
        { status: 'queued', notBefore: Date.parse('2026-11-29T02:00:00Z') },
      ],
      [
        'queued at the limit of its flow',
        now('QUEUED', {}, history.slice(0, 1)),
        { status: 'queued', hold: 'limit', holdSince: enteredAt, startedAt: undefined },
      ],
      [
        'paused, which has an end in Kestra',
        now('PAUSED'),
        { status: 'running', hold: 'paused', holdSince: enteredAt, startedAt, endedAt: undefined },
      ],
      ['at a breakpoint', now('BREAKPOINT'), { status: 'running', hold: 'paused' }],
      ['between two attempts', now('RETRYING'), { status: 'running', hold: 'retry', holdSince: enteredAt }],
      [
        'restarted long after its first start',
        now('RUNNING', {}, [...history, { state: 'FAILED', date: '2026-11-28T11:50:00Z' }]),
        { status: 'running', hold: undefined, startedAt, phaseAt: enteredAt },
      ],
      ['being killed', now('KILLING'), { status: 'running', phaseAt: enteredAt }],
      ['restarted', now('RESTARTED'), { status: 'running', phaseAt: enteredAt }],
      ['resubmitted', now('RESUBMITTED'), { status: 'running' }],
      ['submitted', now('SUBMITTED', {}, history.slice(0, 1)), { status: 'running', startedAt: createdAt }],
      ['by hand', valid({ ...running, trigger: undefined }), { initiator: { kind: 'user', name: undefined } }],
      [
        'by a webhook',
        valid({ ...running, trigger: { id: 'hook', type: 'io.kestra.plugin.core.trigger.Webhook' } }),
        { initiator: { kind: 'event', name: 'hook' } },
      ],
      ['successful', now('SUCCESS'), { outcome: 'succeeded', endedAt: enteredAt, failure: undefined }],
      ['successful with a warning', now('WARNING'), { outcome: 'partially_succeeded' }],
      ['failed', now('FAILED'), { outcome: 'failed', failure: { code: 'FAILED', message: undefined } }],
      ['killed', now('KILLED'), { outcome: 'cancelled', failure: { code: 'KILLED', message: undefined } }],
      ['cancelled', now('CANCELLED'), { outcome: 'cancelled' }],
      ['retried by another execution', now('RETRIED'), { outcome: 'failed' }],
      ['skipped', now('SKIPPED'), { outcome: 'skipped' }],
    ],
    broken: [
      ['id', { ...running, id: null }],
      ['flowId', { ...running, flowId: null }],
      ['startDate', { ...running, state: { current: 'CREATED', histories: [], startDate: 'yesterday' } }],
      ['histories', { ...running, state: { current: 'RUNNING', histories: 'none', startDate: 7 } }],
    ],
    unknownStatus: {
      row: { ...running, state: { current: 'HIBERNATING', histories: history, startDate: '2026-11-28T11:40:00Z' } },
      native: 'HIBERNATING',
    },
    serve,
    cutShort: ({ searchParams }) => page(searchParams.get('page') === '1' ? [running] : [], 12),
    failingSecondPage: ({ searchParams }) =>
      searchParams.get('page') === '1' ? page([running], 2) : { status: 500, body: {} },
  },
];
