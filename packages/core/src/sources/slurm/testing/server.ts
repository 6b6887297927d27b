import { isObject, type JsonObject } from '../../reading/body.js';
import { slurmSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

/** The jobs of a recorded response. */
export function slurmJobs(file: string): readonly JsonObject[] {
  return fixture(`slurm/${file}`)['jobs'] as readonly JsonObject[];
}

/** The recorded job of that name. */
export function slurmJob(name: string, file = 'many-jobs.json'): JsonObject {
  const job = slurmJobs(file).find((one) => one['name'] === name);
  if (job === undefined) throw new Error(`${file} holds no job ${name}.`);
  return job;
}

/** A slurmrestd with these jobs, and the nodes of a recorded response. */
export function slurmServer(jobs: readonly JsonObject[], nodesFile = 'many-nodes.json'): Server {
  return (url) => {
    if (url.pathname.endsWith('/openapi/v3')) return { body: fixture('slurm/openapi-paths.json') };
    const [kind, id] = url.pathname.split('/').slice(3);
    if (kind === 'jobs') return { body: { errors: [], jobs } };
    if (kind === 'job') {
      const found = jobs.filter((job) => isObject(job) && String(job['job_id']) === id);
      return found.length === 0
        ? { status: 500, body: fixture('slurm/error-no-job.json') }
        : { body: { errors: [], jobs: found } };
    }
    const nodes = fixture(`slurm/${nodesFile}`)['nodes'] as readonly JsonObject[];
    return { body: { errors: [], nodes: id === undefined ? nodes : nodes.filter((node) => node['name'] === id) } };
  };
}

const running = slurmJob('nightly-etl');
const withState = (job_state: unknown, more: JsonObject = {}) => ({ ...running, job_state, ...more });

/** What Slurm's adapter shows to conform. */
export const slurmRestCase: ConformanceCase = {
  name: 'slurm',
  source: slurmSource('cluster', { url: 'https://slurm.example:6820' }),
  row: running,
  other: slurmJob('healthy'),
  states: [
    [
      'running',
      running,
      {
        id: '4',
        type: 'nightly-etl',
        status: 'running',
        hold: undefined,
        queuedAt: 1_795_420_553_000,
        notBefore: undefined,
        startedAt: 1_795_420_553_000,
        heartbeatAt: undefined,
        endedAt: undefined,
        deadlineAt: undefined,
        attempt: 1,
        flag: undefined,
        workspace: undefined,
        initiator: { kind: 'user', name: 'user1' },
        labels: { cluster: 'live', partition: 'main', nodes: 'doomed' },
        native: { status: 'RUNNING', outcome: undefined },
      },
    ],
    [
      'pending for a node that others use',
      slurmJob('deadlined'),
      { status: 'queued', hold: 'limit', waitsFor: { kind: 'resources', name: 'main' }, deadlineAt: 1_795_431_353_000 },
    ],
    [
      'getting its nodes',
      withState(['RUNNING', 'CONFIGURING'], { submit_time: 1_795_400_000 }),
      { status: 'queued', hold: undefined, phaseAt: 1_795_420_553_000, notBefore: undefined, startedAt: undefined },
    ],
    ['waiting for another', slurmJob('dependent'), { status: 'queued', hold: 'dependency', notBefore: undefined }],
    ['held', slurmJob('held'), { status: 'queued', hold: 'paused' }],
    [
      'to begin later',
      slurmJob('later'),
      { status: 'queued', hold: 'schedule', notBefore: 1_795_427_753_000, startedAt: undefined, endedAt: undefined },
    ],
    ['suspended', slurmJob('suspended'), { status: 'running', hold: 'paused', holdSince: 1_795_420_557_000 }],
    ['a task of an array', slurmJob('array'), { id: '13', type: 'array', title: 'array[1]' }],
    ['completing', withState('COMPLETING'), { status: 'running', outcome: 'pending' }],
    [
      'queued again after its node was lost',
      slurmJobs('jobs-after-slurmd-timeout.json')[0] ?? {},
      { id: '1', attempt: 2, status: 'queued', hold: 'schedule', notBefore: 1_795_412_045_000 },
    ],
    ['completed', slurmJob('quick'), { status: 'completed', outcome: 'succeeded', endedAt: 1_795_420_550_000 }],
    [
      'failed',
      slurmJob('boom'),
      { outcome: 'failed', failure: { code: 'NonZeroExitCode', message: 'exit code 1' }, flag: undefined },
    ],
    ['cancelled', slurmJob('cancelled'), { outcome: 'cancelled' }],
    ['of an account', { ...running, account: 'physics' }, { workspace: { id: 'physics', name: undefined } }],
    [
      'running, in the form of newer versions',
      withState(['RUNNING'], {
        start_time: { set: true, infinite: false, number: 1_795_420_553 },
        end_time: { set: true, infinite: true, number: 0 },
        deadline: { set: false, infinite: false, number: 0 },
        restart_cnt: 2,
        array_task_id: { set: false, infinite: false, number: 0 },
      }),
      { startedAt: 1_795_420_553_000, deadlineAt: undefined, attempt: 3, title: 'nightly-etl' },
    ],
    [
      'completing, in the form of newer versions',
      withState(['COMPLETED', 'COMPLETING']),
      { status: 'running', native: { status: 'COMPLETED COMPLETING', outcome: undefined } },
    ],
    [
      'failed, in the form of newer versions',
      withState(['FAILED'], {
        exit_code: { status: ['ERROR'], return_code: { set: true, infinite: false, number: 3 } },
      }),
      { outcome: 'failed', failure: { code: 'None', message: 'exit code 3' } },
    ],
  ],
  broken: [
    ['job_id', { ...running, job_id: null }],
    ['name', { ...running, name: '' }],
    ['submit_time', { ...running, submit_time: 'yesterday' }],
    ['start_time', { ...running, start_time: '2026-11-23T07:55:53' }],
    ['restart_cnt', { ...running, restart_cnt: 'two' }],
  ],
  unknownStatus: { row: withState('LEVITATING'), native: 'LEVITATING' },
  serve: (rows) => slurmServer(rows),
  cutShort: (url, request) =>
    url.pathname.endsWith('/jobs')
      ? { status: 500, body: fixture('slurm/error-token.json') }
      : slurmServer([])(url, request),
};
