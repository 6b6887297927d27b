import { parseInstant } from '../../instant.js';
import type { Instant } from '../../run.js';
import { SourceError, type SourceResponse } from '../source.js';

/**
 * The instant in a field of a response; `undefined` if there is none, which some systems write as the year 1.
 *
 * @throws {SourceError} `shape` for anything but a time with an offset: what cannot be read is never taken for "did not happen".
 */
export function instantIn(value: unknown): Instant | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const at = typeof value === 'string' ? parseInstant(value) : undefined;
  if (at === undefined) throw new SourceError('shape', 'A time in the response is not one with an offset.');
  return at > 0 ? at : undefined;
}

/** The clock of the server as a response states it, to the second. */
export function serverClock(response: SourceResponse): Instant | undefined {
  const at = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** The first of some instants; `undefined` if there are none. */
export function firstOf(all: readonly Instant[]): Instant | undefined {
  return all.length === 0 ? undefined : Math.min(...all);
}

/** The last of some instants; `undefined` if there are none. */
export function lastOf(all: readonly Instant[]): Instant | undefined {
  return all.length === 0 ? undefined : Math.max(...all);
}
