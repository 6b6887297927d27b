import { beforeEach, expect, it } from 'vitest';
import { only, presetRuns, withNative } from '../../sql/testing/preset-tests.js';
import type { SqlTestDatabase } from '../../sql/testing/test-database.js';

export { laravelPreset as preset } from '../preset.js';

/** The recorded tables. */
export const fixture = 'laravel/jobs.sql';

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  const read = (config = {}) => presetRuns('laravel', database, config);
  beforeEach(() => database.load(fixture));

  it('reads jobs with the reason for which they wait', async () => {
    const runs = await read();
    expect(only(withNative(runs, 'Failing', 'available'))).toMatchObject({
      hold: 'retry',
      attempt: 2,
      workspace: { id: 'other' },
      notBefore: 1_795_886_890_000,
    });
    expect(withNative(runs, 'NightlyReport', 'available').map(({ hold }) => hold)).toEqual([undefined, 'schedule']);
  });

  it.each([
    [{}, 90],
    [{ retry_after: 7200 }, 7200],
  ])('gives a job at work the time of retry_after: %j', async (config, seconds) => {
    expect(only(withNative(await read(config), 'NightlyReport', 'reserved'))).toMatchObject({
      attempt: 1,
      hold: undefined,
      startedAt: 1_795_883_289_000,
      deadlineAt: 1_795_883_289_000 + seconds * 1000,
    });
  });

  it('has the tenant that an expression gives', async () => {
    const runs = await read({ tenant: "j.payload::jsonb->'data'->>'tenant'" });
    expect(runs.map(({ tenant }) => tenant?.id)).toEqual(['acme', 'acme', 'acme', 'acme']);
  });

  it('refuses a retry_after that is no number of seconds', async () => {
    await expect(read({ retry_after: '90s' })).rejects.toThrow('retry_after: it must be a');
  });
}
