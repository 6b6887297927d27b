import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { sourceKind } from '../registry.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { tektonSource } from './source.js';
import { PIPELINE_RUN, TASK_RUN, tektonServer, withCondition, withMetadata, type Objects } from './testing/server.js';

const URL_OF = 'https://cluster.example:6443';
const source = tektonSource('cluster', { url: URL_OF });
const labels = { 'tekton.dev/pipelineRun': 'pr-echo-szzs9' };
const done = (name: string) => withMetadata(withCondition(TASK_RUN, { status: 'True', reason: 'Succeeded' }), { name });
const customRun = (kind: string, condition?: JsonObject): JsonObject => ({
  metadata: { name: `pr-echo-szzs9-${kind}`, namespace: 'ci', creationTimestamp: '2022-04-07T12:32:00Z', labels },
  spec: { customRef: { apiVersion: 'host.example/v1', kind } },
  ...(condition === undefined
    ? {}
    : { status: { conditions: [{ type: 'Succeeded', status: 'Unknown', ...condition }] } }),
});
const pod = (status: JsonObject, spec: JsonObject = {}): JsonObject => ({
  metadata: {
    name: 'echo-pod',
    creationTimestamp: '2022-04-07T12:31:01Z',
    labels: { ...labels, 'tekton.dev/taskRun': 'deploy' },
  },
  spec,
  status: { phase: 'Pending', ...status },
});
const working = pod({ phase: 'Running' }, { nodeName: 'steady' });
const node = (status: string) => ({
  metadata: { name: 'steady' },
  status: { conditions: [{ type: 'Ready', status, message: 'Kubelet stopped posting node status.' }] },
});

async function look(objects: Objects, id = 'ci/pr-echo-szzs9', server: Server = tektonServer(objects)): Promise<Run> {
  const { fetch } = fetchFrom(server);
  const run = await source.get(id, fetch);
  if (run === undefined || source.inspect === undefined) throw new Error('There is no run to look into.');
  return source.inspect(run, fetch);
}

/** The pipeline with these objects beside it. */
const inside = (more: Objects, row: JsonObject = PIPELINE_RUN) => look({ pipelineruns: [row], ...more });

describe('a look into a PipelineRun', () => {
  it('finds nothing wrong while a task is at work', async () => {
    const run = await inside({ taskruns: [done('first'), TASK_RUN], pods: [working], nodes: [node('True')] });
    expect(run).toMatchObject({ status: 'running', hold: undefined, flag: undefined });
    expect(run.progress).toMatchObject({ processed: 1, total: 2, unit: 'tasks' });
  });

  it.each([
    ['ApprovalTask', 'approval'],
    ['Wait', 'event'],
  ])('is on hold while it waits for a custom run %s only', async (kind, hold) => {
    const run = await inside({ taskruns: [done('first')], customruns: [customRun(kind, { reason: 'Running' })] });
    expect(run).toMatchObject({
      hold,
      holdSince: Date.parse('2022-04-07T12:32:00Z'),
      waitsFor: { kind, name: `pr-echo-szzs9-${kind}` },
      flag: undefined,
    });
  });

  it('waits for an event if one of several custom runs is no approval', async () => {
    const customruns = [customRun('ApprovalTask', { reason: 'Running' }), customRun('Wait', { reason: 'Running' })];
    expect((await inside({ customruns })).hold).toBe('event');
  });

  it('is on no hold while a task is at work beside an approval', async () => {
    const customruns = [customRun('ApprovalTask', { reason: 'Running' })];
    const run = await inside({ taskruns: [TASK_RUN], customruns, pods: [working], nodes: [node('True')] });
    expect(run).toMatchObject({ hold: undefined, flag: undefined });
  });

  it('knows a custom run that no controller has taken', async () => {
    const run = await inside({ taskruns: [TASK_RUN], customruns: [customRun('Gate')] });
    expect(run.flag).toEqual({
      kind: 'cannot_start',
      by: 'tardy',
      text: 'No controller has taken its custom run pr-echo-szzs9-Gate (Gate).',
      since: Date.parse('2022-04-07T12:32:00Z'),
    });
  });

  it.each([
    ['All its task runs have ended', [done('first')]],
    ['It has no task run', []],
  ])('%s, and yet it runs', async (all, taskruns) => {
    const run = await inside({ taskruns });
    expect(run.flag).toMatchObject({ kind: 'stuck', by: 'tardy', text: `${all}, but Tekton calls it running.` });
  });

  it('is queued while none of its tasks has begun', async () => {
    const taskruns = [withCondition(TASK_RUN, { reason: 'Pending' })];
    const waiting = pod({});
    expect(await inside({ taskruns, pods: [waiting] })).toMatchObject({
      status: 'queued',
      startedAt: undefined,
      flag: undefined,
    });
    const begun = await inside({ taskruns: [...taskruns, done('first')], pods: [waiting] });
    expect(begun).toMatchObject({ status: 'running', flag: undefined });
  });

  it('is on the hold that all of its tasks are on', async () => {
    const held = withCondition(TASK_RUN, {
      reason: 'ExceededResourceQuota',
      message: 'exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4',
    });
    expect(await inside({ taskruns: [held] })).toMatchObject({ hold: 'limit', waitsFor: { name: 'compute' } });
    const other = withMetadata(TASK_RUN, { name: 'other' });
    expect((await inside({ taskruns: [held, other], pods: [working], nodes: [node('True')] })).hold).toBeUndefined();
  });

  it('has the flag of its task', async () => {
    const taskruns = [withCondition(TASK_RUN, { reason: 'PullImageFailed', message: 'manifest unknown' })];
    expect((await inside({ taskruns })).flag).toMatchObject({
      kind: 'cannot_start',
      text: 'An image of its pod cannot be pulled: manifest unknown',
    });
  });

  it('is as listed if the credential may not see its tasks', async () => {
    const server = tektonServer({ pipelineruns: [PIPELINE_RUN] });
    const refusing: Server = (url, request) =>
      /taskruns|pods/.test(url.pathname) ? { status: 403, body: {} } : server(url, request);
    expect(await look({}, undefined, refusing)).toMatchObject({ status: 'running', hold: undefined, flag: undefined });
  });

  it('says that a task cannot be read', async () => {
    const taskruns = [withMetadata(TASK_RUN, { creationTimestamp: 'soon' })];
    await expect(inside({ taskruns })).rejects.toThrow('A task run of pr-echo-szzs9 cannot be read');
  });
});

describe('a look at its pods', () => {
  const taskruns = [TASK_RUN];
  const unschedulable = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    lastTransitionTime: '2022-04-07T12:31:02Z',
  };

  it.each<[string, JsonObject, JsonObject]>([
    [
      'that no node takes',
      pod({ conditions: [unschedulable] }),
      { kind: 'cannot_start', by: 'source', since: Date.parse('2022-04-07T12:31:02Z') },
    ],
    [
      'whose container does not start',
      pod({ containerStatuses: [{ name: 'step-a', state: { waiting: { reason: 'CreateContainerConfigError' } } }] }),
      { kind: 'cannot_start', by: 'source' },
    ],
    [
      'that has ended',
      pod({ phase: 'Failed' }),
      { kind: 'stuck', by: 'tardy', text: 'All its pods have ended, but Tekton calls it running.' },
    ],
  ])('flags one %s', async (_, one, flag) => {
    expect((await inside({ taskruns, pods: [one] })).flag).toMatchObject(flag);
  });

  it('flags one whose event says what it lacks', async () => {
    const taskruns = [withCondition(TASK_RUN, { reason: 'Pending' })];
    const waiting = pod({}, { nodeName: 'steady' });
    const server = tektonServer({
      pipelineruns: [PIPELINE_RUN],
      taskruns,
      pods: [waiting, working],
      nodes: [node('True')],
    });
    const message = 'configmap "config-for-testing" not found';
    const event = {
      reason: 'FailedMount',
      message,
      firstTimestamp: '2022-04-07T12:31:05Z',
      involvedObject: { name: 'echo-pod' },
    };
    const withEvents: Server = (url, request) =>
      url.pathname.endsWith('/events')
        ? { body: { kind: 'EventList', metadata: {}, items: [event] } }
        : server(url, request);
    expect((await look({}, undefined, withEvents)).flag).toMatchObject({
      kind: 'stuck',
      by: 'source',
      text: `Its pod echo-pod does not start (FailedMount): ${message}`,
    });
  });

  it('flags a run without any', async () => {
    expect((await inside({ taskruns })).flag?.text).toBe('None of its pods exists, but Tekton calls it running.');
  });

  it('flags one that was deleted and does not go', async () => {
    const leaving = withMetadata(working, { deletionTimestamp: '2022-04-07T12:33:00Z' });
    expect((await inside({ taskruns, pods: [leaving], nodes: [node('True')] })).flag).toMatchObject({
      kind: 'stuck',
      by: 'tardy',
    });
    const justNow = withMetadata(working, { deletionTimestamp: '2022-04-07T12:39:30Z' });
    expect((await inside({ taskruns, pods: [justNow], nodes: [node('True')] })).flag).toBeUndefined();
  });

  it.each([
    ['is not ready', [node('Unknown')], 'unresponsive'],
    ['is gone', [], 'worker_lost'],
  ])('flags one whose node %s', async (_, nodes, kind) => {
    expect((await inside({ taskruns, pods: [working], nodes })).flag).toMatchObject({ kind, by: 'source' });
  });

  it('does the same for a TaskRun without a pipeline', async () => {
    const alone = withMetadata(TASK_RUN, { name: 'deploy', labels: {} });
    const run = await look({ taskruns: [alone], pods: [working], nodes: [] }, 'ci/taskruns/deploy');
    expect(run.flag?.kind).toBe('worker_lost');
  });
});

describe('a look that needs no other', () => {
  const pending = {
    ...withCondition(PIPELINE_RUN, { reason: 'PipelineRunPending' }),
    spec: { status: 'PipelineRunPending' },
  };

  it.each([
    ['has ended', withCondition(PIPELINE_RUN, { status: 'True', reason: 'Succeeded' })],
    ['is pending', pending],
  ])('asks for no children of one that %s', async (_, row) => {
    const { fetch, asked } = fetchFrom(tektonServer({ pipelineruns: [row] }));
    const listed = { ...(await running()), hold: undefined };
    await source.inspect?.(listed, fetch);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
      '/apis/tekton.dev/v1/namespaces/ci/pipelineruns/pr-echo-szzs9',
    ]);
  });

  it('leaves one that is gone as it was listed', async () => {
    const run = await running();
    expect(await source.inspect?.(run, fetchFrom(tektonServer({})).fetch)).toBe(run);
  });

  async function running(): Promise<Run> {
    const { runs } = await gather(source, tektonServer({ pipelineruns: [PIPELINE_RUN] }));
    const [run] = runs;
    if (run === undefined) throw new Error('The run is gone.');
    return run;
  }
});

describe('lists', () => {
  it('hold TaskRuns that no pipeline made, and no others', async () => {
    const alone = withMetadata(TASK_RUN, { name: 'deploy', labels: {} });
    const { runs } = await gather(source, tektonServer({ pipelineruns: [PIPELINE_RUN], taskruns: [TASK_RUN, alone] }));
    expect(runs.map(({ id }) => id)).toEqual(['ci/pr-echo-szzs9', 'ci/taskruns/deploy']);
  });

  it('are those of a namespace', async () => {
    const { source: ci } = await sourceKind('tekton').openUri('ci', `${URL_OF}/namespaces/ci`);
    const { asked } = await gather(ci, tektonServer({}));
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
      '/apis/tekton.dev/v1/namespaces/ci/pipelineruns',
      '/apis/tekton.dev/v1/namespaces/ci/taskruns',
    ]);
  });

  it('are no list of another kind', async () => {
    const pods: Server = () => ({ body: { kind: 'PodList', metadata: {}, items: [] } });
    expect((await gather(source, pods)).error?.code).toBe('shape');
  });
});

it.each(['', 'ci', 'ci/', 'ci/a/b', 'ci/taskruns/', 'ci/taskruns/a/b'])('knows no run %j', async (id) => {
  const { fetch, asked } = fetchFrom(tektonServer({ pipelineruns: [PIPELINE_RUN] }));
  expect(await source.get(id, fetch)).toBeUndefined();
  expect(asked).toEqual([]);
});

it('says if another run is sent', async () => {
  const { fetch } = fetchFrom(() => ({ body: fixture('tekton/pipelinerun.json') }));
  await expect(source.get('ci/other', fetch)).rejects.toThrow('was asked for ci/other and sent another');
});
