import { beforeAll, describe, expect, it } from 'vitest';
import { classify } from '../../../classify.js';
import { createPolicy } from '../../../policy.js';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { readSource, type SqlTestDatabase } from '../../sql/testing/test-database.js';
export { pgBossPreset as preset } from '../preset.js';

/** The recorded tables. */
export const fixture = 'pg-boss/schema-46.sql';

const policy = createPolicy({ version: 1 });
const url = 'postgres://reader@database.example/app';
const open = async (config = {}): Promise<Source> =>
  (await sourceKind('pg-boss').open('pg-boss', { url, ...config })).source;

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  describe.each(['pg-boss/schema-46.sql', 'pg-boss/schema-24.sql'])('the jobs of %s', (fixture) => {
    beforeAll(() => database.load(fixture));

    const byType = async (config = {}) => {
      const { runs, issues, error } = await readSource(await open(config), database.fetch, { activity: 'recent' });
      expect({ issues, error }).toEqual({ issues: [], error: undefined });
      return (type: string, status?: string) =>
        runs.filter((run) => run.type === type && run.status === (status ?? run.status));
    };

    it('are read with the reason for which they wait', async () => {
      const of = await byType();
      expect(of('single', 'queued')).toMatchObject([
        { hold: 'limit', waitsFor: { kind: 'job', id: of('single', 'running')[0]?.id } },
      ]);
      expect(of('failing')).toMatchObject([{ status: 'queued', hold: 'retry', attempt: 2, startedAt: undefined }]);
      expect(of('quick', 'queued')).toMatchObject([{ hold: 'schedule' }]);
      expect(of('beating', 'queued')).toMatchObject([{ hold: undefined }]);
    });

    it('end as succeeded and failed, with the message', async () => {
      const of = await byType();
      expect(of('quick', 'completed')).toMatchObject([{ outcome: 'succeeded' }]);
      expect(of('lost')).toMatchObject([{ outcome: 'failed', failure: { message: 'gone' } }]);
    });

    it('end by the system itself at their time', async () => {
      const [job] = (await byType())('plain');
      expect(job?.deadlineAt).toBe((job?.startedAt ?? 0) + 7_200_000);
    });

    it('have the tenant that an expression gives', async () => {
      const of = await byType({ tenant: "j.data->>'tenant'" });
      expect(of('plain')).toMatchObject([{ tenant: { id: 'acme' } }]);
    });
  });

  describe('the heartbeat of pg-boss', () => {
    it('says nothing of a job without heartbeats, although the time is set when it is taken', async () => {
      await database.load('pg-boss/schema-46.sql');
      const { runs } = await readSource(await open(), database.fetch);
      const active = (type: string) => runs.find((run) => run.type === type && run.status === 'running');
      const plain = active('plain');
      expect(plain?.heartbeatAt).toBeUndefined();
      if (plain === undefined) throw new Error('The job is gone.');
      expect(classify(plain, policy, (plain.startedAt ?? 0) + 15 * 60_000).state).toBe('fresh');
      const beating = active('beating');
      expect(beating).toMatchObject({ heartbeatAt: expect.any(Number) as number, heartbeatInterval: 30_000 });
      if (beating === undefined) throw new Error('The job is gone.');
      expect(classify(beating, policy, (beating.heartbeatAt ?? 0) + 15 * 60_000).state).toBe('likely_stale');
    });
  });

  it.each([
    ['newer', 47],
    ['older', 23],
  ])('does not know a %s schema', async (_, version) => {
    await database.load(fixture);
    await database.exec(`update pgboss.version set version = ${version}`);
    const { runs, error } = await readSource(await open(), database.fetch);
    expect({ runs, code: error?.code }).toEqual({ runs: [], code: 'shape' });
    expect(error?.message).toContain(`its version is ${version}. Known are 24 to 46.`);
  });

  it('refuses a database on which pg-boss does not run', async () => {
    await expect(sourceKind('pg-boss').openUri('x', 'mysql://root@host.example/app')).rejects.toThrow(
      'pg-boss is read from postgres, not from mysql.',
    );
  });
}
