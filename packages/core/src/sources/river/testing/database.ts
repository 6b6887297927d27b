import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { classify } from '../../../classify.js';
import { createPolicy } from '../../../policy.js';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { readSource, type SqlTestDatabase } from '../../sql/testing/test-database.js';

const policy = createPolicy({ version: 1 });
const url = 'postgres://reader@database.example/app';
const open = async (config = {}): Promise<Source> =>
  (await sourceKind('river').open('river', { url, ...config })).source;

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  const jobs = async (config = {}) => {
    const { runs, issues, error } = await readSource(await open(config), database.fetch, { activity: 'recent' });
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    return (workspace: string, status?: string) =>
      runs.filter((run) => run.workspace?.id === workspace && run.status === (status ?? run.status));
  };
  /** The clients reported now, and the jobs are as old as when they were recorded. */
  const asRecorded = () => database.exec('update river_queue set updated_at = now()');

  describe('the jobs of River', () => {
    beforeAll(async () => {
      await database.load('river/schema-8.sql');
      await asRecorded();
    });

    it('are read with the reason for which they wait', async () => {
      const of = await jobs();
      expect(of('failing')).toMatchObject([{ status: 'queued', hold: 'retry', attempt: 2, startedAt: undefined }]);
      expect(of('quick', 'queued')).toMatchObject([{ hold: 'schedule' }]);
      expect(of('busy', 'queued')).toMatchObject([{ hold: undefined, holdSince: undefined, attempt: 1 }]);
      const [paused] = of('paused');
      expect(paused).toMatchObject({ status: 'queued', hold: 'paused' });
      expect(paused?.holdSince).toBeGreaterThanOrEqual(paused?.queuedAt ?? Infinity);
    });

    it('end as succeeded and failed, with the message', async () => {
      const of = await jobs();
      expect(of('quick', 'completed')).toMatchObject([{ outcome: 'succeeded' }]);
      expect(of('lost')).toMatchObject([{ outcome: 'failed', failure: { message: 'no such mailbox' } }]);
    });

    it('have the tenant that an expression gives', async () => {
      const of = await jobs({ tenant: "j.args->>'tenant'" });
      expect(of('busy', 'running')).toMatchObject([{ tenant: { id: 'acme' }, type: 'nightly-report', attempt: 1 }]);
    });

    it('are read again by id, which no other text is', async () => {
      const source = await open();
      const [job] = (await jobs())('busy', 'running');
      expect(await source.get(job?.id ?? '', database.fetch)).toEqual(job);
      expect(await source.get('no-number', database.fetch)).toBeUndefined();
    });
  });

  describe('a job at work', () => {
    beforeEach(async () => {
      await database.load('river/schema-8.sql');
      await asRecorded();
    });

    it('has lost its worker once no client reports for its queue', async () => {
      await database.exec(`update river_queue set updated_at = now() - interval '29 minutes' where name = 'busy'`);
      expect((await jobs())('busy', 'running')).toMatchObject([{ flag: undefined }]);
      await database.exec(`update river_queue set updated_at = now() - interval '31 minutes' where name = 'busy'`);
      const [lost] = (await jobs())('busy', 'running');
      expect(lost).toMatchObject({ flag: { kind: 'worker_lost', by: 'tardy' } });
      if (lost === undefined) throw new Error('The job is gone.');
      expect(classify(lost, policy, (lost.flag?.since ?? 0) + 31 * 60_000).state).toBe('likely_stale');
    });

    it('says nothing of its worker where its queue has no row', async () => {
      await database.exec(`delete from river_queue`);
      expect((await jobs())('busy', 'running')).toMatchObject([{ flag: undefined }]);
    });
  });

  describe('a job in a paused queue', () => {
    it('waits for its own time first', async () => {
      await database.load('river/schema-8.sql');
      await database.exec(`update river_queue set paused_at = now()`);
      const of = await jobs();
      expect(of('quick', 'queued')).toMatchObject([{ hold: 'schedule' }]);
      expect(of('busy', 'queued')).toMatchObject([{ hold: 'paused' }]);
      expect(of('busy', 'running')).toMatchObject([{ hold: undefined }]);
    });
  });

  describe('a database that this preset cannot read', () => {
    beforeAll(() => database.load('river/schema-8.sql'));

    it.each([
      ['has a newer schema', `insert into river_migration (line, version) values ('main', 9)`, 'shape', 'version is 9'],
      ['has an older one', 'delete from river_migration where version > 3', 'shape', 'version is 3. Known are 4 to 8'],
      ['lacks a column', 'alter table river_job rename attempt to tries', 'shape', 'river_job has no column attempt'],
      [
        'gives the role no right',
        'create role river_nobody; grant usage on schema public to river_nobody; set role river_nobody',
        'forbidden',
        'grant select on "river_job", "river_queue", "river_migration" to "river_nobody";',
      ],
      ['lacks the tables', 'reset role; drop table river_job', 'not_found', 'no table river_job in this database'],
    ])('because it %s is an error', async (_, change, code, message) => {
      await database.exec(change);
      const { runs, error } = await readSource(await open(), database.fetch);
      expect({ runs, code: error?.code }).toEqual({ runs: [], code });
      expect(error?.message).toContain(message);
    });
  });

  it('reads a database whose migrations River does not keep', async () => {
    await database.load('river/schema-8.sql');
    await database.exec('drop table river_migration');
    expect((await jobs())('busy', 'running')).toHaveLength(1);
  });
}
