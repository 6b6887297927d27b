import { beforeEach, expect, it } from 'vitest';
import { only, presetRuns } from '../../sql/testing/preset-tests.js';
import type { SqlTestDatabase } from '../../sql/testing/test-database.js';

export { laravelBatchesPreset as preset } from '../preset.js';

/** The recorded tables. */
export const fixture = 'laravel-batches/job_batches.sql';

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  const named = async (name: string) =>
    only((await presetRuns('laravel-batches', database)).filter(({ type }) => type === name));
  beforeEach(() => database.load(fixture));

  it('reads how far a batch is', async () => {
    expect(await named('nightly')).toMatchObject({
      status: 'running',
      startedAt: 1_795_883_293_000,
      progress: { processed: 1, total: 5, failed: 0, unit: 'jobs' },
    });
  });

  it('counts a job that failed as done', async () => {
    expect((await named('broken')).progress).toMatchObject({ processed: 2, failed: 1 });
  });

  it.each([
    ['done', 'succeeded'],
    ['off', 'cancelled'],
  ])('ends the batch %s as %s', async (name, outcome) => {
    expect(await named(name)).toMatchObject({ status: 'completed', outcome, endedAt: 1_795_883_293_000 });
  });

  it('ends a batch with failures that were allowed', async () => {
    await database.exec("update job_batches set finished_at = 1795883300 where name = 'broken'");
    expect(await named('broken')).toMatchObject({ outcome: 'partially_succeeded' });
  });

  it('reads a batch without a name', async () => {
    await database.exec("update job_batches set name = '' where name = 'nightly'");
    expect(await named('batch')).toMatchObject({ status: 'running' });
  });
}
