import { isObject, type JsonObject } from '../../reading/body.js';
import { conforming, namedSource } from '../../http/testing/named.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { databricksMapping } from '../mapping.js';

const valid = conforming('databricks');
const running = valid(fixture('databricks/run.json'));
const startedAt = Number(running['start_time']);
const endedAt = startedAt + 3_600_000;
const ENDED = ['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR'];

const stateOf = (row: unknown): unknown =>
  isObject(row) && isObject(row['state']) ? row['state']['life_cycle_state'] : undefined;
const at = (life_cycle_state: string, more: JsonObject = {}) =>
  valid({ ...running, end_time: 0, state: { life_cycle_state, state_message: '' }, ...more });
const ended = (result_state: string, state_message = '') =>
  valid({
    ...running,
    end_time: endedAt,
    state: { life_cycle_state: 'TERMINATED', result_state, state_message, user_cancelled_or_timedout: false },
  });

/** A page: the list is absent when there are no runs to list. */
const page = (runs: readonly unknown[], next?: string): Answer => ({
  body: {
    ...(runs.length > 0 && { runs }),
    has_more: next !== undefined,
    ...(next !== undefined && { next_page_token: next }),
  },
});

/** Databricks with these runs. One of tomorrow comes with the active ones. */
const serve =
  (rows: readonly JsonObject[]): Server =>
  ({ searchParams }) => {
    const done = searchParams.get('completed_only') === 'true';
    return page(rows.filter((row) => ENDED.includes(String(stateOf(row))) === done));
  };

/** What the mapping has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'databricks',
    source: await namedSource('databricks', databricksMapping, 'https://my-workspace.cloud.databricks.com'),
    row: running,
    other: valid({ ...running, run_id: 453 }),
    states: [
      [
        'running',
        running,
        {
          id: '452',
          type: 'A multitask job run',
          title: 'Performing action',
          status: 'running',
          queuedAt: startedAt,
          startedAt,
          endedAt: undefined,
          failure: undefined,
          initiator: { kind: 'schedule', name: 'user.name@databricks.com' },
          labels: { job: '1', type: 'JOB_RUN', trigger: 'PERIODIC' },
          url: 'https://my-workspace.cloud.databricks.com/#job/39832/run/20',
        },
      ],
      [
        'queued at a limit',
        at('QUEUED', {
          status: {
            state: 'QUEUED',
            queue_details: {
              code: 'MAX_CONCURRENT_RUNS_REACHED',
              message: 'Queued due to reaching maximum concurrent runs of 1.',
            },
          },
        }),
        {
          status: 'queued',
          hold: 'limit',
          startedAt: undefined,
          title: 'Queued due to reaching maximum concurrent runs of 1.',
        },
      ],
      ['waiting for its cluster', at('PENDING'), { status: 'queued', hold: undefined, startedAt: undefined }],
      ['blocked', at('BLOCKED'), { status: 'queued', hold: 'dependency' }],
      ['waiting for its retry', at('WAITING_FOR_RETRY'), { status: 'queued', hold: 'retry' }],
      ['cleaning up', at('TERMINATING'), { status: 'running', endedAt: undefined }],
      [
        'by hand',
        valid({ ...running, trigger: 'ONE_TIME' }),
        { initiator: { kind: 'user', name: 'user.name@databricks.com' } },
      ],
      [
        'by a file',
        valid({ ...running, trigger: 'FILE_ARRIVAL' }),
        { initiator: { kind: 'event', name: 'user.name@databricks.com' } },
      ],
      ['succeeded', ended('SUCCESS'), { outcome: 'succeeded', endedAt, failure: undefined }],
      ['succeeded in parts', ended('SUCCESS_WITH_FAILURES'), { outcome: 'succeeded' }],
      [
        'failed',
        ended('FAILED', 'Task main failed.'),
        { outcome: 'failed', failure: { code: 'FAILED', message: 'Task main failed.' } },
      ],
      ['timed out', ended('TIMEDOUT'), { outcome: 'failed', failure: { code: 'TIMEDOUT' } }],
      ['canceled', ended('CANCELED'), { outcome: 'cancelled', failure: undefined }],
      ['over the limit', at('SKIPPED', { end_time: endedAt }), { outcome: 'skipped' }],
      [
        'lost by Databricks',
        at('INTERNAL_ERROR', { end_time: endedAt }),
        { outcome: 'failed', failure: { code: 'INTERNAL_ERROR' } },
      ],
    ],
    broken: [
      ['run_id', { ...running, run_id: null }],
      ['run_name', { ...running, run_name: null }],
      ['start_time', { ...running, start_time: 'yesterday' }],
    ],
    unknownStatus: { row: { ...running, state: { life_cycle_state: 'HIBERNATING' } }, native: 'HIBERNATING' },
    serve,
    // More runs, and no token to ask for them.
    cutShort: () => ({ body: { runs: [running], has_more: true } }),
    failingSecondPage: ({ searchParams }) =>
      searchParams.has('page_token') ? { status: 500, body: {} } : page([running], 'CAEomPuciYcxMKbM9JvMlwU='),
  },
];
