import { describe, expect, it } from 'vitest';
import { only, presetRuns, presetSource, withNative } from '../../sql/testing/preset-tests.js';
import { readSource, type SqlTestDatabase } from '../../sql/testing/test-database.js';

export { graphileWorkerPreset as preset } from '../preset.js';

/** The recorded tables. */
export const fixture = 'graphile-worker/schema-18.sql';

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  const read = async () => {
    await database.load(fixture);
    return presetRuns('graphile-worker', database);
  };

  it('reads jobs with the reason for which they wait', async () => {
    const runs = await read();
    const waiting = withNative(runs, 'nightly-report', 'waiting');
    const locked = withNative(runs, 'nightly-report', 'locked');
    expect(new Set(waiting.map(({ hold }) => hold))).toEqual(new Set(['limit', 'schedule']));
    expect(waiting.find(({ hold }) => hold === 'limit')).toMatchObject({
      waitsFor: { kind: 'job', id: locked.find(({ workspace }) => workspace?.id === 'q1')?.id, name: 'q1' },
    });
    expect(only(withNative(runs, 'failing', 'waiting'))).toMatchObject({ hold: 'retry', attempt: 2, failure: {} });
  });

  it('ends a job that has no attempt left, with its error', async () => {
    expect(only(withNative(await read(), 'last', 'failed'))).toMatchObject({
      outcome: 'failed',
      attempt: 1,
      failure: { message: 'gone' },
    });
  });

  it('gives a job at work four hours, and its worker', async () => {
    const run = withNative(await read(), 'nightly-report', 'locked')[0];
    expect(run?.deadlineAt).toBe((run?.startedAt ?? 0) + 4 * 3_600_000);
    expect(run?.labels['worker']).toMatch(/^worker-/);
    expect(run?.heartbeatAt).toBeUndefined();
  });

  describe('the row security of its tables', () => {
    it('hides no row from a role that may read the view only', async () => {
      await database.load(fixture);
      await database.exec(`drop role if exists reader; create role reader;
        grant usage on schema graphile_worker to reader;
        grant select on graphile_worker.jobs, graphile_worker.migrations to reader; set role reader`);
      const seen = await readSource(await presetSource('graphile-worker'), database.fetch);
      await database.exec('reset role; drop owned by reader; drop role reader');
      expect(seen.error).toBeUndefined();
      expect(seen.runs).toHaveLength(5);
    });

    it('is an error where the view gives it up', async () => {
      await database.load(fixture);
      await database.exec(`alter view graphile_worker.jobs set (security_invoker = true);
        drop role if exists reader; create role reader; grant usage on schema graphile_worker to reader;
        grant select on all tables in schema graphile_worker to reader; set role reader`);
      const { runs, error } = await readSource(await presetSource('graphile-worker'), database.fetch);
      await database.exec('reset role; drop owned by reader; drop role reader');
      expect({ runs, code: error?.code }).toEqual({ runs: [], code: 'forbidden' });
    });
  });

  it('does not know another migration', async () => {
    await database.load(fixture);
    await database.exec('insert into graphile_worker.migrations (id) values (19)');
    const { error } = await readSource(await presetSource('graphile-worker'), database.fetch);
    expect(error?.message).toContain('its version is 19. Known are migration 18 (version 0.16).');
  });
}
