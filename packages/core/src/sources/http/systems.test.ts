import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { Run } from '../../run.js';
import { httpSource } from './source.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { mapping } from './testing/mapping.js';

const policy = createPolicy({ version: 1 });
const HOUR = 3_600_000;
const slurm = httpSource('cluster', mapping('slurm'));
const board = httpSource('board', mapping('bullboard'));
const buildbot = httpSource('ci', mapping('buildbot'));

const serve =
  (path: string): Server =>
  () => ({ body: fixture(path) });

/** bull-board with the active jobs of one moment; the other lists as they were recorded. */
const boardAt =
  (active: string): Server =>
  (url) => ({
    body: fixture(
      `bullboard/${url.searchParams.get('status') === 'active' ? active : `queues-${url.searchParams.get('status')}.json`}`,
    ),
  });

const buildbotAt =
  (active: string): Server =>
  (url) => ({
    body: fixture(`buildbot/${url.searchParams.get('complete') === 'true' ? 'builds-complete.json' : active}`),
  });

function stateOf(runs: readonly Run[], id: string, now: number) {
  const run = runs.find((candidate) => candidate.id === id);
  if (run === undefined) throw new Error(`No run ${id} among ${runs.map((one) => one.id).join(', ')}`);
  return classify(run, policy, now);
}

describe('Slurm by a declared mapping', () => {
  const before = 1_795_411_490_000;
  const startedAt = 1_795_411_427_000;

  it('reads jobs as runs, without the ends and starts that Slurm merely estimates', async () => {
    const { runs, issues, error } = await gather(slurm, serve('slurm/jobs.json'), { activity: 'all' });
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    expect(runs.map(({ id, status, outcome }) => [id, status, outcome])).toEqual([
      ['1', 'running', 'pending'],
      ['3', 'completed', 'failed'],
      ['4', 'queued', 'pending'],
    ]);
    expect(runs[0]).toMatchObject({
      type: 'nightly-etl',
      tenant: { id: 'tenantA' },
      workspace: undefined,
      startedAt,
      endedAt: undefined,
      deadlineAt: undefined,
      attempt: 1,
      initiator: { kind: 'user', name: 'user1' },
      native: { status: 'RUNNING' },
    });
    expect(runs[1]).toMatchObject({ endedAt: 1_795_411_430_000, failure: { code: 'NonZeroExitCode' } });
    expect(runs[2]).toMatchObject({ startedAt: undefined, endedAt: undefined, notBefore: 1_795_411_423_000 });
  });

  it('calls a job fresh while it works, and likely stuck when slurmd was killed and the response does not change', async () => {
    const alive = await gather(slurm, serve('slurm/jobs.json'));
    expect(stateOf(alive.runs, '1', before).state).toBe('fresh');
    expect(stateOf(alive.runs, '4', before).state).toBe('fresh');
    const dead = await gather(slurm, serve('slurm/jobs-after-slurmd-kill9.json'));
    expect(dead.runs[0]).toEqual(alive.runs[0]);
    expect(stateOf(dead.runs, '1', startedAt + 6 * HOUR - 1).state).toBe('late');
    expect(stateOf(dead.runs, '1', startedAt + 6 * HOUR)).toMatchObject({ state: 'likely_stale', clock: 'run' });
    expect(stateOf(dead.runs, '4', before + HOUR)).toMatchObject({ state: 'likely_stale', clock: 'queue' });
  });

  it('takes a job that Slurm queued again under the same id for another attempt', async () => {
    const { runs } = await gather(slurm, serve('slurm/jobs-after-slurmd-timeout.json'));
    expect(runs[0]).toMatchObject({ id: '1', attempt: 2, status: 'queued', notBefore: 1_795_412_045_000 });
    expect(stateOf(runs, '1', 1_795_411_930_000)).toMatchObject({ state: 'fresh', skewed: [] });
  });
});

describe('bull-board by a declared mapping', () => {
  const recorded = Date.parse('2026-11-23T05:17:24Z');
  const startedAt = 1_795_411_040_065;

  it('asks for each status, and takes it for that of the jobs it gives', async () => {
    const { runs, asked, issues } = await gather(board, boardAt('queues-active.json'), { activity: 'recent' });
    expect(issues).toEqual([]);
    expect(runs.map(({ id, status, hold, outcome }) => [id, status, hold, outcome])).toEqual([
      ['4', 'queued', 'schedule', 'pending'],
      ['5', 'running', undefined, 'pending'],
      ['nightly-1', 'running', undefined, 'pending'],
      ['2', 'completed', undefined, 'succeeded'],
      ['3', 'completed', undefined, 'failed'],
    ]);
    expect(runs[2]).toMatchObject({
      tenant: { id: 'acme' },
      startedAt,
      progress: { processed: 3, total: 1000 },
      url: 'https://board.example/queue/reports/nightly-1',
      flag: undefined,
    });
    expect(runs[0]?.notBefore).toBe(1_795_411_040_066 + HOUR);
    expect(runs[4]?.failure?.message).toBe('boom');
    expect(asked[3]?.url).toBe(
      'https://board.example/api/queues?activeQueue=reports&status=active&jobsPerPage=50&page=1',
    );
  });

  it('calls a job fresh while its worker lives, late once the queue has none, and likely stuck when nothing moves', async () => {
    const alive = await gather(board, boardAt('queues-active.json'));
    expect(stateOf(alive.runs, 'nightly-1', recorded).state).toBe('fresh');
    const dead = await gather(board, boardAt('queues-active-after-kill9.json'));
    const later = await gather(board, boardAt('queues-active-45s-after-kill9.json'));
    expect(later.runs).toEqual(dead.runs);
    expect(stateOf(dead.runs, 'nightly-1', recorded + 120_000)).toMatchObject({ state: 'late', clock: 'flag' });
    expect(stateOf(later.runs, 'nightly-1', startedAt + 6 * HOUR)).toMatchObject({
      state: 'likely_stale',
      clock: 'flag',
    });
  });

  it('asks for one job, which then states its own status', async () => {
    const { fetch, asked } = fetchFrom(serve('bullboard/job-active.json'));
    expect(await board.get('nightly-1', fetch)).toMatchObject({
      status: 'running',
      startedAt,
      progress: { processed: 92 },
    });
    expect(asked[0]?.url).toBe('https://board.example/api/queues/reports/nightly-1');
  });

  it('sees the job again, as a second attempt, when another worker picked it up', async () => {
    const { runs } = await gather(board, boardAt('queues-active-after-stall-recovery.json'));
    const run = runs.find(({ id }) => id === 'nightly-1');
    expect(run).toMatchObject({ attempt: 2, startedAt: 1_795_411_792_395, flag: undefined });
    expect(stateOf(runs, 'nightly-1', 1_795_411_800_000).state).toBe('fresh');
  });
});

describe('Buildbot by a declared mapping', () => {
  const startedAt = 1_795_411_560_000;

  it('reads builds that are at work and that have ended', async () => {
    const { runs, issues, incomplete } = await gather(buildbot, buildbotAt('builds-active.json'), {
      activity: 'recent',
    });
    expect([...issues, ...incomplete]).toEqual([]);
    expect(runs.map(({ id, status, outcome }) => [id, status, outcome])).toEqual([
      ['3', 'running', 'pending'],
      ['1', 'completed', 'succeeded'],
      ['2', 'completed', 'failed'],
    ]);
    expect(runs[0]).toMatchObject({
      type: 'builder 1',
      title: 'try 1',
      initiator: { kind: 'user', name: 'ana <ana@example.com>' },
      url: 'https://ci.example/#/builders/1/builds/1',
      native: { status: 'building' },
    });
  });

  it('calls a build likely stuck when its host hangs, which Buildbot itself never says', async () => {
    const hung = await gather(buildbot, buildbotAt('builds-active-worker-sigstop.json'));
    const late = await gather(buildbot, buildbotAt('builds-active-worker-sigstop-late.json'));
    expect(late.runs).toEqual(hung.runs);
    expect(stateOf(hung.runs, '5', startedAt + 60_000).state).toBe('fresh');
    expect(stateOf(late.runs, '5', startedAt + 6 * HOUR).state).toBe('likely_stale');
  });

  it('has no active run left when Buildbot gave the build up', async () => {
    const { runs, error } = await gather(buildbot, buildbotAt('builds-active-after-worker-kill9.json'));
    expect({ runs, error }).toEqual({ runs: [], error: undefined });
  });
});
