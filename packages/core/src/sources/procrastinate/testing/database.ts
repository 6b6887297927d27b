import { beforeEach, expect, it } from 'vitest';
import { only, presetRuns, withNative } from '../../sql/testing/preset-tests.js';
import type { SqlTestDatabase } from '../../sql/testing/test-database.js';

export { procrastinatePreset as preset } from '../preset.js';

/** The recorded tables. */
export const fixture = 'procrastinate/schema-3.10.sql';

/** What the preset does with recorded tables. */
export function databaseTests(database: SqlTestDatabase): void {
  const read = () => presetRuns('procrastinate', database, { tenant: "j.args->>'tenant'" });
  beforeEach(() => database.load(fixture));

  it('reads jobs with the reason for which they wait', async () => {
    const runs = await read();
    const waiting = withNative(runs, 'nightly-report', 'todo');
    expect(new Set(waiting.map(({ hold }) => hold))).toEqual(new Set(['limit', 'schedule']));
    expect(waiting.find(({ hold }) => hold === 'limit')?.waitsFor).toMatchObject({
      kind: 'lock',
      id: '5',
      name: 'one',
    });
    expect(only(withNative(runs, 'failing', 'todo'))).toMatchObject({
      hold: 'retry',
      attempt: 2,
      startedAt: undefined,
    });
  });

  it('reads the heartbeat of the worker, and when the job began', async () => {
    const run = withNative(await read(), 'nightly-report', 'doing')[0];
    expect(run).toMatchObject({ attempt: 1, heartbeatInterval: 10_000, tenant: { id: 'acme' }, flag: undefined });
    expect(run?.startedAt).toBe(Date.parse('2026-11-28T16:22:02.535Z'));
    expect(run?.heartbeatAt).toBe(Date.parse('2026-11-28T16:22:02.528Z'));
  });

  it('flags a job whose worker another one has taken off the list', async () => {
    // What `prune_stalled_workers` does: the reference of the job is set to null.
    await database.exec('update procrastinate_jobs set worker_id = null; delete from procrastinate_workers');
    const runs = await read();
    expect(withNative(runs, 'nightly-report', 'doing').map(({ flag }) => flag?.kind)).toEqual([
      'worker_lost',
      'worker_lost',
    ]);
    expect(runs.filter(({ status }) => status !== 'running').filter(({ flag }) => flag !== undefined)).toEqual([]);
  });

  it('ends jobs as the system does', async () => {
    const runs = await read();
    expect(only(withNative(runs, 'quick', 'succeeded'))).toMatchObject({ outcome: 'succeeded', attempt: 1 });
    expect(only(withNative(runs, 'lost', 'failed'))).toMatchObject({
      outcome: 'failed',
      endedAt: Date.parse('2026-11-28T16:22:02.576Z'),
    });
  });
}
