import { FIRST_INSTANT, LAST_INSTANT } from '../../instant.js';
import type { Instant } from '../../run.js';
import { SourceError } from '../source.js';

/**
 * Epoch milliseconds in the wire form of a run. Zero and null mean "none". A value that is not an instant passes through unchanged, so
 * that the reader of the run reports it.
 */
export function epochMsToWire(value: unknown): unknown {
  if (value === undefined || value === null || value === 0) return undefined;
  const known = typeof value === 'number' && value >= FIRST_INSTANT && value <= LAST_INSTANT;
  return known ? new Date(Math.floor(value)) : value;
}

/** The same for epoch seconds, which may have a fraction. */
export function epochSecondsToWire(value: unknown): unknown {
  return typeof value === 'number' ? epochMsToWire(value * 1000) : epochMsToWire(value);
}

/**
 * Epoch milliseconds as an instant; `undefined` for none, and for a number that no calendar has.
 *
 * @throws {SourceError} `shape` for anything but a number: what cannot be read is never taken for "did not happen".
 */
export function epochMs(value: unknown): Instant | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw new SourceError('shape', 'A time in the response is not a number.');
  return value > 0 && value <= LAST_INSTANT ? Math.floor(value) : undefined;
}
