import type { Run } from '../run.js';
import type { JsonObject } from './body.js';
import { httpSource } from './http-source.js';
import { airflowCase } from './test-airflow-server.js';
import { dagsterCase } from './test-dagster-server.js';
import { mlflowCase } from './test-mlflow-server.js';
import { prefectCase } from './test-prefect-server.js';
import { runsSource } from './runs-source.js';
import type { Source, SourceErrorCode } from './source.js';
import { bullboardCase } from './test-bullboard-server.js';
import { flowerCase } from './test-flower-server.js';
import { slurmRestCase } from './test-slurm-server.js';
import { buildbotApiCase } from './test-buildbot-server.js';
import { gitlabCase, gitlabGroupCase } from './test-gitlab-server.js';
import { jenkinsCase } from './test-jenkins-server.js';
import { metaflowCase } from './test-metaflow-server.js';
import { n8nCase } from './test-n8n-server.js';
import { argoCase, argoClusterCase } from './test-argo-server.js';
import { kubernetesCase } from './test-kubernetes-server.js';
import { temporalCase } from './test-temporal-server.js';
import type { Server } from './test-fetch.js';
import { fixture, mapping } from './test-fixtures.js';
import { githubCase, githubOwnerCase } from './test-github-cases.js';

/** What every adapter shows to conform. One entry for each kind of source, and for each system read by a mapping. */
export type ConformanceCase = {
  readonly name: string;
  readonly source: Source;
  /** An active row as the system sends it. */
  readonly row: JsonObject;
  /** A second row, healthy too. */
  readonly other: JsonObject;
  /** States of the system: the row in each, and what the run then is. */
  readonly states: readonly (readonly [title: string, row: JsonObject, run: Partial<Run>])[];
  /** For each field that matters, the row with that field broken. */
  readonly broken: readonly (readonly [field: string, row: JsonObject])[];
  /** The row in a status that nobody knows. */
  readonly unknownStatus: { readonly row: JsonObject; readonly native: string };
  /** The list with these rows and nothing more, and the answer for one run. */
  readonly serve: (rows: readonly JsonObject[]) => Server;
  /** What a body that is an empty list means, where the system may send one. */
  readonly emptyList?: SourceErrorCode;
  /** A server whose pages stop before all that it announced has arrived. */
  readonly cutShort: Server;
  /** Paths at which the system takes questions by POST. */
  readonly queries?: readonly string[];
  /** A server of two pages, the second of which fails; absent where the system has no pages. */
  readonly failingSecondPage?: Server;
};

const NOT_FOUND = { status: 404, body: { message: 'Not Found' } };
const FAILED = { status: 500, body: {} };

const run: JsonObject = {
  id: 'op_42',
  type: 'baseline_compare',
  status: 'running',
  outcome: 'pending',
  queued_at: '2026-11-23T09:00:00Z',
  started_at: '2026-11-23T09:00:04Z',
  heartbeat_at: '2026-11-23T09:12:30Z',
};

const runsCase: ConformanceCase = {
  name: 'runs',
  source: runsSource('host', { url: 'https://host.example/api' }),
  row: run,
  other: { ...run, id: 'op_43' },
  states: [
    ['running', run, { id: 'op_42', source: 'host', status: 'running', startedAt: Date.parse('2026-11-23T09:00:04Z') }],
    ['queued', { ...run, status: 'queued' }, { status: 'queued', outcome: 'pending' }],
    ['on hold', { ...run, hold: 'approval' }, { hold: 'approval' }],
    ['read from elsewhere by the host', { ...run, source: 'ci' }, { source: 'ci' }],
  ],
  broken: [
    ['id', { ...run, id: undefined }],
    ['type', { ...run, type: null }],
    ['status', { ...run, status: 'processing' }],
    ['started_at', { ...run, started_at: '2026-11-23T09:00:04' }],
    ['heartbeat_at', { ...run, heartbeat_at: 1_795_411_427 }],
    ['attempt', { ...run, attempt: 0 }],
  ],
  unknownStatus: { row: { ...run, outcome: 'melted' }, native: 'running' },
  serve: (rows) => (url) => {
    const id = /\/api\/runs\/(.+)$/.exec(url.pathname)?.[1];
    if (id !== undefined) return { ...(rows[0]?.['id'] === id ? { body: rows[0] } : NOT_FOUND) };
    return { body: { runs: url.searchParams.get('status') === 'completed' ? [] : rows, now: '2026-11-23T09:13:00Z' } };
  },
  cutShort: () => ({ body: { runs: [run], total: 118 } }),
  failingSecondPage: (url) => (url.searchParams.has('cursor') ? FAILED : { body: { runs: [run], next: 'c2' } }),
};

const job = (index: number): JsonObject => (fixture('slurm/jobs.json')['jobs'] as JsonObject[])[index] ?? {};

const slurmCase: ConformanceCase = {
  name: 'http (Slurm)',
  source: httpSource('cluster', mapping('slurm')),
  row: job(0),
  other: job(2),
  states: [
    ['running', job(0), { id: '1', status: 'running', startedAt: 1_795_411_427_000, endedAt: undefined }],
    ['failed', job(1), { status: 'completed', outcome: 'failed' }],
    ['pending', job(2), { status: 'queued', queuedAt: 1_795_411_423_000 }],
    ['held', { ...job(2), state_reason: 'JobHeldUser' }, { hold: 'paused' }],
    ['suspended', { ...job(0), job_state: 'SUSPENDED' }, { status: 'running', hold: 'paused' }],
  ],
  broken: [
    ['job_id', { ...job(0), job_id: null }],
    ['name', { ...job(0), name: '' }],
    ['start_time', { ...job(0), start_time: 'soon' }],
    ['submit_time', { ...job(0), submit_time: 1_795_411_427_000 }],
    ['restart_cnt', { ...job(0), restart_cnt: null }],
  ],
  unknownStatus: { row: { ...job(0), job_state: 'LEVITATING' }, native: 'LEVITATING' },
  serve: (rows) => () => ({ body: { errors: [], jobs: rows } }),
  cutShort: () => ({ body: undefined }),
};

const build = (fixture('buildbot/builds-active.json')['builds'] as JsonObject[])[0] ?? {};

const buildbotCase: ConformanceCase = {
  name: 'http (Buildbot)',
  source: httpSource('ci', mapping('buildbot')),
  row: build,
  other: { ...build, buildid: 4 },
  states: [
    ['building', build, { id: '3', status: 'running', startedAt: 1_795_411_454_000, title: 'try 1' }],
    ['warnings', { ...build, complete: true, results: 1 }, { outcome: 'partially_succeeded' }],
    ['retried', { ...build, complete: true, results: 5, complete_at: 1_795_411_460 }, { outcome: 'cancelled' }],
  ],
  broken: [
    ['buildid', { ...build, buildid: null }],
    ['started_at', { ...build, started_at: -5 }],
    ['builderid', { ...build, properties: { reason: [{ text: 'no text' }] } }],
  ],
  unknownStatus: { row: { ...build, complete: true, results: 9 }, native: '9' },
  serve: (rows) => (url) => {
    const id = /\/builds\/(\d+)$/.exec(url.pathname)?.[1];
    if (id !== undefined) return String(rows[0]?.['buildid']) === id ? { body: { builds: rows } } : NOT_FOUND;
    const held = url.searchParams.get('complete') === 'true' ? [] : rows;
    return { body: { builds: url.searchParams.get('offset') === '0' ? held : [], meta: { total: held.length } } };
  },
  cutShort: (url) => ({ body: { builds: url.searchParams.get('offset') === '0' ? [build] : [], meta: { total: 12 } } }),
  failingSecondPage: (url) =>
    url.searchParams.get('offset') === '0' ? { body: { builds: [build], meta: { total: 2 } } } : FAILED,
};

export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
  runsCase,
  githubCase,
  githubOwnerCase,
  gitlabCase,
  gitlabGroupCase,
  prefectCase,
  mlflowCase,
  airflowCase,
  dagsterCase,
  slurmCase,
  buildbotCase,
  bullboardCase,
  flowerCase,
  slurmRestCase,
  buildbotApiCase,
  n8nCase,
  metaflowCase,
  jenkinsCase,
  temporalCase,
  kubernetesCase,
  argoCase,
  argoClusterCase,
];
