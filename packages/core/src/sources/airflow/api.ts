import { countField } from '../reading/body.js';
import { SourceError } from '../source.js';

/** What Airflow's API server is called in messages. */
export const SYSTEM = "Airflow's API server (version 3)";

/** The most that Airflow sends in one page unless it is configured otherwise; it silently cuts a larger number. */
export const PAGE_SIZE = 100;

/**
 * How many entries a list of Airflow has in all.
 *
 * @throws {SourceError} `shape` if the response does not say.
 */
export function totalIn(body: unknown): number {
  const total = countField(body, 'total_entries', SYSTEM);
  if (total !== undefined) return total;
  throw new SourceError('shape', `The response has no "total_entries". Is this the URL of ${SYSTEM}?`);
}

/**
 * Refuses an empty list of a response that counts some.
 *
 * @throws {SourceError} `truncated`
 */
export function refuseNone(rows: readonly unknown[], body: unknown): void {
  const total = rows.length > 0 ? 0 : totalIn(body);
  if (total > 0) throw new SourceError('truncated', `Airflow counts ${total} entries and sent none.`);
}
