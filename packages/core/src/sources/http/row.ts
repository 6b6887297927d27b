import { RUN_OUTCOMES, type Hold, type RunOutcome, type RunStatus } from '../../run.js';
import { parseRun, type ParsedRun } from '../../wire.js';
import { isObject } from '../reading/body.js';
import { compileExpression, ExpressionError, type Expression } from '../reading/expression.js';
import { checkShape, type Shape } from '../reading/shape.js';
import { SourceError } from '../source.js';
import type { HttpConfig } from './config.js';
import { readTime } from './time.js';

/** Reads one row; `given` is the native status if the request implies it and the row has none. */
export type RowReader = (row: unknown, given: string | undefined) => ParsedRun;

type Meaning = { readonly status: RunStatus; readonly outcome: RunOutcome; readonly hold: Hold | undefined };
type Field = {
  readonly path: readonly string[];
  readonly expression: Expression;
  readonly kind: 'text' | 'time' | 'number';
};

const TIMES = [
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
];
const NUMBERS = ['attempt', 'heartbeat_interval', 'processed', 'total', 'succeeded', 'failed', 'skipped'];
const UNKNOWN: Meaning = { status: 'running', outcome: 'unknown', hold: undefined };

/**
 * Makes the reader of rows that a mapping describes.
 *
 * A native status that the mapping does not name makes an active run of unknown outcome, never a healthy one. The start of a
 * queued run and the end of an active one are ignored: systems send estimates there.
 *
 * @param shape what a row must be, for expressions that would take a value of another type for none.
 * @throws {SourceConfigError} for an expression that is not valid JMESPath.
 */
export function rowReader(config: HttpConfig, name: string, shape?: Shape): RowReader {
  const { status: statusText, id, ...others } = config.fields;
  const statusOf = compileExpression(statusText, 'fields.status');
  // The id comes first, so that later errors can name the row.
  const fields = [...fieldsOf({ id }, []), ...fieldsOf(others, [])];
  const meanings = new Map(Object.entries(config.status).map(([native, meaning]) => [native, meaningOf(meaning)]));
  const texts = new Map(fields.map((field) => [field.path.join('.'), field.expression.text]));

  return (row, given) => {
    const wire: Record<string, unknown> = {};
    let at = 'status';
    try {
      const native = textOf(statusOf.of(row)) ?? given ?? 'none';
      const meaning = (typeof native === 'string' ? meanings.get(native) : undefined) ?? UNKNOWN;
      Object.assign(wire, meaning, { native: { status: native } });
      for (const field of fields) {
        at = field.path.join('.');
        if (
          (at === 'started_at' && meaning.status === 'queued') ||
          (at === 'ended_at' && meaning.status !== 'completed')
        )
          continue;
        put(wire, field.path, read(field, row, config.time));
      }
    } catch (error) {
      if (!(error instanceof ExpressionError || error instanceof RangeError)) throw error;
      const reason =
        error instanceof ExpressionError ? error.message : `${error.message} (from \`${texts.get(at) ?? statusText}\`)`;
      return { ok: false, issue: { id: idOf(wire['id']), reason: `${at} ${reason}` } };
    }
    dropIncomplete(wire);
    const parsed = parseRun(wire, name);
    if (parsed.ok) return shape === undefined ? parsed : checkedRun(row, shape, parsed);
    const expression = texts.get(parsed.issue.reason.split(' ', 1)[0] ?? '');
    const from = expression === undefined ? '' : ` (from \`${expression}\`)`;
    return { ok: false, issue: { id: parsed.issue.id, reason: `${parsed.issue.reason}${from}` } };
  };
}

function checkedRun(row: unknown, shape: Shape, parsed: ParsedRun & { readonly ok: true }): ParsedRun {
  try {
    checkShape(row, shape, 'The source');
    return parsed;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { ok: false, issue: { id: parsed.run.id, reason: error.message } };
  }
}

function fieldsOf(mapping: Readonly<Record<string, unknown>>, under: readonly string[]): Field[] {
  return Object.entries(mapping).flatMap(([name, value]): Field[] => {
    const path = [...under, name];
    if (isObject(value)) return fieldsOf(value, path);
    if (typeof value !== 'string') return [];
    const owner = under.length === 0 && (name === 'workspace' || name === 'tenant');
    const kind =
      under[0] === 'labels' ? 'text' : TIMES.includes(name) ? 'time' : NUMBERS.includes(name) ? 'number' : 'text';
    return [
      {
        path: owner ? [name, 'id'] : path,
        expression: compileExpression(value, `fields.${path.join('.')}`),
        kind,
      },
    ];
  });
}

function meaningOf(meaning: HttpConfig['status'][string]): Meaning {
  if (typeof meaning !== 'string') {
    const { status, hold } = meaning;
    return { status, outcome: meaning.outcome ?? (status === 'completed' ? 'unknown' : 'pending'), hold };
  }
  const outcome = RUN_OUTCOMES.find((name) => name === meaning);
  if (outcome !== undefined) return { status: 'completed', outcome, hold: undefined };
  const status = meaning as RunStatus;
  return { status, outcome: status === 'completed' ? 'unknown' : 'pending', hold: undefined };
}

function read({ expression, kind }: Field, row: unknown, time: HttpConfig['time']): unknown {
  const value = expression.of(row);
  if (kind === 'time') return readTime(value, time);
  if (kind === 'number') return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return textOf(value);
}

/** Numbers and booleans become text; an empty text means none, as Slurm writes it. */
function textOf(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === '' || value === null ? undefined : value;
}

function put(wire: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', below] = path;
  if (value === undefined) return;
  if (below === undefined) {
    wire[name] = value;
    return;
  }
  const group = wire[name];
  if (isObject(group)) wire[name] = { ...group, [below]: value };
  else wire[name] = { [below]: value };
}

/** A group without its main value is absent: no flag without its kind, no tenant without its id. */
function dropIncomplete(wire: Record<string, unknown>): void {
  const main = {
    workspace: 'id',
    tenant: 'id',
    waits_for: 'kind',
    flag: 'kind',
    initiator: 'kind',
    progress: 'processed',
  };
  for (const [group, key] of Object.entries(main)) {
    const value = wire[group];
    if (isObject(value) && value[key] === undefined) delete wire[group];
  }
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 200) : undefined;
}
