import type { Database } from './database.js';

const RUN_TIMES = [
  'hold_since',
  'queued_at',
  'not_before',
  'started_at',
  'heartbeat_at',
  'ended_at',
  'deadline_at',
  'reconciled_at',
];

/**
 * Shifts every time that the host's clock has ever written, as if the clock had been off by that much from the start: then
 * only the clocks of server and browser differ.
 */
export async function shiftClock(database: Database, ms: number): Promise<void> {
  const moved = (column: string) => `${column} = ${column} + $1 * interval '1 millisecond'`;
  await database.query(`update operation_runs set ${RUN_TIMES.map(moved).join(', ')}`, [ms]);
  await database.query(
    `update operation_runs set reconciliation = jsonb_set(reconciliation, '{at}',
       to_jsonb(((reconciliation ->> 'at')::timestamptz + $1 * interval '1 millisecond')))
     where reconciliation is not null`,
    [ms],
  );
  await database.query(`update sessions set ${moved('expires_at')}`, [ms]);
}
