import type { Policy } from '../policy.js';
import { RUN_OUTCOMES, type RunStatus } from '../run.js';
import { RUN_LIMITS } from '../wire-fields.js';
import { NO_ROW } from './glob-condition.js';
import type { SqlKit } from './kit.js';
import { columnText, type ColumnName, type RunColumns } from './run-columns.js';
import type { SqlText } from './sql-text.js';
import { leastThreshold } from './thresholds.js';

/** Columns that an active run without a hold or a flag has no use for. A row in which they are set is judged in full. */
const UNUSED = [
  'hold',
  'holdSince',
  'waitsUntil',
  'flag',
  'flagSince',
  'endedAt',
  'reconciledAt',
] as const satisfies readonly ColumnName[];

/**
 * A condition over the table that only fresh runs meet, and of them most: no threshold of any rule is reached, and nothing is out of the
 * ordinary. It costs a tenth of a verdict. False where the policy leaves no room for it.
 */
export function plainlyFresh(policy: Policy, columns: RunColumns, kit: SqlKit, now: SqlText): SqlText {
  const { dialect, time } = kit;
  const text = (name: ColumnName) => columnText(columns, name, dialect);
  const each = (names: readonly ColumnName[], condition: (column: SqlText) => SqlText) =>
    names.flatMap((name) => {
      const column = text(name);
      return column === undefined ? [] : [condition(column)];
    });
  const silence = leastThreshold(policy, 'silence');
  if (silence <= 0) return NO_ROW;
  const { least, most } = RUN_LIMITS.heartbeatInterval;
  const outcomes = RUN_OUTCOMES.filter((outcome) => outcome !== 'unknown');

  /** Neither before the calendar nor in the future, and younger than the threshold. */
  function younger(column: SqlText, threshold: number): SqlText {
    const at = time.read(column);
    const young = `${at} > ${now} - ${time.duration(threshold)}`;
    return `${at} <= ${now} and ${Number.isFinite(threshold) ? young : `${at} >= ${time.first}`}`;
  }

  function own(status: RunStatus, name: ColumnName, threshold: number): SqlText[] {
    const column = text(name);
    if (column === undefined || threshold <= 0) return [];
    return [`(${dialect.isOneOf(String(text('status')), [status])} and ${younger(column, threshold)})`];
  }

  const clocks = [
    ...own('running', 'startedAt', leastThreshold(policy, 'run')),
    ...own('queued', 'queuedAt', leastThreshold(policy, 'queue')),
  ];
  if (clocks.length === 0) return NO_ROW;
  const orNull = (condition: (column: SqlText) => SqlText) => (column: SqlText) =>
    `(${column} is null or (${condition(column)}))`;
  return [
    `(${clocks.join(' or ')})`,
    ...each(UNUSED, (column) => `${column} is null`),
    ...each(
      ['heartbeatAt'],
      orNull((column) => younger(column, silence)),
    ),
    ...each(
      ['queuedAt', 'startedAt', 'notBefore', 'phaseAt'],
      orNull((column) => younger(column, Infinity)),
    ),
    ...each(
      ['deadlineAt'],
      orNull((column) => `${time.read(column)} > ${now} and ${time.read(column)} < ${time.beyond}`),
    ),
    ...each(
      ['heartbeatInterval'],
      orNull((column) => `${column} between ${least} and ${most}`),
    ),
    ...each(
      ['outcome'],
      orNull((column) => dialect.isOneOf(column, outcomes)),
    ),
  ].join('\n  and ');
}
