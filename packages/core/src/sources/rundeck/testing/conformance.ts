import type { JsonObject } from '../../reading/body.js';
import { namedSource, conforming } from '../../http/testing/named.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { rundeckMapping } from '../mapping.js';

const valid = conforming('rundeck');
const execution = valid(fixture('rundeck/execution.json'));
const ended = (status: string) =>
  valid({ ...execution, status, 'date-ended': { unixtime: 1_431_536_346_423, date: '2015-05-13T16:59:06Z' } });
const page = (rows: readonly unknown[], offset: number, total: number): Answer => ({
  body: { paging: { count: rows.length, total, offset, max: 100 }, executions: rows },
});

/** Rundeck with these executions. It pages by `offset` and `max`, and asks for version and project in the path. */
const serve =
  (rows: readonly JsonObject[]): Server =>
  ({ pathname, searchParams }) => {
    if (pathname === '/api/41/project/*/executions/running') {
      const offset = Number(searchParams.get('offset'));
      return page(rows.slice(offset, offset + Number(searchParams.get('max'))), offset, rows.length);
    }
    const found = rows.find((row) => pathname === `/api/41/execution/${String((row as JsonObject | null)?.['id'])}`);
    return found === undefined
      ? { status: 404, body: { error: true, errorCode: 'api.error.item.doesnotexist' } }
      : { body: found };
  };

/** What the mapping has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'rundeck',
    source: await namedSource('rundeck', rundeckMapping, 'https://rundeck.example'),
    row: execution,
    other: valid({ ...execution, id: 388 }),
    states: [
      [
        'running',
        execution,
        {
          id: '387',
          type: 'api-test/job-run-steps/test job',
          title: 'echo hello there [... 5 steps]',
          status: 'running',
          startedAt: 1_431_536_339_809,
          endedAt: undefined,
          tenant: { id: 'test' },
          url: 'https://rundeck.example/project/test/execution/show/387',
          initiator: { kind: 'user', name: 'admin' },
        },
      ],
      [
        'of a job without a group',
        valid({ ...execution, job: { id: 'x', name: 'backup', group: '', project: 'test' } }),
        { type: 'backup' },
      ],
      ['without a job', { ...execution, job: undefined }, { type: 'ad hoc' }],
      [
        'started by a schedule',
        valid({ ...execution, executionType: 'scheduled' }),
        { initiator: { kind: 'schedule', name: 'admin' } },
      ],
      ['queued', valid({ ...execution, status: 'queued' }), { status: 'queued', startedAt: undefined }],
      ['succeeded', ended('succeeded'), { outcome: 'succeeded', endedAt: 1_431_536_346_423 }],
      ['aborted', ended('aborted'), { outcome: 'cancelled' }],
      ['timed out', ended('timedout'), { outcome: 'failed' }],
    ],
    broken: [
      ['id', { ...execution, id: null }],
      ['date-started', { ...execution, 'date-started': { unixtime: 'soon' } }],
      ['project', { ...execution, project: {} }],
    ],
    unknownStatus: { row: valid({ ...execution, status: 'other' }), native: 'other' },
    serve,
    cutShort: ({ searchParams }) => page(searchParams.get('offset') === '0' ? [execution] : [], 0, 12),
    failingSecondPage: ({ searchParams }) =>
      searchParams.get('offset') === '0' ? page([execution], 0, 2) : { status: 500, body: {} },
  },
];
