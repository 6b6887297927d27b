import { HOLDS, FLAG_KINDS, RUN_OUTCOMES, RUN_STATUSES } from '../run.js';
import { RUN_LIMITS } from '../wire-fields.js';
import type { SqlKit } from './kit.js';
import { columnText, INSTANT_COLUMNS, type ColumnName, type RunColumns } from './run-columns.js';
import type { SqlText } from './sql-text.js';

/** What a step of the judgement selects, by name. */
export type Stage = Readonly<Record<string, SqlText>>;

/** How to name a field of a row. */
export type FieldReader = (name: ColumnName) => SqlText;

/** A step over the previous one, or over the table. */
export function select(stage: Stage): SqlText {
  const columns = Object.entries(stage).map(([name, text]) => `  ${text} as ${name}`);
  return `select\n${columns.join(',\n')}`;
}

/** A mapped column, null if the table does not have it. */
export function fieldReader(columns: RunColumns, { dialect, time }: SqlKit): FieldReader {
  return (name) => {
    const text = columnText(columns, name, dialect);
    if (isInstant(name)) return text === undefined ? time.absent : time.read(text);
    return text ?? dialect.noText;
  };
}

/** Whether the column holds an instant. */
export function isInstant(name: ColumnName): boolean {
  const instants: readonly ColumnName[] = INSTANT_COLUMNS;
  return instants.includes(name);
}

/**
 * Whether `parseRun` could not read what the verdict depends on: a row with an instant out of range or an unknown status has no verdict.
 * Null is no.
 */
export function unreadable(columns: RunColumns, kit: SqlKit): SqlText {
  const { dialect, time } = kit;
  const interval = columnText(columns, 'heartbeatInterval', dialect);
  const { least, most } = RUN_LIMITS.heartbeatInterval;
  const status = columnText(columns, 'status', dialect);
  const instants = INSTANT_COLUMNS.flatMap((name) => columnText(columns, name, dialect) ?? []);
  const read = instants.map((column) => (time.mayFail ? time.read(column) : column));
  return [
    `${status} is null`,
    notAmong(columns, kit, 'status', RUN_STATUSES),
    notAmong(columns, kit, 'hold', HOLDS),
    notAmong(columns, kit, 'flag', FLAG_KINDS),
    ...(interval === undefined ? [] : [`${interval} not between ${least} and ${most}`]),
    ...(time.mayFail ? instants.map((column) => `(${column} is not null and ${time.read(column)} is null)`) : []),
    ...(read.length === 0
      ? []
      : [`${kit.earliestOrNever(read)} < ${time.first}`, `${kit.latestOrAlways(read)} >= ${time.beyond}`]),
  ]
    .filter((condition) => condition !== undefined)
    .join(' or ');
}

/** The facts of an active row, under our own names. `rules` are the conditions of the rules, `interval` the heartbeat interval as a duration. */
export function factStage(kit: SqlKit, field: FieldReader, interval: SqlText | undefined, rules: Stage): Stage {
  const { dialect, boolean, latest } = kit;
  const known = RUN_OUTCOMES.filter((outcome) => outcome !== 'unknown');
  const hold = field('hold');
  return {
    queued: boolean(`${field('status')} = 'queued'`),
    held: boolean(`${hold} is not null`),
    hold_until: `case when ${hold} is not null then
      coalesce(${field('waitsUntil')}, case when ${hold} in ('schedule', 'retry') then ${field('notBefore')} end) end`,
    // An unknown outcome is read as `unknown`, a missing one as `pending`.
    outcome_unknown: boolean(`${field('outcome')} is not null and not (${dialect.isOneOf(field('outcome'), known)})`),
    hold_since: field('holdSince'),
    queued_at: field('queuedAt'),
    not_before: field('notBefore'),
    started_at: field('startedAt'),
    phase_at: field('phaseAt'),
    heartbeat_at: field('heartbeatAt'),
    ...(interval === undefined ? {} : { heartbeat_interval: interval }),
    deadline_at: field('deadlineAt'),
    moved_at: latest([field('queuedAt'), field('startedAt'), field('phaseAt')]),
    flag: field('flag'),
    flag_since: field('flagSince'),
    ...rules,
  };
}

function notAmong(
  columns: RunColumns,
  { dialect }: SqlKit,
  name: ColumnName,
  values: readonly string[],
): SqlText | undefined {
  const text = columnText(columns, name, dialect);
  return text === undefined ? undefined : `not (${dialect.isOneOf(text, values)})`;
}
