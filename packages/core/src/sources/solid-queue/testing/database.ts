import { beforeEach, expect, it } from 'vitest';
import { classify } from '../../../classify.js';
import { createPolicy } from '../../../policy.js';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { readSource, type SqlTestDatabase } from '../../sql/testing/test-database.js';

const policy = createPolicy({ version: 1 });
const url = 'postgres://reader@database.example/app';
const open = async (config = {}): Promise<Source> =>
  (await sourceKind('solid-queue').open('solid-queue', { url, ...config })).source;

const NOW = "(now() at time zone 'UTC')";
const MINUTE = 60_000;

/** A job as Active Job enqueues it: the count of its executions comes after its arguments. */
function job(id: number, queue: string, { executions = 0, due = '-1 minute', key = '' } = {}): string {
  const data = {
    job_class: 'ReportJob',
    arguments: [{ tenant: 'acme', executions: 9, _aj_symbol_keys: ['tenant'] }],
    executions,
    exception_executions: {},
    locale: 'en',
  };
  return `insert into solid_queue_jobs (id, queue_name, class_name, arguments, scheduled_at, concurrency_key, created_at, updated_at)
    values (${id}, '${queue}', 'ReportJob', '${JSON.stringify(data)}', ${NOW} + interval '${due}', nullif('${key}', ''), ${NOW} - interval '1 hour', ${NOW});`;
}

function inTable(table: string, id: number, more: Readonly<Record<string, string>> = {}): string {
  const columns = { job_id: String(id), created_at: `${NOW} - interval '5 minutes'`, ...more };
  return `insert into solid_queue_${table} (${Object.keys(columns).join(', ')}) values (${Object.values(columns).join(', ')});`;
}

function worker(id: number, silent: string): string {
  return `insert into solid_queue_processes (id, kind, last_heartbeat_at, pid, created_at, name)
    values (${id}, 'Worker', ${NOW} - interval '${silent}', 1, ${NOW} - interval '1 day', 'worker-${id}');`;
}

const READY = { queue_name: "'default'" };
const LATER = { queue_name: "'default'", scheduled_at: `${NOW} + interval '1 hour'` };
const BLOCKED = { queue_name: "'default'", concurrency_key: "'acme'", expires_at: `${NOW} + interval '3 minutes'` };

/** What the preset does with rows as Solid Queue writes them. */
export function databaseTests(database: SqlTestDatabase): void {
  beforeEach(() => database.load('solid-queue/schema.sql'));

  const read = async (config = {}) => {
    const { runs, issues, error } = await readSource(await open(config), database.fetch, { activity: 'recent' });
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    return runs;
  };

  it('reads a claimed job with the heartbeat of its process', async () => {
    await database.exec(
      job(1, 'default') + inTable('claimed_executions', 1, { process_id: '7' }) + worker(7, '20 seconds'),
    );
    const [run] = await read({ tenant: "j.arguments::jsonb #>> '{arguments,0,tenant}'" });
    expect(run).toMatchObject({
      id: '1',
      type: 'ReportJob',
      status: 'running',
      attempt: 1,
      heartbeatInterval: MINUTE,
      workspace: { id: 'default' },
      tenant: { id: 'acme' },
      flag: undefined,
      hold: undefined,
    });
    if (run === undefined) throw new Error('The job is gone.');
    const beat = run.heartbeatAt ?? 0;
    expect(classify(run, policy, beat + 3 * MINUTE).state).toBe('fresh');
    expect(classify(run, policy, beat + 11 * MINUTE).state).toBe('likely_stale');
  });

  it.each(['Europe/Berlin', 'America/New_York'])('reads the same times in a session of %s', async (zone) => {
    await database.exec(
      job(1, 'default') + inTable('claimed_executions', 1, { process_id: '7' }) + worker(7, '20 seconds'),
    );
    const before = await read();
    await database.exec(`set time zone '${zone}'`);
    expect(await read()).toEqual(before);
  });

  it.each([
    ['its process is not registered any more', { process_id: '8' }],
    ['its process left without it', { process_id: 'null' }],
  ])('says that a claimed job has lost its worker because %s', async (_, claim) => {
    await database.exec(job(1, 'default') + inTable('claimed_executions', 1, claim) + worker(7, '20 seconds'));
    const [run] = await read();
    expect(run).toMatchObject({
      status: 'running',
      heartbeatAt: undefined,
      flag: { kind: 'worker_lost', by: 'tardy' },
    });
  });

  it('reads what a job waits for', async () => {
    await database.exec(
      job(1, 'default') +
        inTable('ready_executions', 1, READY) +
        job(2, 'default', { due: '1 hour' }) +
        inTable('scheduled_executions', 2, LATER) +
        job(3, 'default', { due: '1 hour', executions: 2 }) +
        inTable('scheduled_executions', 3, LATER) +
        job(4, 'default', { key: 'acme' }) +
        inTable('blocked_executions', 4, BLOCKED) +
        `insert into solid_queue_semaphores (key, value, expires_at, created_at, updated_at) values ('acme', 0, ${NOW}, ${NOW}, ${NOW});` +
        job(5, 'mail') +
        inTable('ready_executions', 5, READY) +
        job(6, 'mail', { due: '1 hour' }) +
        inTable('scheduled_executions', 6, LATER) +
        `insert into solid_queue_pauses (queue_name, created_at) values ('mail', ${NOW} - interval '1 day');`,
    );
    const runs = await read();
    expect(runs).toMatchObject([
      { id: '1', status: 'queued', hold: undefined, attempt: 1, flag: undefined },
      { id: '2', status: 'queued', hold: 'schedule' },
      { id: '3', status: 'queued', hold: 'retry', attempt: 3 },
      { id: '4', status: 'queued', hold: 'limit', waitsFor: { kind: 'semaphore', id: 'acme' } },
      { id: '5', status: 'queued', hold: 'paused' },
      { id: '6', status: 'queued', hold: 'schedule' },
    ]);
    const paused = runs[4];
    expect(paused?.holdSince).toBe(paused?.notBefore);
  });

  it('believes a semaphore no longer than the dispatcher takes to see that it has expired', async () => {
    await database.exec(
      job(4, 'default', { key: 'acme' }) +
        inTable('blocked_executions', 4, BLOCKED) +
        `insert into solid_queue_semaphores (key, value, expires_at, created_at, updated_at) values ('acme', 0, ${NOW}, ${NOW}, ${NOW});`,
    );
    const [run] = await read();
    if (run === undefined) throw new Error('The job is gone.');
    const until = run.waitsFor?.until ?? 0;
    expect(classify(run, policy, until - 1).state).toBe('fresh');
    expect(classify(run, policy, until + 31 * MINUTE).state).toBe('likely_stale');
  });

  it('says that a job is orphaned which no table holds', async () => {
    await database.exec(job(1, 'default'));
    expect(await read()).toMatchObject([{ status: 'queued', flag: { kind: 'orphaned', by: 'tardy' } }]);
  });

  it('reads how jobs ended', async () => {
    await database.exec(
      job(1, 'default') +
        `update solid_queue_jobs set finished_at = ${NOW};` +
        job(2, 'default') +
        inTable('failed_executions', 2, { error: `'{"exception_class":"RuntimeError","message":"gone"}'` }) +
        job(3, 'default') +
        inTable('failed_executions', 3, { error: `'{"message":"a \\u0000 in it"}'` }),
    );
    const runs = await read();
    expect([...runs].sort((a, b) => Number(a.id) - Number(b.id))).toMatchObject([
      { id: '1', status: 'completed', outcome: 'succeeded', flag: undefined },
      { id: '2', status: 'completed', outcome: 'failed', failure: { message: 'gone' }, flag: undefined },
      { id: '3', status: 'completed', outcome: 'failed' },
    ]);
  });

  it('reads a job again by its id, which no other text is', async () => {
    await database.exec(job(1, 'default') + inTable('ready_executions', 1, READY));
    const source = await open();
    expect(await source.get('1', database.fetch)).toEqual((await read())[0]);
    expect(await source.get('first', database.fetch)).toBeUndefined();
  });

  it.each([
    ['the processes are not there', 'drop table solid_queue_processes', 'not_found', 'no table solid_queue_processes'],
    [
      'a column is missing',
      'alter table solid_queue_processes drop column name',
      'shape',
      'solid_queue_processes has no column name. Known are the columns of Solid Queue 1.0 to 1.5',
    ],
    [
      'the role may not read the processes',
      `create role solid_nobody; grant usage on schema public to solid_nobody;
       grant select on all tables in schema public to solid_nobody;
       revoke select on solid_queue_processes from solid_nobody; set role solid_nobody`,
      'forbidden',
      'solid_nobody" may not read solid_queue_processes',
    ],
  ])('reports no lost worker but an error if %s', async (_, change, code, message) => {
    await database.exec(
      job(1, 'default') + inTable('claimed_executions', 1, { process_id: '7' }) + worker(7, '20 seconds'),
    );
    await database.exec(change);
    const { runs, error } = await readSource(await open(), database.fetch);
    expect({ runs, code: error?.code }).toEqual({ runs: [], code });
    expect(error?.message).toContain(message);
  });
}
