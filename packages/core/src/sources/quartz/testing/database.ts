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
  (await sourceKind('quartz').open('quartz', { url, ...config })).source;

const REPORT = 'steady/vm17958849859471795884985818';
const SERIAL = 'steady/vm17958849859471795884985819';

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  beforeEach(() => database.load('quartz/schema-2.5.sql'));

  const read = async (config = {}) => {
    const { runs, issues, error } = await readSource(await open(config), database.fetch, { activity: 'recent' });
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    const of = (id: string) => runs.find((one) => one.id === id);
    return { of, ids: runs.map(({ id }) => id).sort() };
  };

  it('reads what is at work, and the triggers whose time has come', async () => {
    const { of, ids } = await read({ tenant: 'r.trigger_group' });
    expect(ids).toEqual([
      'doomed/vm17958849856461795884985241',
      'steady/DEFAULT.paused',
      'steady/DEFAULT.serial-again',
      REPORT,
      SERIAL,
    ]);
    expect(of(REPORT)).toMatchObject({
      type: 'report',
      status: 'running',
      queuedAt: 1795884987168,
      startedAt: 1795884988035,
      heartbeatAt: 1795884995733,
      heartbeatInterval: 2_000,
      workspace: { id: 'steady' },
      tenant: { id: 'DEFAULT' },
      flag: undefined,
      labels: { trigger: 'DEFAULT.report', worker: 'vm1795884985947' },
    });
    expect(of('steady/DEFAULT.paused')).toMatchObject({ status: 'queued', hold: 'paused', holdSince: 1795884988412 });
    expect(of('steady/DEFAULT.serial-again')).toMatchObject({
      type: 'serial',
      status: 'queued',
      hold: 'limit',
      waitsFor: { kind: 'job', id: SERIAL },
      flag: undefined,
    });
  });

  it('counts silence in the check-ins of the scheduler', async () => {
    const run = (await read()).of(REPORT);
    if (run === undefined) throw new Error('The job is gone.');
    const beat = run.heartbeatAt ?? 0;
    expect(classify(run, policy, beat + MINUTE).state).toBe('fresh');
    expect(classify(run, policy, beat + 11 * MINUTE).state).toBe('likely_stale');
  });

  it('says that a job has lost its worker whose scheduler left the cluster', async () => {
    await database.exec(`update qrtz_scheduler_state set instance_name = 'another' where sched_name = 'steady'`);
    expect((await read()).of(REPORT)).toMatchObject({
      heartbeatAt: undefined,
      flag: { kind: 'worker_lost', by: 'tardy' },
    });
  });

  it('says nothing of a scheduler outside a cluster, which never checks in', async () => {
    await database.exec(`delete from qrtz_scheduler_state where sched_name = 'steady'`);
    expect((await read()).of(REPORT)).toMatchObject({ status: 'running', heartbeatAt: undefined, flag: undefined });
  });

  it.each([
    ['waits for a job that is not at work', 'BLOCKED', 'orphaned', 'tardy'],
    ['is acquired by nobody', 'ACQUIRED', 'orphaned', 'tardy'],
    ['is in the state ERROR', 'ERROR', 'cannot_start', 'source'],
  ])('flags a trigger that %s', async (_, state, kind, by) => {
    await database.exec(
      `update qrtz_triggers set trigger_state = '${state}' where trigger_name = 'serial-again';
       delete from qrtz_fired_triggers where job_name = 'serial'`,
    );
    expect((await read()).of('steady/DEFAULT.serial-again')).toMatchObject({ hold: undefined, flag: { kind, by } });
  });

  it('reads a trigger in the state ERROR that has no next time', async () => {
    await database.exec(
      `update qrtz_triggers set trigger_state = 'ERROR', next_fire_time = -1 where trigger_name = 'paused'`,
    );
    expect((await read()).of('steady/DEFAULT.paused')).toMatchObject({
      flag: { kind: 'cannot_start' },
      notBefore: undefined,
    });
  });

  it('reads a trigger that is due, and leaves out one that is not', async () => {
    await database.exec(`update qrtz_triggers set trigger_state = 'WAITING' where trigger_name = 'paused'`);
    const run = (await read()).of('steady/DEFAULT.paused');
    expect(run).toMatchObject({ status: 'queued', hold: undefined });
    if (run === undefined) throw new Error('The trigger is gone.');
    expect(classify(run, policy, 1795884988412 + 31 * MINUTE).state).toBe('likely_stale');
    await database.exec(`update qrtz_triggers set next_fire_time = 9795884988412 where trigger_name = 'paused'`);
    expect((await read()).of('steady/DEFAULT.paused')).toBeUndefined();
  });

  it('reads an acquired trigger once, by the name of its job', async () => {
    await database.exec(
      `update qrtz_triggers set trigger_state = 'ACQUIRED', next_fire_time = 1795884987168 where trigger_name = 'report';
       update qrtz_fired_triggers set state = 'ACQUIRED', job_name = null, job_group = null where trigger_name = 'report'`,
    );
    const { of, ids } = await read();
    expect(of(REPORT)).toMatchObject({ type: 'report', status: 'queued', queuedAt: 1795884988035, flag: undefined });
    expect(ids).not.toContain('steady/DEFAULT.report');
  });

  it('reads a job again by its id', async () => {
    const source = await open();
    expect(await source.get(REPORT, database.fetch)).toEqual((await read()).of(REPORT));
    expect(await source.get('steady', database.fetch)).toBeUndefined();
  });

  describe('a database that this preset cannot read', () => {
    it.each([
      [
        'lacks a column',
        'alter table qrtz_fired_triggers drop column sched_time',
        'shape',
        'qrtz_fired_triggers has no column sched_time. Known are the columns of Quartz 2',
      ],
      [
        'gives no right to read the schedulers',
        `create role quartz_nobody; grant usage on schema public to quartz_nobody;
         grant select on all tables in schema public to quartz_nobody;
         revoke select on qrtz_scheduler_state from quartz_nobody; set role quartz_nobody`,
        'forbidden',
        'quartz_nobody" may not read qrtz_scheduler_state',
      ],
      ['lacks the schedulers', 'drop table qrtz_scheduler_state', 'not_found', 'no table qrtz_scheduler_state'],
    ])('because it %s is an error, and no lost worker', async (_, change, code, message) => {
      await database.exec(change);
      const { runs, error } = await readSource(await open(), database.fetch);
      expect({ runs, code: error?.code }).toEqual({ runs: [], code });
      expect(error?.message).toContain(message);
    });
  });
}
