import type { DurationMs } from './duration.js';
import { parseInstant } from './instant.js';
import type { Instant } from './run.js';

/**
 * Limits on what one run may hold, so that a hostile row stays small. Lengths in UTF-16 units, `heartbeatInterval` in seconds.
 *
 * A title that is too long is cut; any other text that is too long makes the run unreadable.
 */
export const RUN_LIMITS = { text: 4096, labels: 64, heartbeatInterval: { least: 0.001, most: 31_536_000 } } as const;

/** An object of JSON. */
export type Wire = Readonly<Record<string, unknown>>;

/**
 * Thrown by these readers only: `parseRun` turns it into an issue. Not an `Error`, whose stack would take most of the time for
 * a flood of damaged rows.
 */
export class Unreadable {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/**
 * Whether the text is an absolute http or https URL without control characters or invisible ones: the only kind that is ever
 * shown as a link.
 */
export function isWebUrl(text: string): boolean {
  return /^https?:\/\/[^\s\p{Cc}\p{Cf}/?#@\\][^\s\p{Cc}\p{Cf}\\]*$/iu.test(text);
}

// These take the value, not its name, so that each place reads a named property: three times as fast as by a variable name.

/** Text that must not be absent or empty. */
export function required(given: unknown, name: string): string {
  const value = text(given, name);
  if (value === undefined || value === '') throw new Unreadable(`${name} is missing`);
  return value;
}

/** Text that is short enough. */
export function text(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Unreadable(`${name} must be text`);
  if (value.length > RUN_LIMITS.text) throw new Unreadable(`${name} is longer than ${RUN_LIMITS.text} characters`);
  return value;
}

/** Text for people that is too long is cut: it is no reason to lose the run. Whatever tells runs apart is not. */
export function words(value: unknown, name: string): string | undefined {
  if (typeof value !== 'string' || value.length <= RUN_LIMITS.text) return text(value, name);
  const cut = value.slice(0, RUN_LIMITS.text);
  // Half of a surrogate pair at the cut would be shown as rubbish.
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** A URL that may be shown as a link; any other text is left out. */
export function webUrl(value: unknown, name: string): string | undefined {
  const url = text(value, name);
  return url !== undefined && isWebUrl(url) ? url : undefined;
}

/** Seconds on the wire, milliseconds inside. */
export function heartbeatInterval(value: unknown): DurationMs | undefined {
  if (value === undefined || value === null) return undefined;
  const { least, most } = RUN_LIMITS.heartbeatInterval;
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new Unreadable(`heartbeat_interval must be a number of seconds from ${least} to ${most}`);
  }
  return Math.round(value * 1000);
}

/** A number of at least 0. */
export function count(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new Unreadable(`${name} must be a number of at least 0`);
  }
  return value;
}

/** An instant: RFC 3339 text, or a `Date` that no JSON can hold. */
export function instant(value: unknown, name: string): Instant | undefined {
  if (value === undefined || value === null) return undefined;
  const at = typeof value === 'string' ? parseInstant(value) : value instanceof Date ? value.getTime() : undefined;
  if (!Number.isFinite(at)) {
    throw new Unreadable(`${name} must be an RFC 3339 time with an offset, such as 2026-11-23T09:00:00Z`);
  }
  return at;
}

/** One of these texts. */
export function oneOf<T extends string>(value: unknown, name: string, values: readonly T[]): T | undefined {
  if (value === undefined || value === null) return undefined;
  for (const candidate of values) if (candidate === value) return candidate;
  throw new Unreadable(`${name} must be one of ${values.join(', ')}`);
}

/** An object. */
export function record(value: unknown, name: string): Wire | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw new Unreadable(`${name} must be an object`);
  return value;
}

/** Whether this is an object of JSON. */
export function isRecord(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
