import { beforeEach, describe, expect, it } from 'vitest';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { readSource, type SqlTestDatabase } from '../../sql/testing/test-database.js';

const url = 'postgres://reader@database.example/app';
const open = async (config = {}): Promise<Source> =>
  (await sourceKind('delayed-job').open('delayed-job', { url, ...config })).source;

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  beforeEach(async () => {
    await database.load('delayed-job/schema-4.1.sql');
    // The next attempt was an hour away when this was recorded.
    await database.exec("update delayed_jobs set run_at = now() at time zone 'UTC' + interval '1 hour' where id = 4");
  });

  const read = async (config = {}) => {
    const { runs, issues, error } = await readSource(await open(config), database.fetch, { activity: 'recent' });
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    return [...runs].sort((a, b) => Number(a.id) - Number(b.id));
  };

  it('reads jobs with the reason for which they wait', async () => {
    expect(await read({ tenant: 'j.queue' })).toMatchObject([
      {
        id: '1',
        type: 'NightlyReport',
        status: 'running',
        hold: undefined,
        attempt: 1,
        startedAt: Date.parse('2026-11-28T16:52:09.491Z'),
        workspace: { id: 'busy' },
        tenant: { id: 'busy' },
        labels: { worker: 'host:vm pid:13374' },
      },
      { id: '2', type: 'NightlyReport', status: 'queued', hold: undefined, startedAt: undefined },
      { id: '3', type: 'Quick', status: 'queued', hold: 'schedule' },
      { id: '4', type: 'Failing', status: 'queued', hold: 'retry', attempt: 2 },
      { id: '5', type: 'Hopeless', status: 'completed', outcome: 'failed', attempt: 1 },
    ]);
    expect((await read())[4]?.failure?.message).toContain('no such mailbox');
  });

  it.each(['Europe/Berlin', 'America/New_York'])('reads the same in a session of %s', async (zone) => {
    const before = await read();
    await database.exec(`set time zone '${zone}'`);
    expect(await read()).toEqual(before);
  });

  it.each([
    [
      'a method of an object',
      '--- !ruby/object:Delayed::PerformableMethod\nobject: !ruby/object:Mailer\n  a: 1\nmethod_name: :go\nargs:\n- 2\n',
      'Mailer#go',
    ],
    [
      'a method of a class',
      `--- !ruby/object:Delayed::PerformableMethod\nobject: !ruby/class 'Mailer'\nmethod_name: :hi\nargs: []\n`,
      'Mailer#hi',
    ],
    ['a struct', '--- !ruby/struct:Shop::NewsletterJob\ntext: lorem\n', 'Shop::NewsletterJob'],
    [
      'a job of Active Job',
      '--- !ruby/object:ActiveJob::QueueAdapters::DelayedJobAdapter::JobWrapper\njob_data:\n  job_class: ReportJob\n  job_id: a\n',
      'ReportJob',
    ],
    ['something else', 'nothing that was ever YAML of a job', 'unknown'],
  ])('calls %s by what it runs', async (_, handler, type) => {
    await database.exec(`update delayed_jobs set handler = '${handler.replaceAll("'", "''")}' where id = 1`);
    expect((await read())[0]?.type).toBe(type);
  });

  it('takes a job without a time as due', async () => {
    await database.exec('update delayed_jobs set run_at = null where id = 3');
    expect((await read())[2]).toMatchObject({ hold: undefined, notBefore: undefined });
  });

  it('reads a job again by its id, which no other text is', async () => {
    const source = await open();
    expect(await source.get('1', database.fetch)).toEqual((await read())[0]);
    expect(await source.get('first', database.fetch)).toBeUndefined();
  });

  describe('a database that this preset cannot read', () => {
    it.each([
      [
        'lacks a column',
        'alter table delayed_jobs drop column locked_by',
        'shape',
        'delayed_jobs has no column locked_by. Known are the columns of Delayed Job 4',
      ],
      [
        'gives the role no right',
        'create role delayed_nobody; grant usage on schema public to delayed_nobody; set role delayed_nobody',
        'forbidden',
        'grant select on "delayed_jobs" to "delayed_nobody";',
      ],
      ['lacks the table', 'drop table delayed_jobs', 'not_found', 'no table delayed_jobs'],
    ])('because it %s is an error', async (_, change, code, message) => {
      await database.exec(change);
      const { runs, error } = await readSource(await open(), database.fetch);
      expect({ runs, code: error?.code }).toEqual({ runs: [], code });
      expect(error?.message).toContain(message);
    });
  });
}
