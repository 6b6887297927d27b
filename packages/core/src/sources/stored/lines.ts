import { isObject } from '../reading/body.js';

/** One run in a text, not yet read, and its position. */
export type StoredRow = { readonly value: unknown; readonly where: string };

/**
 * The rows of an NDJSON text; `undefined` if its first line is not a JSON object, so that a truncated JSON page is not taken
 * for lines.
 *
 * A line that cannot be read stays a row, to be reported. A truncated last line makes the text incomplete.
 */
export function readLines(
  text: string,
): { readonly rows: readonly StoredRow[]; readonly incomplete: string | undefined } | undefined {
  const rows: StoredRow[] = [];
  let number = 0;
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end).trim();
    from = end < 0 ? text.length : end + 1;
    number++;
    if (line === '') continue;
    const value = parseLine(line);
    if (rows.length === 0 && !isObject(value)) return undefined;
    if (value === undefined && end < 0) return { rows, incomplete: `Line ${number}, the last one, breaks off.` };
    rows.push({ value, where: `line ${number}` });
  }
  return { rows, incomplete: undefined };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
