import type { SqlKit } from './kit.js';
import { columnText, type RunColumns } from './run-columns.js';
import type { SqlText } from './sql-text.js';
import { DEGREES } from './state-stages.js';

/** The columns of a verdict, as a join or a list of judged runs has them. */
export const VERDICT_COLUMNS = [
  'late_at',
  'stale_at',
  'usable',
  'state',
  'problem_class',
  'severity',
  'since',
  'next_change_at',
] as const;

/** The name of a column of a verdict. */
export type VerdictColumn = (typeof VERDICT_COLUMNS)[number];

/** The outcomes of a terminal run that need a follow-up. */
const FOLLOW_UP = ['failed', 'blocked', 'partially_succeeded'];

/** What a verdict on a row is made of: the columns of `stateStage`, and of a terminal row what it ended with. */
export type VerdictParts = {
  /** A condition: the row can be read and has ended. Null is no. */
  readonly terminal: SqlText;
  readonly followUp: SqlText;
  readonly endedAt: SqlText;
  readonly reconciledAt: SqlText;
  readonly nextChange: SqlText;
};

/** The verdict over the columns of `stateStage`, whose `degree` is null for a row that is not active or cannot be read. */
export function verdictColumns(parts: VerdictParts): Readonly<Record<VerdictColumn, SqlText>> {
  const { terminal, followUp, endedAt, reconciledAt, nextChange } = parts;
  const { likely_stale, late, fresh, unknown } = DEGREES;
  return {
    late_at: 'late_at',
    stale_at: 'stale_at',
    usable: 'usable',
    state: `case when ${terminal} then case when ${reconciledAt} is not null then 'reconciled' else 'terminal' end
      else case degree when ${likely_stale} then 'likely_stale' when ${late} then 'late' when ${fresh} then 'fresh' when ${unknown} then 'unknown' end end`,
    problem_class: `case when ${terminal} then case when ${followUp} then 'terminal_follow_up' else 'none' end
      when degree = ${fresh} then 'none' when degree is not null then 'active_stale_attention' end`,
    severity: `case when ${terminal} then case when ${followUp} then 2 else 0 end
      else case degree when ${likely_stale} then 5 when ${late} then 4 when ${unknown} then 3 when ${fresh} then 1 end end`,
    since: `case when ${terminal} then coalesce(${reconciledAt}, ${endedAt})
      when degree = ${fresh} then fresh_since
      when degree = ${likely_stale} then stale_since when degree = ${late} then late_since end`,
    next_change_at: nextChange,
  };
}

/** Whether a terminal run needs a follow-up; null is no. Kept simple, so that a partial index can have the same condition. */
export function followUpCondition(columns: RunColumns, { dialect }: SqlKit): SqlText {
  const reconciledAt = columnText(columns, 'reconciledAt', dialect);
  const outcome = columnText(columns, 'outcome', dialect);
  const conditions = [
    ...(reconciledAt === undefined ? [] : [`${reconciledAt} is not null`]),
    ...(outcome === undefined ? [] : [dialect.isOneOf(outcome, FOLLOW_UP)]),
  ];
  return conditions.length === 0 ? '1 = 0' : `(${conditions.join(' or ')})`;
}
