import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { temporalSource } from './source.js';
import { temporalRow, temporalServer } from './testing/server.js';

const source = temporalSource('orders', { url: 'https://temporal.example:7243' });
const NOW = Date.parse('2026-11-23T18:00:00Z');
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const row = temporalRow('active.json', 'nightly-report-1');

/** The run with what its description, its pollers and its children show. */
async function seenIn(
  more: JsonObject,
  {
    info = {},
    pollers = [],
    children = {},
  }: { info?: JsonObject; pollers?: readonly JsonObject[]; children?: JsonObject } = {},
) {
  const { runs } = await gather(source, temporalServer([row]));
  const [run] = runs;
  if (run === undefined) throw new Error('No run.');
  const headers = { date: new Date(NOW).toUTCString() };
  const { fetch, asked } = fetchFrom((url) => {
    if (url.pathname.includes('/task-queues/')) return { headers, body: pollers.length === 0 ? {} : { pollers } };
    const id = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
    if (id === run.title) return { headers, body: { ...more, workflowExecutionInfo: { ...row, ...info } } };
    const child = children[id];
    return child === undefined
      ? { headers, status: 404, body: {} }
      : { headers, body: { workflowExecutionInfo: child } };
  });
  return { seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => new URL(url).pathname) };
}

const activity = (more: JsonObject): JsonObject => ({
  activityType: { name: 'count' },
  state: 'PENDING_ACTIVITY_STATE_STARTED',
  attempt: 1,
  scheduledTime: at(-3),
  ...more,
});

describe('what an execution does now', () => {
  it.each([
    ['its first activity, tried once', { pendingActivities: [activity({}), activity({ scheduledTime: at(-9) })] }, -9],
    ['a workflow task', { pendingWorkflowTask: { attempt: 1, originalScheduledTime: at(-2) } }, -2],
    ['an activity in a later attempt', { pendingActivities: [activity({ attempt: 2 }), activity({})] }, undefined],
  ])('began with %s', async (_, more, minutes) => {
    const { seen } = await seenIn(more, { pollers: [{ lastAccessTime: at(0) }] });
    expect(seen?.phaseAt).toBe(minutes === undefined ? undefined : Date.parse(at(minutes)));
  });

  it('has the rhythm of the heartbeats that its activities promise', async () => {
    const promise = (heartbeatTimeout: string) =>
      activity({ lastHeartbeatTime: at(-1), activityOptions: { heartbeatTimeout } });
    const { seen } = await seenIn({ pendingActivities: [promise('30s'), promise('600.5s')] });
    expect(seen?.heartbeatInterval).toBe(600_500);
    const without = await seenIn({ pendingActivities: [promise('0s')] });
    expect(without.seen?.heartbeatInterval).toBeUndefined();
  });
});

describe('a Nexus operation', () => {
  const operation = (state: string, more: JsonObject = {}): JsonObject => ({
    endpoint: 'payments',
    service: 'ledger',
    operation: 'post',
    state: `PENDING_NEXUS_OPERATION_STATE_${state}`,
    scheduledTime: at(-40),
    ...more,
  });
  const look = async (...pendingNexusOperations: readonly JsonObject[]) =>
    (await seenIn({ pendingNexusOperations })).seen;
  const name = 'payments/ledger/post';

  it('that is blocked flags the workflow, in the words of Temporal', async () => {
    const lastAttemptFailure = { message: 'upstream timeout' };
    const more = { blockedReason: 'The circuit breaker is open.', lastAttemptFailure, lastAttemptCompleteTime: at(-5) };
    const seen = await look(operation('STARTED'), operation('BLOCKED', more));
    expect(seen).toMatchObject({
      hold: undefined,
      phaseAt: Date.parse(at(-40)),
      flag: {
        kind: 'stuck',
        by: 'source',
        text: `Its Nexus operation ${name} is blocked: The circuit breaker is open. upstream timeout`,
        since: Date.parse(at(-5)),
      },
    });
  });

  it.each([
    ['is at work', [operation('STARTED')], 'dependency', undefined],
    ['waits for its first attempt', [operation('SCHEDULED')], 'dependency', undefined],
    ['has an unknown state', [operation('DREAMING')], 'dependency', undefined],
    ['backs off', [operation('BACKING_OFF', { nextAttemptScheduleTime: at(20) })], 'retry', 20],
    [
      'should have been tried again',
      [operation('BACKING_OFF', { nextAttemptScheduleTime: at(-1) })],
      'dependency',
      undefined,
    ],
    [
      'backs off beside one at work',
      [operation('BACKING_OFF', { nextAttemptScheduleTime: at(20) }), operation('STARTED')],
      'dependency',
      undefined,
    ],
  ])('that %s holds the workflow', async (_, operations, hold, minutes) => {
    const until = minutes === undefined ? undefined : Date.parse(at(minutes));
    const seen = await look(...operations);
    expect(seen).toMatchObject({ hold, holdSince: Date.parse(at(-40)), flag: undefined });
    expect(seen?.waitsFor).toEqual({ kind: 'Nexus operation', name, until });
  });
});

describe('a child', () => {
  const runId = '01a20862-5c5c-77e3-8c65-246422f8c51b';
  const info = (status: string, closeTime: string | undefined, id = runId): JsonObject => ({
    execution: { workflowId: 'child-1', runId: id },
    type: { name: 'ship' },
    startTime: at(-60),
    status: `WORKFLOW_EXECUTION_STATUS_${status}`,
    closeTime,
  });
  const look = (child: JsonObject | undefined, waits: JsonObject = { workflowId: 'child-1', runId }) =>
    seenIn({ pendingChildren: [waits] }, { children: child === undefined ? {} : { 'child-1': child } });

  it('that ended unnoticed flags its parent', async () => {
    const { seen } = await look(info('TERMINATED', at(-6)));
    expect(seen).toMatchObject({
      hold: 'dependency',
      flag: {
        kind: 'orphaned',
        by: 'tardy',
        text: 'Its child child-1 has ended (WORKFLOW_EXECUTION_STATUS_TERMINATED), but it still waits for it.',
        since: Date.parse(at(-6)),
      },
    });
  });

  it.each([
    ['runs', info('RUNNING', undefined), undefined],
    ['ended five minutes ago', info('COMPLETED', at(-5)), undefined],
    ['is not kept any more', undefined, undefined],
    ['was not started yet', undefined, { workflowId: 'child-1', runId: '' }],
    ['has an id with a slash', undefined, { workflowId: 'a/1', runId }],
  ])('that %s holds it', async (_, child, waits) => {
    expect((await look(child, waits)).seen).toMatchObject({ hold: 'dependency', flag: undefined });
  });

  it('is not taken for another execution', async () => {
    const other = info('COMPLETED', at(-60), '01a20862-0000-77e3-8c65-246422f8c51b');
    await expect(look(other, undefined)).rejects.toMatchObject({ code: 'shape' });
  });

  it.each(['pendingActivities', 'pendingNexusOperations'])('is not judged by %s without a state', async (name) => {
    await expect(seenIn({ [name]: [{}] }, {})).rejects.toMatchObject({ code: 'shape' });
  });

  it('is not judged without the id of its workflow', async () => {
    await expect(seenIn({ pendingChildren: [{}] }, {})).rejects.toMatchObject({ code: 'shape' });
  });

  it('is one of at most three that are described', async () => {
    const many = Array.from({ length: 5 }, () => ({ workflowId: 'child-1', runId }));
    const { asked } = await seenIn({ pendingChildren: many }, { children: { 'child-1': info('RUNNING', undefined) } });
    expect(asked).toHaveLength(4);
  });
});

describe('an execution that is pinned to a version', () => {
  const version = { deploymentName: 'billing', buildId: '7' };
  const poller = (buildId: string | undefined): JsonObject => ({
    lastAccessTime: at(0),
    ...(buildId === undefined ? {} : { deploymentOptions: { deploymentName: 'billing', buildId } }),
  });
  const pinned = { behavior: 'VERSIONING_BEHAVIOR_PINNED', deploymentVersion: version };
  const task = { pendingWorkflowTask: { attempt: 1, originalScheduledTime: at(-2) } };
  const look = async (versioningInfo: JsonObject, pollers: readonly JsonObject[], more: JsonObject = task) =>
    (await seenIn(more, { info: { versioningInfo }, pollers })).seen?.flag;
  const queue = row['taskQueue'];

  it.each([
    ['itself', pinned, task],
    [
      'by an operator',
      { behavior: 'VERSIONING_BEHAVIOR_AUTO_UPGRADE', versioningOverride: { pinned: { version } } },
      task,
    ],
    ['with an activity in its queue', pinned, { pendingActivities: [activity({})] }],
  ])('%s has lost its workers if only others poll', async (_, versioning, more) => {
    const flag = await look(versioning, [poller('8')], more);
    expect(flag).toMatchObject({ kind: 'worker_lost', by: 'tardy' });
    expect(flag?.text).toContain(
      `No worker of billing 7, which it is pinned to, polls the task queue ${String(queue)}`,
    );
  });

  it.each([
    ['one of its version polls', pinned, [poller('8'), poller('7')], task],
    ['the server does not say who has which version', pinned, [poller(undefined)], task],
    [
      'it moves to another version',
      { ...pinned, versionTransition: { deploymentVersion: version } },
      [poller('8')],
      task,
    ],
    ['it upgrades by itself', { ...pinned, behavior: 'VERSIONING_BEHAVIOR_AUTO_UPGRADE' }, [poller('8')], task],
    [
      'its activity is in another queue',
      pinned,
      [poller('8')],
      { pendingActivities: [activity({ activityOptions: { taskQueue: { name: 'mail' } } })] },
    ],
  ])('has workers where %s', async (_, versioning, pollers, more) => {
    expect(await look(versioning, pollers, more as JsonObject)).toBeUndefined();
  });
});

it.each([
  { pendingActivities: {} },
  { pendingActivities: ['x'] },
  { pendingWorkflowTask: 'x' },
  { pendingNexusOperations: 7 },
  { pendingChildren: [null] },
  { workflowExtendedInfo: [] },
])('never takes what it cannot read for nothing pending: %j', async (more) => {
  await expect(seenIn(more)).rejects.toMatchObject({ code: 'shape' });
});

it('refuses a description of another type', async () => {
  const { fetch } = fetchFrom(() => ({ body: [fixture('temporal/describe-nightly-report.json')] }));
  await expect(source.get(`nightly-report-1/01a2085e-8658-71d7-836b-af73191a8da6`, fetch)).rejects.toMatchObject({
    code: 'shape',
  });
});
