import { beforeEach, describe, expect, it } from 'vitest';
import { classify } from '../../../classify.js';
import { createPolicy } from '../../../policy.js';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { readSource, type SqlTestDatabase } from '../../sql/testing/test-database.js';

const policy = createPolicy({ version: 1 });
const url = 'postgres://reader@database.example/app';
const open = async (config = {}): Promise<Source> =>
  (await sourceKind('good-job').open('good-job', { url, ...config })).source;

const NOW = "(now() at time zone 'UTC')";
const MINUTE = 60_000;
const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const PROCESS = id(9);

/** A job as GoodJob writes it; `more` has the columns in which it differs. */
function job(n: number, more: Readonly<Record<string, string>> = {}): string {
  const columns = {
    id: `'${id(n)}'`,
    active_job_id: `'${id(n)}'`,
    job_class: "'ReportJob'",
    queue_name: "'default'",
    serialized_params: `'{"job_class": "ReportJob", "arguments": [{"tenant": "acme"}]}'`,
    scheduled_at: `${NOW} - interval '1 hour'`,
    created_at: `${NOW} - interval '1 hour'`,
    updated_at: NOW,
    ...more,
  };
  return `insert into good_jobs (${Object.keys(columns).join(', ')}) values (${Object.values(columns).join(', ')});`;
}

const TAKEN = {
  performed_at: `${NOW} - interval '5 minutes'`,
  locked_at: `${NOW} - interval '5 minutes'`,
  locked_by_id: `'${PROCESS}'`,
  executions_count: '1',
};
const LATER = { scheduled_at: `${NOW} + interval '1 hour'` };
const ALIVE = `insert into good_job_processes (id, created_at, updated_at) values ('${PROCESS}', ${NOW}, ${NOW} - interval '20 seconds');`;

function pauses(value: object): string {
  return `insert into good_job_settings (created_at, updated_at, key, value) values (${NOW}, ${NOW}, 'pauses', '${JSON.stringify(value)}');`;
}

/** What the preset does with rows as GoodJob writes them. */
export function databaseTests(database: SqlTestDatabase): void {
  beforeEach(() => database.load('good-job/schema.sql'));

  const read = async (config = {}) => {
    const { runs, issues, error } = await readSource(await open(config), database.fetch, { activity: 'recent' });
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    return [...runs].sort((a, b) => (a.id < b.id ? -1 : 1));
  };

  it('reads a job at work with the heartbeat of its process', async () => {
    await database.exec(job(1, TAKEN) + ALIVE);
    const [run] = await read({ tenant: "j.serialized_params #>> '{arguments,0,tenant}'" });
    expect(run).toMatchObject({
      id: id(1),
      type: 'ReportJob',
      status: 'running',
      attempt: 1,
      heartbeatInterval: 30_000,
      workspace: { id: 'default' },
      tenant: { id: 'acme' },
      flag: undefined,
    });
    if (run === undefined) throw new Error('The job is gone.');
    const beat = run.heartbeatAt ?? 0;
    expect(classify(run, policy, beat + MINUTE).state).toBe('fresh');
    expect(classify(run, policy, beat + 11 * MINUTE).state).toBe('likely_stale');
  });

  it.each(['Europe/Berlin', 'America/New_York'])('reads the same times in a session of %s', async (zone) => {
    await database.exec(job(1, TAKEN) + job(2, LATER) + ALIVE);
    const before = await read();
    await database.exec(`set time zone '${zone}'`);
    expect(await read()).toEqual(before);
  });

  it.each([
    ['its process is not registered any more', TAKEN],
    ['GoodJob has released it', { ...TAKEN, locked_by_id: 'null', locked_at: 'null' }],
  ])('says that a job has lost its worker because %s', async (_, columns) => {
    await database.exec(job(1, columns));
    expect(await read()).toMatchObject([
      { status: 'running', heartbeatAt: undefined, flag: { kind: 'worker_lost', by: 'tardy' } },
    ]);
  });

  it('reads what a job waits for', async () => {
    const limited = "'GoodJob::ActiveJobExtensions::Concurrency::ConcurrencyExceededError: reports'";
    await database.exec(
      job(1) +
        job(2, LATER) +
        job(3, { ...LATER, executions_count: '1', error: "'RuntimeError: gone'" }) +
        job(4, { ...LATER, executions_count: '1', error: limited }) +
        job(5, { queue_name: "'mail'" }) +
        job(6, { job_class: "'MailJob'" }) +
        job(7, { labels: "array['big']" }) +
        job(8, { queue_name: "'mail'", ...LATER }) +
        pauses({ queues: ['mail'], job_classes: ['MailJob'], labels: ['big', 'huge'] }),
    );
    const runs = await read();
    expect(runs).toMatchObject([
      { status: 'queued', hold: undefined, attempt: 1 },
      { status: 'queued', hold: 'schedule', native: { status: 'scheduled' } },
      { status: 'queued', hold: 'retry', attempt: 2 },
      { status: 'queued', hold: 'limit', waitsFor: { kind: 'concurrency' } },
      { status: 'queued', hold: 'paused' },
      { status: 'queued', hold: 'paused' },
      { status: 'queued', hold: 'paused' },
      { status: 'queued', hold: 'schedule' },
    ]);
    const limit = runs[3];
    expect(limit?.waitsFor?.until).toBe(limit?.notBefore);
  });

  it('takes a job without a time of its own as due when it was made', async () => {
    await database.exec(job(1, { scheduled_at: 'null' }));
    expect(await read()).toMatchObject([{ status: 'queued', hold: undefined, notBefore: undefined }]);
  });

  it('reads how jobs ended', async () => {
    const ended = { ...TAKEN, locked_by_id: 'null', finished_at: NOW };
    await database.exec(job(1, ended) + job(2, { ...ended, error: "'RuntimeError: gone'" }));
    expect(await read()).toMatchObject([
      { status: 'completed', outcome: 'succeeded', flag: undefined },
      { status: 'completed', outcome: 'failed', failure: { message: 'RuntimeError: gone' }, flag: undefined },
    ]);
  });

  it('reads a job again by its id, which no other text is', async () => {
    await database.exec(job(1));
    const source = await open();
    expect(await source.get(id(1), database.fetch)).toEqual((await read())[0]);
    expect(await source.get('first', database.fetch)).toBeUndefined();
  });

  describe('a database that this preset cannot read', () => {
    it.each([
      ['the processes are not there', 'drop table good_job_processes', 'not_found', 'no table good_job_processes'],
      [
        'the schema is that of GoodJob 3',
        'alter table good_jobs drop column locked_by_id, drop column locked_at',
        'shape',
        'good_jobs has no column locked_by_id, locked_at. Known are the columns of GoodJob 4',
      ],
      [
        'the role may not read the processes',
        `create role good_nobody; grant usage on schema public to good_nobody;
         grant select on all tables in schema public to good_nobody;
         revoke select on good_job_processes from good_nobody; set role good_nobody`,
        'forbidden',
        'good_nobody" may not read good_job_processes',
      ],
    ])('reports no lost worker but an error if %s', async (_, change, code, message) => {
      await database.exec(job(1, TAKEN) + ALIVE);
      await database.exec(change);
      const { runs, error } = await readSource(await open(), database.fetch);
      expect({ runs, code: error?.code }).toEqual({ runs: [], code });
      expect(error?.message).toContain(message);
    });
  });
}
