import { beforeEach, describe, expect, it } from 'vitest';
import { classify } from '../../../classify.js';
import { createPolicy } from '../../../policy.js';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { readSource, type SqlTestDatabase } from '../../sql/testing/test-database.js';

const policy = createPolicy({ version: 1 });
const url = 'postgres://reader@database.example/app';
const MINUTE = 60_000;
const open = async (config = {}): Promise<Source> =>
  (await sourceKind('hangfire').open('hangfire', { url, ...config })).source;

const INVOCATION = `{"Type": "Shop.ReportJob, Shop, Version=1.0.0.0", "Method": "Run", "ParameterTypes": "[]", "Arguments": "[]"}`;

/** A job in a state, as the storage writes both. */
function job(id: number, state: string, data: object = {}, invocation = INVOCATION): string {
  return `insert into hangfire.state (id, jobid, name, createdat, data)
      values (${id}, ${id}, '${state}', now() - interval '5 minutes', '${JSON.stringify(data)}');
    insert into hangfire.job (id, stateid, statename, invocationdata, arguments, createdat)
      values (${id}, ${id}, '${state}', '${invocation}', '["acme"]', now() - interval '1 hour');`;
}

function server(id: string, silent: string): string {
  return `insert into hangfire.server (id, data, lastheartbeat) values ('${id}', '{"WorkerCount": 5}', now() - interval '${silent}');`;
}

function retried(id: number, count: string): string {
  return `insert into hangfire.jobparameter (id, jobid, name, value) values (${id}, ${id}, 'RetryCount', '${count}');`;
}

const TAKEN = { ServerId: 'web1:4711', WorkerId: 'a', StartedAt: '2026-11-28T15:00:00.0000000Z' };

/** What the preset does with rows as Hangfire writes them. */
export function databaseTests(database: SqlTestDatabase): void {
  beforeEach(async () => {
    await database.load('hangfire/schema-23.sql');
    await database.exec('insert into hangfire.schema (version) values (23)');
  });

  const read = async (config = {}) => {
    const { runs, issues, error } = await readSource(await open(config), database.fetch, { activity: 'recent' });
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    return [...runs].sort((a, b) => Number(a.id) - Number(b.id));
  };

  it('reads a job at work with the heartbeat of its server', async () => {
    await database.exec(job(1, 'Processing', TAKEN) + server('web1:4711', '20 seconds'));
    await database.exec(
      `insert into hangfire.jobqueue (id, jobid, queue, fetchedat) values (1, 1, 'reports', now()), (2, 1, 'reports', null)`,
    );
    const [run, other] = await read({ tenant: 'j.arguments->>0' });
    expect(other).toBeUndefined();
    expect(run).toMatchObject({
      id: '1',
      type: 'Shop.ReportJob.Run',
      status: 'running',
      attempt: 1,
      heartbeatInterval: 30_000,
      workspace: { id: 'reports' },
      tenant: { id: 'acme' },
      flag: undefined,
    });
    if (run === undefined) throw new Error('The job is gone.');
    const beat = run.heartbeatAt ?? 0;
    expect(classify(run, policy, beat + MINUTE).state).toBe('fresh');
    expect(classify(run, policy, beat + 11 * MINUTE).state).toBe('likely_stale');
  });

  it.each([
    ['its server is not registered any more', TAKEN],
    ['it does not say which server has it', {}],
  ])('says that a job has lost its worker because %s', async (_, data) => {
    await database.exec(job(1, 'Processing', data) + server('web2:1', '20 seconds'));
    expect(await read()).toMatchObject([{ heartbeatAt: undefined, flag: { kind: 'worker_lost', by: 'tardy' } }]);
  });

  it('reads what a job waits for', async () => {
    const at = '2036-11-25T16:00:00.0000000Z';
    const ms = String(Date.parse('2036-11-25T16:00:00Z'));
    await database.exec(
      job(1, 'Enqueued', { Queue: 'default', EnqueuedAt: '2026-11-28T15:00:00.0000000Z' }) +
        job(2, 'Scheduled', { EnqueueAt: at }) +
        job(3, 'Scheduled', { EnqueueAt: ms }) +
        retried(3, '2') +
        job(4, 'Awaiting', { ParentId: '1', NextState: '{}' }) +
        job(5, 'Scheduled', { EnqueueAt: 'tomorrow' }) +
        retried(5, 'two'),
    );
    expect(await read()).toMatchObject([
      {
        status: 'queued',
        hold: undefined,
        workspace: { id: 'default' },
        notBefore: Date.parse('2026-11-28T15:00:00Z'),
      },
      { status: 'queued', hold: 'schedule', notBefore: Date.parse(at), attempt: 1 },
      { status: 'queued', hold: 'retry', notBefore: Date.parse(at), attempt: 3 },
      { status: 'queued', hold: 'dependency', waitsFor: { kind: 'job', id: '1', state: 'Enqueued' }, flag: undefined },
      { status: 'queued', hold: 'schedule', notBefore: undefined, attempt: 1 },
    ]);
  });

  it('says that a job cannot start whose parent does not exist', async () => {
    await database.exec(job(4, 'Awaiting', { ParentId: '1' }) + job(5, 'Awaiting', { BatchId: 'a' }));
    expect(await read()).toMatchObject([{ flag: { kind: 'cannot_start', by: 'tardy' } }, { flag: undefined }]);
  });

  it('reads how jobs ended', async () => {
    await database.exec(
      job(1, 'Succeeded') + job(2, 'Failed', { ExceptionMessage: 'gone', ExceptionType: 'X' }) + job(3, 'Deleted'),
    );
    expect(await read()).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'failed', failure: { message: 'gone' } },
      { outcome: 'cancelled' },
    ]);
  });

  it('reads the short names of newer invocations', async () => {
    await database.exec(job(1, 'Enqueued', {}, '{"t": "Shop.MailJob, Shop", "m": "Send"}'));
    expect(await read()).toMatchObject([{ type: 'Shop.MailJob.Send' }]);
  });

  it('cannot judge the state of an extension, and leaves out a job that has none yet', async () => {
    await database.exec(job(1, 'Throttled') + job(2, 'Enqueued'));
    await database.exec('update hangfire.job set statename = null, stateid = null where id = 2');
    expect(await read()).toMatchObject([{ id: '1', status: 'running', outcome: 'unknown' }]);
  });

  it('reads a job again by its id, which no other text is', async () => {
    await database.exec(job(1, 'Enqueued'));
    const source = await open();
    expect(await source.get('1', database.fetch)).toEqual((await read())[0]);
    expect(await source.get('first', database.fetch)).toBeUndefined();
  });

  describe('a database that this preset cannot read', () => {
    it.each([
      [
        'has a newer schema',
        'update hangfire.schema set version = 24',
        'shape',
        'its version is 24. Known are 20 to 23',
      ],
      ['has an older schema', 'update hangfire.schema set version = 19', 'shape', 'its version is 19'],
      ['lacks a column', 'alter table hangfire.state drop column data', 'shape', 'state has no column data'],
      ['lacks the servers', 'drop table hangfire.server', 'not_found', 'no table server in the schema hangfire'],
      [
        'gives no right to read the servers',
        `create role fire_nobody; grant usage on schema hangfire to fire_nobody;
         grant select on all tables in schema hangfire to fire_nobody;
         revoke select on hangfire.server from fire_nobody; set role fire_nobody`,
        'forbidden',
        'fire_nobody" may not read server',
      ],
    ])('because it %s is an error, and no lost worker', async (_, change, code, message) => {
      await database.exec(job(1, 'Processing', TAKEN) + server('web1:4711', '20 seconds'));
      await database.exec(change);
      const { runs, error } = await readSource(await open(), database.fetch);
      expect({ runs, code: error?.code }).toEqual({ runs: [], code });
      expect(error?.message).toContain(message);
    });
  });
}
