import type { Instant } from '../../../run.js';
import { parseRun, type ParsedRun } from '../../../wire.js';
import { isObject, type JsonObject } from '../../reading/body.js';
import { meaningOf, shortText } from '../../reading/vocabulary.js';
import type { SqlExpression, SqlFields, SqlRuns } from '../runs.js';
import { timeReader, type TimeReader } from './sql-time.js';

/** One column of the query: an expression, its name in the row, and where its value goes in a run. */
export type SqlColumn = {
  readonly name: string;
  readonly expression: SqlExpression;
  /** The field of the run, and its part where it has some. */
  readonly field: string;
  readonly part: string | undefined;
  readonly kind: 'text' | 'words' | 'time' | 'number' | 'attempt';
};

/** Reads one row of a query that `columnsOf` describes. */
export type SqlRowReader = (row: unknown) => ParsedRun;

const TIMES: ReadonlySet<string> = new Set([
  'hold_since',
  'queued_at',
  'not_before',
  'started_at',
  'phase_at',
  'heartbeat_at',
  'ended_at',
  'deadline_at',
  'since',
  'until',
]);
const NUMBERS: ReadonlySet<string> = new Set([
  'heartbeat_interval',
  'processed',
  'total',
  'succeeded',
  'failed',
  'skipped',
]);

/** The part without which a field with parts says nothing. */
const MAIN: Readonly<Record<string, string>> = {
  workspace: 'id',
  tenant: 'id',
  waits_for: 'kind',
  flag: 'kind',
  initiator: 'kind',
  progress: 'processed',
};

/** The columns of the query for these fields, the id first. */
export function columnsOf({ id, ...others }: SqlFields): readonly SqlColumn[] {
  const fields = [['id', id] as const, ...Object.entries(others)];
  return fields.flatMap(([field, value]): SqlColumn[] => {
    if (value === undefined) return [];
    if (typeof value === 'string') {
      // A tenant without a name is its id.
      const part = field === 'workspace' || field === 'tenant' ? 'id' : undefined;
      return [{ name: field, expression: value, field, part, kind: kindOf(field, field) }];
    }
    return Object.entries(value).flatMap(([part, expression], index): SqlColumn[] => {
      if (typeof expression !== 'string') return [];
      // Labels may have any name, so theirs are counted.
      const name = field === 'labels' ? `label_${index}` : `${field}_${part}`;
      return [{ name, expression, field, part, kind: kindOf(field, part) }];
    });
  });
}

function kindOf(field: string, name: string): SqlColumn['kind'] {
  if (field === 'labels') return 'text';
  if (TIMES.has(name)) return 'time';
  if (name === 'attempt') return 'attempt';
  if (NUMBERS.has(name) && (field === 'progress' || field === name)) return 'number';
  return name === 'text' || name === 'message' ? 'words' : 'text';
}

/**
 * Makes the reader of rows.
 *
 * A status that is not known makes an active run of unknown outcome, never a healthy one. The start of a queued run and the end of an
 * active one are ignored: columns keep those of an earlier attempt.
 */
export function sqlRowReader(runs: SqlRuns, columns: readonly SqlColumn[], name: string): SqlRowReader {
  const readTime = timeReader(runs);
  const plan = columns.filter(({ field }) => field !== 'status');
  // Only those that are mapped.
  const groups = Object.entries(MAIN).filter(([group]) => plan.some(({ field }) => field === group));
  return (row) => {
    if (!isObject(row)) return { ok: false, issue: { id: undefined, reason: 'a row must be an object' } };
    const meaning = meaningOf(runs.statuses, asText(row['status']));
    const wire: Record<string, unknown> = blank(meaning);
    for (const column of plan) {
      const { field } = column;
      const value = row[column.name];
      if (value === null || value === undefined) continue;
      if (field === 'started_at' && meaning.status === 'queued') continue;
      if (field === 'ended_at' && meaning.status !== 'completed') continue;
      if (field === 'outcome' && meaning.status !== 'completed') continue;
      let read: unknown;
      try {
        read = valueOf(column, value, readTime);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        const reason = `${column.name} ${error.message} (from ${column.expression})`;
        return { ok: false, issue: { id: idOf(row), reason } };
      }
      put(wire, column, read);
    }
    dropIncomplete(wire, groups);
    return parseRun(wire, name);
  };
}

function valueOf({ kind }: SqlColumn, value: unknown, readTime: TimeReader): unknown {
  switch (kind) {
    case 'time': {
      const at: Instant | undefined = readTime(value);
      return at === undefined ? undefined : new Date(at);
    }
    case 'number':
      return asNumber(value);
    case 'attempt': {
      const attempt = asNumber(value);
      return typeof attempt === 'number' && attempt < 1 ? 1 : attempt;
    }
    case 'words':
      return shortText(asText(value));
    case 'text':
      return asText(value);
  }
}

/** Drivers give large numbers as text, so that no digit is lost. */
function asNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

/** Numbers and booleans become text; an empty text means none. */
function asText(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === '' ? undefined : value;
}

function put(wire: Record<string, unknown>, { field, part }: SqlColumn, value: unknown): void {
  if (value === undefined) return;
  if (part === undefined) {
    wire[field] = value;
    return;
  }
  const group = wire[field];
  if (isObject(group)) (group as Record<string, unknown>)[part] = value;
  else wire[field] = { [part]: value };
}

/**
 * A run without values. Written out because this happens for each row: objects that grow field by field are slow to write and to read, and a
 * million of them take twice the time.
 */
function blank({ status, outcome, hold, native }: ReturnType<typeof meaningOf>): Record<string, unknown> {
  return {
    id: undefined,
    type: undefined,
    title: undefined,
    workspace: undefined,
    tenant: undefined,
    status,
    outcome,
    hold,
    hold_since: undefined,
    waits_for: undefined,
    queued_at: undefined,
    not_before: undefined,
    started_at: undefined,
    phase_at: undefined,
    heartbeat_at: undefined,
    heartbeat_interval: undefined,
    ended_at: undefined,
    deadline_at: undefined,
    attempt: undefined,
    flag: undefined,
    progress: undefined,
    failure: undefined,
    initiator: undefined,
    url: undefined,
    labels: undefined,
    native,
  };
}

/** No flag without its kind, no tenant without its id. */
function dropIncomplete(
  wire: Record<string, unknown>,
  groups: readonly (readonly [group: string, main: string])[],
): void {
  for (const [group, main] of groups) {
    const value = wire[group];
    if (value !== undefined && (value as JsonObject)[main] === undefined) wire[group] = undefined;
  }
}

function idOf({ id }: JsonObject): string | undefined {
  if (id === null || id === undefined) return undefined;
  return (typeof id === 'string' ? id : JSON.stringify(id)).slice(0, 200);
}
