import { FIRST_INSTANT, LAST_INSTANT } from '../../instant.js';

/**
 * Epoch milliseconds as the wire form of a run takes them. Zero and null stand for "none"; what is no instant stays as it is, to be
 * reported by who reads the run.
 */
export function epochMsToWire(value: unknown): unknown {
  if (value === undefined || value === null || value === 0) return undefined;
  const known = typeof value === 'number' && value >= FIRST_INSTANT && value <= LAST_INSTANT;
  return known ? new Date(Math.floor(value)) : value;
}

/** The same of epoch seconds, which may have a fraction. */
export function epochSecondsToWire(value: unknown): unknown {
  return typeof value === 'number' ? epochMsToWire(value * 1000) : epochMsToWire(value);
}
