import { beforeEach, describe, expect, it } from 'vitest';
import { classify } from '../../../classify.js';
import { createPolicy } from '../../../policy.js';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { readSource, type SqlTestDatabase } from '../../sql/testing/test-database.js';

const policy = createPolicy({ version: 1 });
const url = 'postgres://reader@database.example/app';
const zone = 'Europe/Berlin';
const MINUTE = 60_000;
const open = async (config = {}): Promise<Source> =>
  (await sourceKind('spring-batch').open('spring-batch', { url, zone, ...config })).source;

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  beforeEach(() => database.load('spring-batch/schema-6.sql'));

  const jobs = async (config = {}) => {
    const { runs, issues, error } = await readSource(await open(config), database.fetch, { activity: 'recent' });
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    const of = (type: string, status: string) => {
      const [run] = runs.filter((one) => one.type === type && one.status === status);
      if (run === undefined) throw new Error(`There is no ${type} that is ${status}.`);
      return run;
    };
    return of;
  };

  it('reads a step in chunks: how far it is, and how often it commits one', async () => {
    const run = (await jobs())('nightly-import', 'running');
    expect(run).toMatchObject({
      startedAt: Date.parse('2026-11-28T16:41:58.379Z'),
      heartbeatAt: Date.parse('2026-11-28T16:42:14.895Z'),
      progress: { processed: 16, succeeded: 16, skipped: 0 },
      flag: undefined,
    });
    expect(run.heartbeatInterval).toBeGreaterThan(2_000);
    expect(run.heartbeatInterval).toBeLessThan(2_100);
    const beat = run.heartbeatAt ?? 0;
    expect(classify(run, policy, beat + MINUTE).state).toBe('fresh');
    expect(classify(run, policy, beat + 10 * MINUTE).state).toBe('likely_stale');
  });

  it('gives a step whose chunks take long the time for ten of them', async () => {
    await database.exec(
      `update batch_step_execution set start_time = last_updated - interval '4 hours' where end_time is null`,
    );
    const run = (await jobs())('nightly-import', 'running');
    expect(run.heartbeatInterval).toBe(30 * MINUTE);
    expect(classify(run, policy, (run.heartbeatAt ?? 0) + 90 * MINUTE).clock).not.toBe('silence');
  });

  it('takes the time of a tasklet, which is written at its end, for no heartbeat', async () => {
    const run = (await jobs())('reports', 'running');
    expect(run).toMatchObject({ heartbeatAt: undefined, heartbeatInterval: undefined, progress: undefined });
    expect(classify(run, policy, (run.startedAt ?? 0) + 30 * MINUTE).state).toBe('fresh');
  });

  it('reads how jobs ended', async () => {
    const of = await jobs({
      tenant: `(select p.parameter_value from batch_job_execution_params p
        where p.job_execution_id = e.job_execution_id and p.parameter_name = 'tenant')`,
    });
    expect(of('nightly-import', 'completed')).toMatchObject({
      outcome: 'succeeded',
      endedAt: Date.parse('2026-11-28T16:41:11.007Z'),
      progress: { processed: 6 },
      tenant: { id: 'acme' },
    });
    expect(of('failing', 'completed')).toMatchObject({ outcome: 'failed', failure: { code: 'FAILED' } });
    expect(of('failing', 'completed').failure?.message).toContain('no such mailbox');
  });

  it.each([
    ['without an end cannot be judged', 'null', { status: 'running', outcome: 'unknown' }],
    ['with an end has ended somehow', 'create_time', { status: 'completed', outcome: 'unknown' }],
  ])('says that UNKNOWN %s', async (_, end, expected) => {
    await database.exec(
      `update batch_job_execution set status = 'UNKNOWN', end_time = ${end} where job_execution_id = 3`,
    );
    expect(await (await open()).get('3', database.fetch)).toMatchObject(expected);
  });

  it.each([
    ['STARTING', 'queued'],
    ['STOPPING', 'running'],
    ['STARTED', 'running'],
  ])('believes %s, whatever its end time says, as Spring Batch does', async (status, expected) => {
    await database.exec(
      `update batch_job_execution set status = '${status}', end_time = start_time where job_execution_id = 3`,
    );
    const { runs } = await readSource(await open(), database.fetch);
    expect(runs.find(({ id }) => id === '3')).toMatchObject({ status: expected, endedAt: undefined });
  });

  it('cannot judge a state that it does not know', async () => {
    await database.exec(`update batch_job_execution set status = 'RESTING' where job_execution_id = 3`);
    const { runs } = await readSource(await open(), database.fetch);
    expect(runs.find(({ id }) => id === '3')).toMatchObject({ status: 'running', outcome: 'unknown' });
  });

  it('reads the same times in a session of another zone', async () => {
    const source = await open();
    const before = await readSource(source, database.fetch);
    await database.exec(`set time zone 'Asia/Tokyo'`);
    expect(await readSource(source, database.fetch)).toEqual(before);
  });

  it('reads a job again by its id, which no other text is', async () => {
    const source = await open();
    expect(await source.get('4', database.fetch)).toEqual((await jobs())('nightly-import', 'running'));
    expect(await source.get('fourth', database.fetch)).toBeUndefined();
  });

  it('asks for the zone of the JVM, which no URI can give', async () => {
    await expect(sourceKind('spring-batch').open('batch', { url })).rejects.toThrow(/zone/);
    await expect(sourceKind('spring-batch').openUri('batch', url)).rejects.toThrow(
      'A Spring Batch needs a config file; a URI cannot describe it: kind: spring-batch, with url and zone.',
    );
  });

  describe('a database that this preset cannot read', () => {
    it.each([
      [
        'lacks a column',
        'alter table batch_step_execution drop column commit_count',
        'shape',
        'batch_step_execution has no column commit_count. Known are the columns of Spring Batch 4 to 6',
      ],
      [
        'gives the role no right',
        'create role batch_nobody; grant usage on schema public to batch_nobody; set role batch_nobody',
        'forbidden',
        'grant select on "batch_job_execution", "batch_job_instance", "batch_step_execution" to "batch_nobody";',
      ],
      ['lacks the tables', 'drop table batch_step_execution', 'not_found', 'no table batch_step_execution'],
    ])('because it %s is an error', async (_, change, code, message) => {
      await database.exec(change);
      const { runs, error } = await readSource(await open(), database.fetch);
      expect({ runs, code: error?.code }).toEqual({ runs: [], code });
      expect(error?.message).toContain(message);
    });
  });
}
