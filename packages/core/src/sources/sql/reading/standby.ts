import { formatSpan } from '../../../span.js';
import type { Instant } from '../../../run.js';
import { en } from '../../../messages/en.js';
import { isObject, listOf } from '../../reading/body.js';
import { SourceError, type SourceFetch } from '../../source.js';
import type { Engine } from '../engine.js';
import { sqlRequest } from './query.js';

/** What a database says about how old its data are. */
export type DataAge = {
  /** The instant up to which a lagging copy has the data; absent where the data are current. */
  readonly dataAt: Instant | undefined;
  readonly note: string | undefined;
};

const CURRENT: DataAge = { dataAt: undefined, note: undefined };

/** A copy that is less behind than that is as good as current: thresholds are minutes. */
const BLUR_MS = 1_000;

/**
 * How far a copy lags. One that has replayed all that it received is current if it is still connected; the time of the last transaction
 * says nothing then, for the primary may simply be idle.
 */
const LAG = `select
  pg_is_in_recovery() as standby,
  (extract(epoch from clock_timestamp()) * 1000)::bigint as now,
  (extract(epoch from pg_last_xact_replay_timestamp()) * 1000)::bigint as replayed,
  pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
    and exists (select from pg_stat_wal_receiver where pid is not null) as caught_up`;

/**
 * Asks how old the data are. A heartbeat that a lagging copy does not have yet is no evidence that a worker is dead, so its runs are
 * judged as of the instant up to which it has the data.
 *
 * @throws {SourceError} `shape` for a copy that does not say how old its data are.
 */
export async function dataAge(engine: Engine, address: string, fetch: SourceFetch): Promise<DataAge> {
  if (engine !== 'postgres') return CURRENT;
  const response = await fetch(sqlRequest(address, 'select pg_is_in_recovery() as standby'));
  const [row] = listOf(response, 'rows', 'a database');
  if (!isObject(row) || !isTrue(row['standby'])) return CURRENT;
  const [lag] = listOf(await fetch(sqlRequest(address, LAG)), 'rows', 'a database');
  if (!isObject(lag)) throw new SourceError('shape', 'The copy (hot standby) does not say how far it lags.');
  if (!isTrue(lag['standby']) || isTrue(lag['caught_up'])) return CURRENT;
  const [now, replayed] = [Number(lag['now']), Number(lag['replayed'] ?? Number.NaN)];
  if (!Number.isFinite(now) || !Number.isFinite(replayed)) {
    throw new SourceError(
      'shape',
      'The database is a copy (hot standby) that does not say how far it lags. Read the primary.',
    );
  }
  if (now - replayed < BLUR_MS) return CURRENT;
  const span = formatSpan(now - replayed, en.units);
  return {
    dataAt: replayed,
    note: `The database is a copy (hot standby) that lags by up to ${span}. Its runs are judged as of the data that it has.`,
  };
}

function isTrue(value: unknown): boolean {
  return value === true || value === 't' || value === 'true';
}
