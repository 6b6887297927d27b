import { isObject, type JsonObject } from '../../reading/body.js';
import { temporalSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture, recorded } from '../../testing/fixtures.js';

/** Rows of a recorded response of Temporal's list. */
export function temporalRows(file: string): readonly JsonObject[] {
  return fixture(`temporal/${file}`)['executions'] as readonly JsonObject[];
}

/** The recorded execution whose workflow id begins so. */
export function temporalRow(file: string, workflowId: string): JsonObject {
  const row = temporalRows(file).find((one) => idOf(one, 'workflowId').startsWith(workflowId));
  if (row === undefined) throw new Error(`${file} holds no execution of ${workflowId}.`);
  return row;
}

/** When the fixtures were recorded, as the server's responses say it. */
export const TEMPORAL_DATE = 'Mon, 23 Nov 2026 12:31:57 GMT';

/** A Temporal server with these executions, responding like the recorded one. */
export function temporalServer(rows: readonly JsonObject[], size = 1000): Server {
  const answer = (body: unknown, status = 200): Answer => ({ status, body, headers: { date: TEMPORAL_DATE } });
  return (url) => {
    const [, what, id] = /\/namespaces\/default(?:\/([\w-]+)(?:\/(.+))?)?$/.exec(url.pathname) ?? [];
    if (what === undefined) return answer(recorded('temporal/namespace.json'));
    if (what !== 'workflows') return answer(recorded('temporal/pollers-none.json'));
    if (id !== undefined) {
      const found = id.includes('%2F') ? undefined : rows.find((row) => idOf(row, 'workflowId') === id);
      if (found === undefined) return answer(recorded('temporal/error-not-found.json'), 404);
      return answer({ workflowExecutionInfo: found });
    }
    const query = url.searchParams.get('query') ?? '';
    const named = /^WorkflowId = "(.*)" AND RunId/.exec(query)?.[1];
    const open = query.startsWith('CloseTime IS NULL');
    const held = rows.filter((row) =>
      named === undefined
        ? (isObject(row) && row['closeTime'] !== undefined) !== open
        : idOf(row, 'workflowId') === named,
    );
    const from = Number(url.searchParams.get('nextPageToken') ?? 0);
    const executions = held.slice(from, from + size);
    if (executions.length === 0) return answer(recorded('temporal/empty.json'));
    const next = from + size < held.length ? { nextPageToken: String(from + size) } : {};
    return answer({ executions, ...next });
  };
}

function idOf(row: unknown, field: 'workflowId' | 'runId'): string {
  const execution = isObject(row) ? row['execution'] : undefined;
  return isObject(execution) ? String(execution[field]) : '';
}

const healthy = temporalRow('active.json', 'healthy-1');
const ended = (workflowId: string) => temporalRow('ended.json', workflowId);

/** What Temporal's adapter shows to conform. */
export const temporalCase: ConformanceCase = {
  name: 'temporal',
  source: temporalSource('orders', { url: 'https://temporal.example:7243', ui: 'https://ui.example' }),
  row: healthy,
  other: temporalRow('active.json', 'long-activity-1'),
  states: [
    [
      'running',
      healthy,
      {
        id: 'healthy-1/01a2085e-8248-7c19-8d53-67796769bf7d',
        type: 'healthy',
        title: 'healthy-1',
        workspace: { id: 'default' },
        status: 'running',
        startedAt: Date.parse('2026-11-23T12:25:41.192Z'),
        heartbeatAt: undefined,
        flag: undefined,
        labels: { task_queue: 'mails' },
        url: 'https://ui.example/namespaces/default/workflows/healthy-1/01a2085e-8248-7c19-8d53-67796769bf7d/history',
        native: { status: 'WORKFLOW_EXECUTION_STATUS_RUNNING', outcome: undefined },
      },
    ],
    [
      'delayed',
      temporalRow('active.json', 'delayed-1'),
      { status: 'queued', hold: 'schedule', notBefore: Date.parse('2026-11-24T08:29:54.478Z') },
    ],
    [
      'to begin at the next time of its cron schedule',
      temporalRow('active.json', 'cron-1'),
      { status: 'queued', hold: 'schedule', notBefore: Date.parse('2026-11-24T06:00:00.664Z') },
    ],
    [
      'begun after a delay',
      temporalRow('active.json', 'continues-1'),
      { status: 'running', hold: undefined, startedAt: Date.parse('2026-11-23T12:29:54.894Z') },
    ],
    ['paused', temporalRow('paused.json', 'paused-1'), { status: 'running', hold: 'paused' }],
    [
      'reported by Temporal itself',
      temporalRow('active.json', 'broken-code-1'),
      {
        flag: {
          kind: 'stuck',
          text: 'Temporal reports a problem: WorkflowTaskFailed, WorkflowWorkerUnhandledFailure.',
          since: undefined,
        },
      },
    ],
    ['made by a schedule', temporalRow('active.json', 'sched-'), { initiator: { kind: 'schedule', name: 'nightly' } }],
    [
      'a child',
      temporalRow('active.json', 'child-1'),
      {
        initiator: { kind: 'api', name: 'waits-for-child-1' },
        labels: { task_queue: 'billing', parent_workflow: 'waits-for-child-1' },
      },
    ],
    [
      'completed',
      ended('quick-1'),
      { status: 'completed', outcome: 'succeeded', endedAt: Date.parse('2026-11-23T12:25:40.594Z') },
    ],
    ['failed', ended('fails-1'), { status: 'completed', outcome: 'failed' }],
    ['timed out', ended('timed-1'), { outcome: 'failed' }],
    ['cancelled', ended('cancelled-1'), { outcome: 'cancelled' }],
    ['terminated', ended('terminated-1'), { outcome: 'cancelled' }],
    ['continued in another', ended('continues-1'), { status: 'completed', outcome: 'succeeded' }],
  ],
  broken: [
    ['execution.runId', { ...healthy, execution: { workflowId: 'healthy-1' } }],
    ['startTime', { ...healthy, startTime: '2026-11-23T12:25:41' }],
    ['executionTime', { ...healthy, executionTime: 'soon' }],
    ['type', { ...healthy, type: {} }],
    ['searchAttributes', { ...healthy, searchAttributes: 'x' }],
  ],
  unknownStatus: {
    row: { ...healthy, status: 'WORKFLOW_EXECUTION_STATUS_HIBERNATING' },
    native: 'WORKFLOW_EXECUTION_STATUS_HIBERNATING',
  },
  serve: (rows) => temporalServer(rows),
  // The same page forever, whatever token is sent.
  cutShort: () => ({ body: fixture('temporal/page-1.json') }),
  failingSecondPage: (url, request) =>
    url.searchParams.has('nextPageToken')
      ? { status: 500, body: {} }
      : temporalServer(temporalRows('active.json'), 4)(url, request),
};
