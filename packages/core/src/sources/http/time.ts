import { formatInstant, parseInstant } from '../../instant.js';
import type { HttpConfig } from './config.js';

/** Seconds reach this in the year 5138, milliseconds in 1973: one unit taken for the other is far beyond it. */
const UNIT_LIMIT = 1e11;

/**
 * A declared time in RFC 3339; `undefined` for none, which many systems write as 0 or an empty text.
 *
 * @throws {RangeError} with what is wrong with it.
 */
export function readTime(value: unknown, { format, zone }: HttpConfig['time']): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (format === 'rfc3339') return readText(value, zone);
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw new RangeError(`must be a number (time.format: ${format})`);
  if (number === 0) return undefined;
  const seconds = format === 'epoch_s';
  if (number < 0 || (seconds ? number >= UNIT_LIMIT : number < UNIT_LIMIT) || number > UNIT_LIMIT * 100) {
    throw new RangeError(
      `is ${number}, which as ${format} is no likely time: is it in ${seconds ? 'milliseconds' : 'seconds'}?`,
    );
  }
  return formatInstant(Math.floor(seconds ? number * 1000 : number));
}

function readText(value: unknown, zone: string | undefined): string {
  if (typeof value !== 'string') throw new RangeError('must be text (time.format: rfc3339)');
  const text = asRfc3339(value.trim());
  const at = parseInstant(text) ?? (zone === undefined ? undefined : parseInstant(`${text}${zone}`));
  if (at === undefined) {
    throw new RangeError(
      zone === undefined
        ? 'must be an RFC 3339 time with an offset; name the fixed offset of times without one in time.zone'
        : 'must be an RFC 3339 time',
    );
  }
  return formatInstant(at);
}

/** The forms of ISO 8601 that are as exact as RFC 3339: `+0100`, `20261123T100004+0100`, and `2026-11-23T10:00Z`, which Java writes at second 0. */
function asRfc3339(text: string): string {
  return text
    .replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6')
    .replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
    .replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?=Z$|[+-]\d\d:\d\d$)/, '$1:00');
}
