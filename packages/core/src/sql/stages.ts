import { HOLDS, FLAG_KINDS, RUN_OUTCOMES, RUN_STATUSES } from '../run.js';
import type { Policy } from '../policy.js';
import { RUN_LIMITS } from '../wire-fields.js';
import { ruleColumn, ruleConditions } from './rules.js';
import { columnText, INSTANT_COLUMNS, type ColumnName, type RunColumns } from './run-columns.js';
import type { SqlTime } from './sql-time.js';
import { textList, type SqlText } from './sql-text.js';

/** What a step of the judgement selects, by name. */
export type Stage = Readonly<Record<string, SqlText>>;

/** A mapped column, null if the table does not have it. */
export function fieldReader(columns: RunColumns, time: SqlTime): (name: ColumnName) => SqlText {
  const instants: readonly ColumnName[] = INSTANT_COLUMNS;
  return (name) => {
    const text = columnText(columns, name);
    if (instants.includes(name)) return text === undefined ? time.absent : time.read(text);
    return text ?? 'null::text';
  };
}

/** Whether `parseRun` could read what the verdict depends on: an instant out of range or an unknown status has no verdict. */
export function readable(columns: RunColumns, time: SqlTime): SqlText {
  const instants = INSTANT_COLUMNS.flatMap((name) => columnText(columns, name) ?? []).join(', ');
  const interval = columnText(columns, 'heartbeatInterval');
  const { least, most } = RUN_LIMITS.heartbeatInterval;
  const among = (name: ColumnName, values: readonly string[]) => {
    const text = columnText(columns, name);
    return text === undefined ? [] : [`coalesce(${text} in ${textList(values)}, ${name !== 'status'})`];
  };
  return [
    ...among('status', RUN_STATUSES),
    ...among('hold', HOLDS),
    ...among('flag', FLAG_KINDS),
    ...(interval === undefined ? [] : [`coalesce(${interval} between ${least} and ${most}, true)`]),
    ...(instants === ''
      ? []
      : [
          `coalesce(least(${instants}) >= ${time.first}, true)`,
          `coalesce(greatest(${instants}) < ${time.beyond}, true)`,
        ]),
  ].join(' and ');
}

/** The facts of an active row, under our own names: the only step that reads the table. */
export function factStage(policy: Policy, columns: RunColumns, time: SqlTime): Stage {
  const field = fieldReader(columns, time);
  const known = RUN_OUTCOMES.filter((outcome) => outcome !== 'unknown');
  const interval = columnText(columns, 'heartbeatInterval');
  return {
    queued: `${field('status')} = 'queued'`,
    held: `${field('hold')} is not null`,
    hold_until: `case when ${field('hold')} is not null then
      coalesce(${field('waitsUntil')}, case when ${field('hold')} in ('schedule', 'retry') then ${field('notBefore')} end) end`,
    // An unknown outcome is read as `unknown`, a missing one as `pending`.
    outcome_unknown: `coalesce(${field('outcome')} not in ${textList(known)}, false)`,
    hold_since: field('holdSince'),
    queued_at: field('queuedAt'),
    not_before: field('notBefore'),
    started_at: field('startedAt'),
    phase_at: field('phaseAt'),
    heartbeat_at: field('heartbeatAt'),
    ...(interval === undefined ? {} : { heartbeat_interval: time.seconds(interval) }),
    deadline_at: field('deadlineAt'),
    flag: field('flag'),
    flag_since: field('flagSince'),
    ...Object.fromEntries(ruleConditions(policy, columns).map((condition, index) => [ruleColumn(index), condition])),
  };
}
