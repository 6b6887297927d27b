import type { JsonObject } from '../../reading/body.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { tektonSource } from '../source.js';
import { PIPELINE_RUN, TASK_RUN, tektonServer, withCondition, withMetadata } from './server.js';

const at = (text: string) => Date.parse(text);
const transition = at('2022-04-07T12:34:58Z');
const alone = withMetadata(TASK_RUN, {
  name: 'deploy',
  generateName: undefined,
  labels: { 'tekton.dev/task': 'deploy-to' },
});
const ended = (status: string, reason: string, message: string) =>
  withCondition(PIPELINE_RUN, { status, reason, message }, { completionTime: '2022-04-07T12:34:58Z' });

/** PipelineRuns and TaskRuns by their kind; what is neither comes with the PipelineRuns. */
const serve = (rows: readonly JsonObject[], size?: number): Server => {
  const isTask = (row: unknown) => (row as JsonObject | null)?.['kind'] === 'TaskRun';
  return tektonServer({ pipelineruns: rows.filter((row) => !isTask(row)), taskruns: rows.filter(isTask) }, size);
};
const other = withMetadata(PIPELINE_RUN, { name: 'pr-echo-2' });
const two = serve([PIPELINE_RUN, other], 1);

/** What the adapter has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'tekton',
    source: tektonSource('cluster', { url: 'https://cluster.example:6443' }),
    row: PIPELINE_RUN,
    other,
    states: [
      [
        'running',
        PIPELINE_RUN,
        {
          id: 'ci/pr-echo-szzs9',
          type: 'pr-echo',
          title: 'pr-echo-szzs9',
          workspace: { id: 'ci' },
          status: 'running',
          hold: undefined,
          flag: undefined,
          queuedAt: at('2022-04-07T12:30:00Z'),
          startedAt: at('2022-04-07T12:30:01Z'),
          endedAt: undefined,
          deadlineAt: at('2022-04-07T13:30:01Z'),
          attempt: 1,
          labels: { team: 'web' },
        },
      ],
      [
        'of a pipeline by name',
        withMetadata(PIPELINE_RUN, {
          labels: { 'tekton.dev/pipeline': 'echo', 'triggers.tekton.dev/eventlistener': 'push' },
        }),
        { type: 'echo', initiator: { kind: 'event', name: 'push' }, labels: {} },
      ],
      ['not yet seen', withCondition(PIPELINE_RUN, undefined, { startTime: undefined }), { status: 'queued' }],
      [
        'pending',
        {
          ...withCondition(PIPELINE_RUN, { reason: 'PipelineRunPending' }, { startTime: undefined }),
          spec: { status: 'PipelineRunPending' },
        },
        { status: 'queued', hold: 'paused', holdSince: transition, startedAt: undefined, deadlineAt: undefined },
      ],
      [
        'pending before the controller has seen it, in a queue of Kueue',
        {
          ...withMetadata(PIPELINE_RUN, { labels: { 'kueue.x-k8s.io/queue-name': 'builds' } }),
          spec: { status: 'PipelineRunPending' },
          status: undefined,
        },
        {
          status: 'queued',
          hold: 'limit',
          holdSince: at('2022-04-07T12:30:00Z'),
          waitsFor: { kind: 'queue of Kueue', name: 'builds' },
        },
      ],
      [
        'pending at the limit of its repository',
        {
          ...withMetadata(PIPELINE_RUN, {
            labels: { 'pipelinesascode.tekton.dev/state': 'queued', 'pipelinesascode.tekton.dev/repository': 'web' },
          }),
          spec: { status: 'PipelineRunPending' },
        },
        { hold: 'limit', waitsFor: { kind: 'limit of the repository', name: 'web' } },
      ],
      [
        'that cannot be cancelled',
        withCondition(PIPELINE_RUN, { reason: 'PipelineRunCouldntCancel', message: 'no' }),
        {
          status: 'running',
          flag: { kind: 'stuck', by: 'source', text: 'Tekton cannot end it: no', since: transition },
        },
      ],
      ['being cancelled', withCondition(PIPELINE_RUN, { reason: 'Cancelled' }), { status: 'running' }],
      [
        'of a task without a pipeline',
        alone,
        { id: 'ci/taskruns/deploy', type: 'deploy-to', status: 'running', deadlineAt: at('2022-04-07T13:31:00Z') },
      ],
      [
        'of a task in its third attempt',
        { ...alone, status: { ...(alone['status'] as JsonObject), retriesStatus: [{}, {}] } },
        { attempt: 3 },
      ],
      ['of a task without a limit', { ...alone, spec: { timeout: '0s' } }, { deadlineAt: undefined }],
      [
        'of a task whose pod is pending',
        withCondition(alone, { reason: 'Pending', message: 'Pending' }),
        { status: 'queued', hold: undefined, startedAt: undefined },
      ],
      [
        'of a task at a quota',
        withCondition(alone, {
          reason: 'ExceededResourceQuota',
          message:
            'TaskRun Pod exceeded available resources: pods "deploy-pod" is forbidden: exceeded quota: compute, requested: limits.cpu=1, used: limits.cpu=4, limited: limits.cpu=4',
        }),
        { status: 'queued', hold: 'limit', holdSince: transition, waitsFor: { kind: 'quota', name: 'compute' } },
      ],
      [
        'of a task beyond a quota',
        withCondition(alone, {
          reason: 'ExceededResourceQuota',
          message:
            'pods "deploy-pod" is forbidden: exceeded quota: compute, requested: limits.cpu=8, used: limits.cpu=0, limited: limits.cpu=4',
        }),
        { status: 'queued', hold: undefined, flag: { kind: 'cannot_start', by: 'source', since: transition } as never },
      ],
      [
        'of a task that no node has room for',
        withCondition(alone, { reason: 'ExceededNodeResources', message: 'TaskRun Pod exceeded available resources' }),
        { status: 'queued', flag: { kind: 'stuck', by: 'source', since: transition } as never },
      ],
      [
        'of a task without its image',
        withCondition(alone, { reason: 'PullImageFailed', message: 'build step "step-a" is pending' }),
        { status: 'queued', flag: { kind: 'cannot_start', by: 'source', since: transition } as never },
      ],
      [
        'of a task between two attempts',
        withCondition(alone, { reason: 'ToBeRetried' }),
        { status: 'queued', hold: 'retry', holdSince: transition },
      ],
      [
        'succeeded',
        ended('True', 'Succeeded', 'Tasks Completed: 2 (Failed: 0, Cancelled 0), Skipped: 0'),
        { outcome: 'succeeded', endedAt: transition, failure: undefined },
      ],
      ['completed with a task skipped', ended('True', 'Completed', ''), { outcome: 'succeeded' }],
      ['cancelled', ended('False', 'Cancelled', 'by a user'), { outcome: 'cancelled', failure: undefined }],
      [
        'timed out',
        ended('False', 'PipelineRunTimeout', 'failed to finish within "1h0m0s"'),
        {
          outcome: 'failed',
          failure: { code: 'PipelineRunTimeout', message: 'failed to finish within "1h0m0s"' },
        },
      ],
    ],
    broken: [
      ['namespace', withMetadata(PIPELINE_RUN, { namespace: 7 })],
      ['timeout', { ...PIPELINE_RUN, spec: { timeouts: { pipeline: 'an hour' } } }],
      ['startTime', { ...PIPELINE_RUN, status: { ...(PIPELINE_RUN['status'] as JsonObject), startTime: 'soon' } }],
      ['conditions', { ...PIPELINE_RUN, status: { conditions: 'none' } }],
    ],
    unknownStatus: { row: withCondition(PIPELINE_RUN, { reason: 'Hibernating' }), native: 'Hibernating' },
    serve,
    cutShort: () => ({
      body: { kind: 'PipelineRunList', metadata: { remainingItemCount: 3 }, items: [PIPELINE_RUN] },
    }),
    failingSecondPage: (url, request) =>
      url.searchParams.has('continue') ? { status: 500, body: {} } : two(url, request),
  },
];
