import { parseInstant } from '../../../instant.js';
import type { Instant } from '../../../run.js';
import type { SqlTimes } from '../runs.js';
import { localTimeReader } from './local-time.js';

/** Seconds reach this in the year 5138, milliseconds in 1973: one unit taken for the other is far beyond it. */
const UNIT_LIMIT = 1e11;

/** Reads a time as a driver gives it; `undefined` for none. Throws a `RangeError` with what is wrong with it. */
export type TimeReader = (value: unknown) => Instant | undefined;

/** Makes the reader of the times of a table. */
export function timeReader({ instants, zone }: SqlTimes): TimeReader {
  switch (instants) {
    case 'timestamp': {
      const readLocal = zone === undefined ? undefined : localTimeReader(zone);
      return (value) => {
        if (value === undefined || value === null || value === '') return undefined;
        if (typeof value !== 'string' || /^-?\d+(?:\.\d+)?$/.test(value)) {
          throw new RangeError('is a number; say what it counts: instants: epoch_s or epoch_ms');
        }
        return readText(value, readLocal);
      };
    }
    case 'epoch_s':
      return (value) => readCount(value, 1000);
    case 'epoch_ms':
      return (value) => readCount(value, 1);
  }
}

function readText(text: string, readLocal: ((text: string) => Instant | undefined) | undefined): Instant {
  const named = parseInstant(withWholeOffset(text));
  if (named !== undefined) return named;
  if (parseInstant(`${text}Z`) === undefined) throw new RangeError('is no date with a time');
  const at = readLocal?.(text);
  if (at === undefined) throw new RangeError('has no time zone; name the one that it was written in: zone: UTC');
  return at;
}

/** PostgreSQL writes the offset `+00`, other programs `+0000` or ` +00:00`. */
function withWholeOffset(text: string): string {
  const end = text.length;
  if (end < 22 || text[end - 6] === '+' || text[end - 6] === '-') return text.replace(/ (?=[+-][\d:]{5}$)/, '');
  const sign = text[end - 3];
  if (sign === '+' || sign === '-') return `${text}:00`;
  const long = text[end - 5];
  return long === '+' || long === '-' ? `${text.slice(0, -2)}:${text.slice(-2)}` : text;
}

/** Zero means none, as many programs write it. */
function readCount(value: unknown, unitMs: number): Instant | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw new RangeError(`is no number (instants: ${unitMs === 1 ? 'epoch_ms' : 'epoch_s'})`);
  }
  if (number === 0) return undefined;
  const seconds = unitMs === 1000;
  if (number < 0 || (seconds ? number >= UNIT_LIMIT : number < UNIT_LIMIT) || number > UNIT_LIMIT * 100) {
    throw new RangeError(`is ${number}, no likely time: is it in ${seconds ? 'milliseconds' : 'seconds'}?`);
  }
  return Math.floor(number * unitMs);
}
