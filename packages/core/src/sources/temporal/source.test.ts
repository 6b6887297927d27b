import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { TEMPORAL_ACTIVITY_STATES } from './inside.js';
import { TEMPORAL_NEXUS_STATES } from './nexus.js';
import { PINNED } from './versions.js';
import { temporalAdapter, temporalSource } from './source.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { TEMPORAL_DATE, temporalRow, temporalRows, temporalServer } from './testing/server.js';

const source = temporalSource('orders', { url: 'https://temporal.example:7243' });
const policy = createPolicy({ version: 1 });
const MINUTE = 60_000;

type Published = {
  paths: Record<string, { get: { parameters: { name: string }[] } }>;
  definitions: Record<string, { enum: string[] }>;
};
const published = fixture('temporal/openapi.json') as Published;
const valuesOf = (name: string): readonly string[] => published.definitions[name]?.enum ?? [];

const mapped = async (row: JsonObject): Promise<Run> => {
  const { runs, issues } = await gather(source, temporalServer([row]), { activity: 'all' });
  expect(issues).toEqual([]);
  if (runs[0] === undefined) throw new Error('No run.');
  return runs[0];
};

/** A recorded description of an execution and pollers of its task queue, as one server. */
const inside =
  (description: string, pollers = 'pollers-reports', date = TEMPORAL_DATE): Server =>
  (url) => ({
    body: fixture(`temporal/${url.pathname.includes('/task-queues/') ? pollers : description}.json`),
    headers: { date },
  });

const inspected = async (workflowId: string, server: Server) => {
  const { fetch, asked } = fetchFrom(server);
  const seen = await source.inspect?.(await mapped(temporalRow('active.json', workflowId)), fetch);
  return { seen, asked };
};

describe('what Temporal publishes', () => {
  it.each(valuesOf('v1WorkflowExecutionStatus'))('holds the status %s, which is known', async (status) => {
    const run = await mapped({ ...temporalRow('active.json', 'healthy-1'), status });
    expect(run.outcome === 'unknown').toBe(status === 'WORKFLOW_EXECUTION_STATUS_UNSPECIFIED');
  });

  it('holds the states of an activity', () => {
    expect(Object.keys(TEMPORAL_ACTIVITY_STATES)).toEqual(valuesOf('v1PendingActivityState'));
  });

  it('holds the states of a Nexus operation, and the word for a pinned version', () => {
    expect(Object.keys(TEMPORAL_NEXUS_STATES).sort()).toEqual([...valuesOf('v1PendingNexusOperationState')].sort());
    expect(valuesOf('v1VersioningBehavior')).toContain(PINNED);
  });

  it('takes the questions that are asked', async () => {
    const { asked } = await inspected('nightly-report-1', inside('describe-nightly-report'));
    const listed = await gather(source, temporalServer(temporalRows('active.json'), 4), { activity: 'recent' });
    const all = [...asked, ...listed.asked];
    expect(all.length).toBeGreaterThan(1);
    for (const { url } of all) {
      const { pathname, searchParams } = new URL(url);
      const path = Object.keys(published.paths).find((one) =>
        new RegExp(`^${one.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname),
      );
      const known = published.paths[path ?? '']?.get.parameters.map(({ name }) => name) ?? [];
      expect([pathname, [...searchParams.keys()].filter((key) => !known.includes(key))]).toEqual([pathname, []]);
    }
    expect(valuesOf('v1TaskQueueType')).toContain('TASK_QUEUE_TYPE_ACTIVITY');
  });
});

describe('a list of executions', () => {
  it('asks for open ones alone, of one type where that is wanted', async () => {
    const { runs, asked } = await gather(source, temporalServer(temporalRows('active.json'), 4), {
      activity: 'active',
      type: 'say "hi"',
    });
    expect(runs).toHaveLength(temporalRows('active.json').length);
    const query = new URL(asked[0]?.url ?? '').searchParams;
    expect(query.get('query')).toBe(String.raw`CloseTime IS NULL AND WorkflowType = "say \"hi\""`);
    expect(query.get('pageSize')).toBe('1000');
  });

  it('of none is checked to be that of a namespace', async () => {
    const { runs, error, asked } = await gather(source, temporalServer([]));
    expect({ runs, error }).toEqual({ runs: [], error: undefined });
    expect(asked.at(-1)?.url).toBe('https://temporal.example:7243/api/v1/namespaces/default');
  });

  it('adds no more ended executions than were asked for', async () => {
    const { asked } = await gather(source, temporalServer(temporalRows('ended.json')), {
      activity: 'recent',
      limit: 7,
    });
    expect(asked.at(-1)?.url).toContain('CloseTime%20IS%20NOT%20NULL&pageSize=7');
  });
});

describe('an execution whose worker was killed', () => {
  it('stays as it was to Temporal; its heartbeat is read, and no longer vouches', async () => {
    const alive = await inspected('nightly-report-1', inside('describe-nightly-report'));
    expect(alive.seen).toMatchObject({ heartbeatAt: Date.parse('2026-11-23T12:31:42.770Z'), flag: undefined });
    const dead = await inspected('nightly-report-1', inside('describe-after-kill9', 'pollers-after-kill9'));
    expect(dead.seen?.native).toEqual(alive.seen?.native);
    const at = (dead.seen?.heartbeatAt ?? 0) + 10 * MINUTE;
    expect(classify(dead.seen as Run, policy, at)).toMatchObject({ state: 'likely_stale', clock: 'silence' });
  });

  it('is flagged once no worker has polled its task queue for minutes', async () => {
    const pollers = fixture('temporal/pollers-after-kill9.json')['pollers'] as { lastAccessTime: string }[];
    const last = Date.parse(pollers[0]?.lastAccessTime ?? '');
    const at = (ms: number) => new Date(Math.ceil((last + ms) / 1000) * 1000).toUTCString();
    const early = inside('describe-after-kill9', 'pollers-after-kill9', at(2 * MINUTE));
    expect((await inspected('nightly-report-1', early)).seen?.flag).toBeUndefined();
    const later = inside('describe-after-kill9', 'pollers-after-kill9', at(3 * MINUTE));
    expect((await inspected('nightly-report-1', later)).seen?.flag).toEqual({
      kind: 'worker_lost',
      by: 'tardy',
      text: 'No worker polls the task queue reports for activities.',
      since: last,
    });
  });
});

describe('an execution', () => {
  it('that no worker ever took is flagged', async () => {
    const { seen, asked } = await inspected('nobody-1', inside('describe-nobody', 'pollers-none'));
    expect(seen?.flag).toEqual({
      kind: 'worker_lost',
      by: 'tardy',
      text: 'No worker polls the task queue nobody for workflow tasks.',
      since: undefined,
    });
    expect(asked.map(({ url }) => url.replace(/^.*\/default\//, ''))).toEqual([
      'workflows/nobody-1?execution.runId=01a20862-610d-7634-ba47-7f8e2ae6ee40',
      'task-queues/nobody?taskQueueType=TASK_QUEUE_TYPE_WORKFLOW&reportConfig=true&reportStats=true',
    ]);
  });

  it.each([
    [
      'failing-activity-1',
      'describe-failing-activity',
      /^Its activity fetch_rates is in attempt 1\d: connect ECONNREF/,
    ],
    ['broken-code-1', 'describe-broken-code', /^Its workflow task keeps failing: this is attempt \d+\.$/],
  ])('that keeps failing (%s) is flagged, in two requests at most', async (workflowId, file, text) => {
    const { seen, asked } = await inspected(workflowId, inside(file));
    expect(seen?.flag).toMatchObject({ kind: 'stuck', text: expect.stringMatching(text) as unknown });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['waits-for-signal-1', 'describe-waits-for-signal', 'event'],
    ['waits-for-child-1', 'describe-waits-for-child', 'dependency'],
    ['pauseact-1', 'describe-pauseact', 'paused'],
  ])('that waits legitimately (%s) is on hold', async (workflowId, file, hold) => {
    const server: Server = (url, request) =>
      url.pathname.endsWith('/child-1') ? { status: 404, body: {} } : inside(file)(url, request);
    const { seen, asked } = await inspected(workflowId, server);
    expect(seen).toMatchObject({ hold });
    expect(seen?.flag).toBeUndefined();
    // A child is described too.
    expect(asked).toHaveLength(hold === 'dependency' ? 2 : 1);
  });

  describe('whose activity is retried', () => {
    const described = fixture('temporal/describe-failing-activity.json');
    const [failing = {}] = described['pendingActivities'] as JsonObject[];
    const NEXT = Date.parse('2026-11-23T12:45:00Z');
    const retried = async (activities: readonly JsonObject[], now = NEXT - MINUTE) => {
      const body = { ...described, pendingActivities: activities };
      const headers = { date: new Date(now).toUTCString() };
      const server: Server = (url) => ({ body: url.pathname.includes('/task-queues/') ? {} : body, headers });
      return (await inspected('failing-activity-1', server)).seen;
    };
    const attempt = (count: number, more: JsonObject = {}): JsonObject => ({
      ...failing,
      state: 'PENDING_ACTIVITY_STATE_SCHEDULED',
      attempt: count,
      nextAttemptScheduleTime: new Date(NEXT).toISOString(),
      ...more,
    });
    const polling = { activityOptions: { retryPolicy: { backoffCoefficient: 1 } } };

    it.each([
      ['for the second time', [attempt(2)]],
      ['in steady intervals, as a way to poll', [attempt(190, polling)]],
      ['before another one', [attempt(2, { nextAttemptScheduleTime: '2026-11-23T13:00:00Z' }), attempt(2)]],
      ['beside a paused one', [attempt(2), { ...attempt(9), state: 'PENDING_ACTIVITY_STATE_PAUSED' }]],
    ])('%s waits until its next attempt', async (_, activities) => {
      expect(await retried(activities)).toMatchObject({
        hold: 'retry',
        waitsFor: { kind: 'activity', name: 'fetch_rates', until: NEXT },
        flag: undefined,
      });
    });

    it.each([
      ['is due', [attempt(2)], NEXT],
      [
        'runs beside one at work',
        [attempt(2), { ...attempt(1), state: 'PENDING_ACTIVITY_STATE_STARTED' }],
        NEXT - MINUTE,
      ],
      ['has no time for its next attempt', [attempt(2, { nextAttemptScheduleTime: null })], NEXT - MINUTE],
    ])('and %s is not on hold', async (_, activities, now) => {
      expect((await retried(activities, now))?.hold).toBeUndefined();
    });

    it('for the fifth time with a growing interval is flagged, and not on hold', async () => {
      expect(await retried([attempt(5)])).toMatchObject({ hold: undefined, flag: { kind: 'stuck', by: 'tardy' } });
      expect((await retried([attempt(4)]))?.flag).toBeUndefined();
    });
  });

  it('has a deadline where it was given one, and none where Temporal writes the year 1', async () => {
    const { seen } = await inspected('deadline-1', inside('describe-deadline'));
    expect(seen?.deadlineAt).toBe(Date.parse('2026-11-23T14:29:55.216Z'));
    const without = await inspected('waits-for-signal-1', inside('describe-waits-for-signal'));
    expect(without.seen?.deadlineAt).toBeUndefined();
  });

  it('is paused since it was paused', async () => {
    const run = await mapped(temporalRow('paused.json', 'paused-1'));
    const seen = await source.inspect?.(run, fetchFrom(inside('describe-paused')).fetch);
    expect(seen).toMatchObject({ hold: 'paused', holdSince: Date.parse('2026-11-23T12:33:17.893Z') });
  });

  it('that ended meanwhile is read as ended', async () => {
    const row = temporalRow('active.json', 'healthy-1');
    const { fetch } = fetchFrom(() => ({
      body: { workflowExecutionInfo: { ...row, status: 'WORKFLOW_EXECUTION_STATUS_COMPLETED' } },
    }));
    expect(await source.inspect?.(await mapped(row), fetch)).toMatchObject({ outcome: 'succeeded' });
  });

  it('stays as it was read if nothing more can be learned', async () => {
    const run = await mapped(temporalRow('active.json', 'healthy-1'));
    const { fetch } = fetchFrom(() => ({ status: 404, body: fixture('temporal/error-not-found.json') }));
    expect(await source.inspect?.(run, fetch)).toBe(run);
  });

  it('with a slash in its id, which no path of the API can hold, is read from the list', async () => {
    const row = temporalRow('active.json', 'orders/7');
    const run = await mapped(row);
    const { fetch, asked } = fetchFrom(temporalServer([row]));
    expect(await source.get(run.id, fetch)).toEqual(run);
    expect(new URL(asked[0]?.url ?? '').searchParams.get('query')).toMatch(/^WorkflowId = "orders\/7" AND RunId = "/);
    expect(await source.inspect?.(run, fetch)).toBe(run);
  });
});

describe('the URL of Temporal', () => {
  it.each([
    ['https://t.example:7243', { url: 'https://t.example:7243' }],
    ['https://t.example/namespaces/orders', { url: 'https://t.example', namespace: 'orders' }],
    ['https://t.example/x/api/v1/namespaces/a%20b/', { url: 'https://t.example/x', namespace: 'a b' }],
  ])('%s names %j', (rest, config) => {
    expect(temporalAdapter.configFromUri?.(rest)).toEqual(config);
  });

  it('gets the key as a bearer token', () => {
    expect(temporalAdapter.credentialHeaders('k', { url: '' })).toEqual({ authorization: 'Bearer k' });
  });
});
