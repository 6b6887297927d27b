import type { Messages } from './messages.js';

const formats = new Map<string, Intl.NumberFormat>();

/** A number as the language writes it: `1,204`. */
export function numberText(value: number, { locale }: Pick<Messages, 'locale'>): string {
  // Most are small, and read the same everywhere.
  if (value < 1000 && Number.isInteger(value)) return String(value);
  let format = formats.get(locale);
  if (format === undefined) formats.set(locale, (format = new Intl.NumberFormat(locale)));
  return format.format(value);
}
