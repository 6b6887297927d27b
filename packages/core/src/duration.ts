/** A length of time in milliseconds; `Infinity` is `never`. */
export type DurationMs = number;

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
/** The reach of `Date` on either side of 1970. */
const LONGEST_MS = 8_640_000_000_000_000;

const COMPACT = /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/;
const ISO =
  /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Reads `90s`, `15m`, `2h`, `1d12h`, `250ms`, ISO 8601 (`PT15M`, `P1DT12H`, `P2W`) or `never`; in milliseconds, `undefined`
 * for anything else.
 *
 * Months and years are refused: their length depends on the calendar. What no calendar reaches (270,000 years) is never.
 */
export function parseDuration(text: string): DurationMs | undefined {
  if (text === 'never') return Infinity;
  const compact = COMPACT.exec(text);
  if (compact !== null && text !== '') return sum(compact, [86_400_000, 3_600_000, 60_000, 1000, 1]);
  const iso = ISO.exec(text);
  if (iso !== null && /\d/.test(text) && !text.endsWith('T')) {
    return sum(iso, [604_800_000, 86_400_000, 3_600_000, 60_000, 1000]);
  }
  return undefined;
}

/** The shortest text that `parseDuration` reads back to the same length: `1d12h`, `90s` as `1m30s`, `never`. */
export function formatDuration(ms: DurationMs): string {
  if (ms === Infinity) return 'never';
  let rest = Math.round(ms);
  if (rest <= 0) return '0s';
  let text = '';
  for (const unit in UNIT_MS) {
    const size = UNIT_MS[unit] ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

function sum(match: RegExpExecArray, units: readonly number[]): DurationMs {
  let total = 0;
  for (let index = 0; index < units.length; index++) {
    const part = match[index + 1];
    if (part !== undefined) total += Number(part) * (units[index] ?? 0);
  }
  return total > LONGEST_MS ? Infinity : Math.round(total);
}
