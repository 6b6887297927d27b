import { formatInstant } from '../instant.js';

/** The furthest instant that a date can hold, in milliseconds. */
const FURTHEST_MS = 8.64e15;

/**
 * Epoch milliseconds as the wire form of a run says them. Zero and null stand for "none"; what is no instant stays as it is, to be
 * reported by who reads the run.
 */
export function epochMsToWire(value: unknown): unknown {
  if (value === undefined || value === null || value === 0) return undefined;
  return typeof value === 'number' && Math.abs(value) <= FURTHEST_MS ? formatInstant(Math.floor(value)) : value;
}

/** The same of epoch seconds, which may have a fraction. */
export function epochSecondsToWire(value: unknown): unknown {
  return typeof value === 'number' ? epochMsToWire(value * 1000) : epochMsToWire(value);
}
