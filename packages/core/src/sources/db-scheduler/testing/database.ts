import { beforeEach, describe, expect, it } from 'vitest';
import { classify } from '../../../classify.js';
import { createPolicy } from '../../../policy.js';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { readSource, type SqlTestDatabase } from '../../sql/testing/test-database.js';

const policy = createPolicy({ version: 1 });
const MINUTE = 60_000;
const url = 'postgres://reader@database.example/app';
const open = async (config = {}): Promise<Source> =>
  (await sourceKind('db-scheduler').open('db-scheduler', { url, ...config })).source;

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  beforeEach(() => database.load('db-scheduler/schema-16.sql'));

  const read = async (config = {}) => {
    const { runs, issues, error } = await readSource(await open(config), database.fetch, { activity: 'recent' });
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    return (id: string) => {
      const run = runs.find((one) => one.id === id);
      if (run === undefined) throw new Error(`There is no ${id}.`);
      return run;
    };
  };

  it('reads executions with the reason for which they wait', async () => {
    await database.exec(
      `update scheduled_tasks set execution_time = now() + interval '1 hour' where task_name = 'failing'`,
    );
    const of = await read({ tenant: 'j.task_instance' });
    expect(of('steady/one')).toMatchObject({
      type: 'steady',
      status: 'running',
      hold: undefined,
      attempt: 1,
      startedAt: Date.parse('2026-11-28T16:59:10.274Z'),
      heartbeatAt: Date.parse('2026-11-28T17:00:19.934Z'),
      tenant: { id: 'one' },
      labels: { instance: 'one', worker: 'vm' },
    });
    expect(of('steady/two')).toMatchObject({
      status: 'queued',
      hold: undefined,
      startedAt: undefined,
      heartbeatAt: undefined,
    });
    expect(of('steady/later')).toMatchObject({ status: 'queued', hold: 'schedule' });
    expect(of('failing/one')).toMatchObject({ status: 'queued', hold: 'retry', attempt: 2 });
  });

  it.each([
    ['the schedulers keep to their default', {}, 300_000, 49, 51],
    ['the config says another one', { heartbeat_interval: 60 }, 60_000, 9, 11],
  ])('counts silence in the interval of heartbeats where %s', async (_, config, interval, alive, dead) => {
    const run = (await read(config))('steady/one');
    const beat = run.heartbeatAt ?? 0;
    expect(run.heartbeatInterval).toBe(interval);
    expect(classify(run, policy, beat + alive * MINUTE).state).not.toBe('likely_stale');
    expect(classify(run, policy, beat + dead * MINUTE).state).toBe('likely_stale');
  });

  it('reads a table that does not count failures yet', async () => {
    await database.exec('alter table scheduled_tasks drop column consecutive_failures');
    expect((await read())('steady/one')).toMatchObject({ attempt: 1 });
  });

  it('reads an execution again by its id', async () => {
    const source = await open();
    expect(await source.get('steady/one', database.fetch)).toEqual((await read())('steady/one'));
    expect(await source.get('steady', database.fetch)).toBeUndefined();
  });

  describe('a database that this preset cannot read', () => {
    it.each([
      [
        'lacks a column',
        'alter table scheduled_tasks drop column last_heartbeat',
        'shape',
        'scheduled_tasks has no column last_heartbeat. Known are the columns of db-scheduler 6 to 16',
      ],
      [
        'gives the role no right',
        'create role tasks_nobody; grant usage on schema public to tasks_nobody; set role tasks_nobody',
        'forbidden',
        'grant select on "scheduled_tasks" to "tasks_nobody";',
      ],
      ['lacks the table', 'drop table scheduled_tasks', 'not_found', 'no table scheduled_tasks'],
    ])('because it %s is an error', async (_, change, code, message) => {
      await database.exec(change);
      const { runs, error } = await readSource(await open(), database.fetch);
      expect({ runs, code: error?.code }).toEqual({ runs: [], code });
      expect(error?.message).toContain(message);
    });
  });
}
