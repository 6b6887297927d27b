import { beforeEach, expect, it } from 'vitest';
import { only, presetRuns, withNative } from '../../sql/testing/preset-tests.js';
import type { SqlTestDatabase } from '../../sql/testing/test-database.js';

export { obanPreset as preset } from '../preset.js';

/** The recorded tables. */
export const fixture = 'oban/schema-0.7.sql';

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  const read = () => presetRuns('oban', database, { tenant: "j.args->>'tenant'" });
  beforeEach(() => database.load(fixture));

  it('reads jobs with the reason for which they wait', async () => {
    const runs = await read();
    expect(only(withNative(runs, '__main__.Failing', 'retryable'))).toMatchObject({
      hold: 'retry',
      attempt: 2,
      startedAt: undefined,
    });
    expect(only(withNative(runs, '__main__.NightlyReport', 'scheduled'))).toMatchObject({ hold: 'schedule' });
    expect(only(withNative(runs, '__main__.Held', 'available'))).toMatchObject({
      hold: 'paused',
      workspace: { id: 'closed' },
    });
  });

  it('does not take a queue for paused in which one producer is not', async () => {
    await database.exec(`insert into oban_producers (uuid, name, node, queue, meta, started_at, updated_at)
      select gen_random_uuid(), name, 'worker-2', queue, '{"paused": false}', started_at, updated_at from oban_producers where queue = 'closed'`);
    expect(only(withNative(await read(), '__main__.Held', 'available')).hold).toBeUndefined();
  });

  it.each(['UTC', 'Europe/Berlin'])('reads times in UTC, whatever the zone of the session: %s', async (zone) => {
    await database.exec(`set time zone '${zone}'`);
    const run = only(withNative(await read(), '__main__.NightlyReport', 'executing'));
    await database.exec(`set time zone 'UTC'`);
    expect(run).toMatchObject({
      startedAt: Date.parse('2026-11-28T16:22:53.207Z'),
      heartbeatAt: Date.parse('2026-11-28T16:22:52.138Z'),
      heartbeatInterval: 15_000,
      tenant: { id: 'acme' },
      labels: { node: 'worker-1' },
      flag: undefined,
    });
  });

  it('flags a job whose producer is not registered any more', async () => {
    await database.exec("delete from oban_producers where queue = 'reports'");
    const runs = await read();
    expect(
      runs.filter(({ flag }) => flag !== undefined).map(({ native, flag }) => [native?.status, flag?.kind]),
    ).toEqual([['executing', 'worker_lost']]);
  });

  it('flags nothing where there is no table of producers, as in Oban for Elixir', async () => {
    await database.exec('drop table oban_producers');
    const runs = await read();
    expect(only(withNative(runs, '__main__.NightlyReport', 'executing'))).toMatchObject({
      flag: undefined,
      heartbeatAt: undefined,
    });
    expect(only(withNative(runs, '__main__.Held', 'available')).hold).toBeUndefined();
  });

  it('ends jobs as the system does', async () => {
    const runs = await read();
    expect(only(withNative(runs, '__main__.Quick', 'completed')).outcome).toBe('succeeded');
    expect(only(withNative(runs, '__main__.Lost', 'discarded')).outcome).toBe('failed');
  });
}
