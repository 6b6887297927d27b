import { RUN_OUTCOMES, parseInstant, type Instant, type RunOutcome } from '@tardy/core';
import { isTimeoutWord, type HistoryRow } from '@tardy/core/learn';
import { UsageError } from '../errors.js';

/** The columns of a table of runs. */
const COLUMNS = [
  'source',
  'type',
  'id',
  'attempt',
  'queued_at',
  'started_at',
  'ended_at',
  'outcome',
  'native',
  'limit_s',
] as const;

type ColumnName = (typeof COLUMNS)[number];

/** Reads one row of a table; the result is a row of the history, or what is wrong with it. */
export type RowReader = (fields: readonly string[]) => HistoryRow | string;

const NEEDED: readonly ColumnName[] = ['type', 'started_at'];

/** Words for outcomes, beside those of a run, that tables use. */
const OUTCOME_WORDS: Readonly<Record<string, RunOutcome>> = {
  success: 'succeeded',
  ok: 'succeeded',
  passed: 'succeeded',
  failure: 'failed',
  error: 'failed',
  timed_out: 'failed',
  timeout: 'failed',
  canceled: 'cancelled',
  aborted: 'cancelled',
};

/**
 * Makes the reader of a table from its header.
 *
 * @param names what the table calls a column, where it is another name: `{ type: 'job_name' }`.
 * @throws {UsageError} for a header without the columns that learning needs.
 */
export function rowReader(
  header: readonly string[],
  names: Readonly<Record<string, string>>,
  where: string,
  source: string,
): RowReader {
  const found = header.map((name) => name.trim());
  const index = Object.fromEntries(COLUMNS.map((column) => [column, found.indexOf(names[column] ?? column)])) as Record<
    ColumnName,
    number
  >;
  for (const [column, name] of Object.entries(names)) {
    if (!(COLUMNS as readonly string[]).includes(column)) {
      throw new UsageError(`--columns: there is no column "${column}".`, `Columns: ${COLUMNS.join(', ')}.`);
    }
    if (!found.includes(name)) throw new UsageError(`${where} has no column "${name}".`, `It has ${shown(found)}.`);
  }
  const missing = NEEDED.filter((column) => index[column] < 0);
  if (missing.length > 0) {
    throw new UsageError(
      `${where} has no column ${missing.join(' and no column ')}; it has ${shown(found)}.`,
      'Say what it calls them: --columns type=job_name,started_at=begin,ended_at=end',
    );
  }
  let number = 1;
  return (fields) => {
    number++;
    const text = (column: ColumnName) => (index[column] < 0 ? '' : (fields[index[column]] ?? '').trim());
    const wrong: string[] = [];
    const instant = (column: ColumnName): Instant | undefined => {
      const value = text(column);
      if (value === '') return undefined;
      const at = parseTime(value);
      if (at === undefined) wrong.push(`row ${number}: ${column} is not a time such as 2026-11-23T09:00:00Z`);
      return at;
    };
    const queuedAt = instant('queued_at');
    const startedAt = instant('started_at');
    const endedAt = instant('ended_at');
    const type = text('type');
    if (type === '') wrong.push(`row ${number}: type is empty`);
    const attempt = text('attempt') === '' ? 1 : Number(text('attempt'));
    if (!Number.isSafeInteger(attempt) || attempt < 1) wrong.push(`row ${number}: attempt is not a number such as 1`);
    const limit = text('limit_s') === '' ? undefined : Number(text('limit_s')) * 1000;
    if (limit !== undefined && !(limit > 0)) wrong.push(`row ${number}: limit_s is not a number of seconds`);
    if (fields.length < found.length)
      wrong.unshift(`row ${number}: it has ${fields.length} of ${found.length} columns`);
    const [first] = wrong;
    if (first !== undefined) return first;
    const word = text('outcome').toLowerCase();
    return {
      source: text('source') === '' ? source : text('source'),
      type,
      // Without ids no row is a copy of another.
      id: text('id') === '' ? `row ${number}` : text('id'),
      attempt,
      queuedAt,
      startedAt,
      endedAt,
      outcome: outcomeOf(word, endedAt),
      limit,
      cut: isTimeoutWord(word) || isTimeoutWord(text('native')),
    };
  };
}

function outcomeOf(word: string, endedAt: Instant | undefined): RunOutcome {
  if (endedAt === undefined) return 'pending';
  const outcome = OUTCOME_WORDS[word] ?? RUN_OUTCOMES.find((known) => known === word);
  return outcome === undefined || outcome === 'pending' ? 'unknown' : outcome;
}

/** RFC 3339, or seconds or milliseconds since 1970: a number of seconds reaches the year 5138 with 11 digits. */
function parseTime(text: string): Instant | undefined {
  if (/^\d{1,11}(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  if (/^\d{12,15}$/.test(text)) return Number(text);
  return parseInstant(text);
}

function shown(names: readonly string[]): string {
  const few = names.slice(0, 12).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
  return few.join(', ') + (names.length > few.length ? ', …' : '');
}
