import type { JsonObject } from '../../reading/body.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { fixture } from '../../testing/fixtures.js';
import { httpSource } from '../source.js';
import { mapping } from './mapping.js';

const NOT_FOUND = { status: 404, body: { message: 'Not Found' } };
const FAILED = { status: 500, body: {} };

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

export const conformanceCases: readonly ConformanceCase[] = [slurmCase, buildbotCase];
