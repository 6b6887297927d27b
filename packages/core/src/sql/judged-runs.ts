import type { Policy } from '../policy.js';
import type { Instant } from '../run.js';
import { RUN_LIMITS } from '../wire-fields.js';
import { reachStage, startStage } from './clock-stages.js';
import type { SqlDialectName } from './dialects/dialect.js';
import { sqlKit, type SqlKit } from './kit.js';
import { plainlyFresh } from './plainly-fresh.js';
import { ruleStage } from './rules.js';
import { columnText, INSTANT_COLUMNS, nameText, type ColumnName, type RunColumns } from './run-columns.js';
import type { SqlText } from './sql-text.js';
import { factStage, fieldReader, isInstant, select, unreadable, type FieldReader, type Stage } from './stages.js';
import { breakStage, nextChange, stateStage } from './state-stages.js';
import { sqlThresholds } from './thresholds.js';
import { followUpCondition, VERDICT_COLUMNS, verdictColumns, type VerdictColumn } from './verdict.js';

/** Which rows are judged, and what is selected of them. */
export type JudgedRunsOptions = {
  readonly dialect: SqlDialectName;
  /** What follows `from`: a table with the alias of the columns, and joins if need be. */
  readonly from: SqlText;
  /** A condition. Leave out what cannot be of interest, such as runs that ended long ago. Default: all rows. */
  readonly where?: SqlText | undefined;
  /** What to select of each row beside its verdict, by name: expressions over `from`. */
  readonly select: Readonly<Record<string, SqlText>>;
  /**
   * The instant to judge at, in epoch milliseconds. A text is an expression for them over `from`; it is used several times, so it must not
   * be a parameter without a number (`?`).
   */
  readonly now: Instant | SqlText;
  /** Which columns of the verdict to compute. Default: all. */
  readonly verdict?: readonly VerdictColumn[] | undefined;
};

/**
 * Statements that need neither LATERAL nor correlated subqueries. The columns of the verdict are named `tardy_state`, `tardy_since` and so
 * on; instants are epoch milliseconds in every database. Append `order by`, or select from one of them in parentheses.
 *
 * A row that `parseRun` refuses has no verdict: its columns are null.
 */
export type JudgedRuns = {
  /** Every row with its verdict. */
  readonly rows: SqlText;
  /**
   * The rows that need attention or a follow-up, and those without a verdict: what is left out is fresh or has ended well. Most fresh rows
   * are recognised by a few comparisons and not judged.
   */
  readonly attention: SqlText;
  /** How many rows are in each state: `tardy_state` and `runs`. The state of rows without a verdict is null. */
  readonly totals: SqlText;
};

/**
 * Compiles the policy to statements over a table of runs, for every dialect. The verdicts are those of `classify` at the same instant, to the
 * millisecond.
 *
 * @throws {RangeError} for a name that no column can have, a kind of instants that the database does not have, or a clock tolerance of
 * thousands of years.
 */
export function judgedRuns(policy: Policy, columns: RunColumns, options: JudgedRunsOptions): JudgedRuns {
  const kit = sqlKit(columns.instants, options.dialect);
  const { dialect, time } = kit;
  const { from, where, select: given, verdict = VERDICT_COLUMNS } = options;
  const fresh = plainlyFresh(policy, columns, kit, time.at(options.now));
  const rest = `case when ${fresh} then 1 else 0 end = 0`;
  const names = [
    ...Object.keys(given).map((name) => nameText(name, dialect)),
    ...verdict.map((name) => verdictName(name)),
  ];
  const conditions = (...more: readonly SqlText[]) => {
    const all = [...(where === undefined ? [] : [`(${where})`]), ...more];
    return all.length === 0 ? '' : `\nwhere ${all.join('\n  and ')}`;
  };
  const judged = (rows: SqlText, columnsGiven: Stage, wanted: readonly VerdictColumn[]) =>
    judgement(policy, columns, kit, options.now, `from ${from}${rows}`, columnsGiven, wanted);
  const forAttention = [...new Set<VerdictColumn>([...verdict, 'problem_class'])];
  const problem = verdictName('problem_class');
  const state = verdictName('state');
  return {
    rows: judged(conditions(), given, verdict),
    attention: `select ${names.join(', ')}
from (${judged(conditions(rest), given, forAttention)}) as tardy_judged
where ${problem} is null or ${problem} <> 'none'`,
    totals: `select ${state}, ${dialect.toInteger('sum(tardy_count)')} as runs
from (
  select 'fresh' as ${state}, count(*) as tardy_count from ${from}${conditions(fresh)}
  union all
  select ${state}, count(*) as tardy_count from (${judged(conditions(rest), {}, ['state'])}) as tardy_judged group by ${state}
) as tardy_totals
group by ${state}
having sum(tardy_count) > 0`,
  };
}

/** Each step selects from the previous one; the first reads the table, and only it names its columns. */
function judgement(
  policy: Policy,
  columns: RunColumns,
  kit: SqlKit,
  at: Instant | SqlText,
  from: SqlText,
  given: Stage,
  wanted: readonly VerdictColumn[],
): SqlText {
  const { dialect, time, isTrue } = kit;
  const now = typeof at === 'number' ? time.at(at) : 'judged_at';
  const kept = Object.keys(given).map((_, index) => `given_${index}`);
  const passed = [
    ...kept,
    ...(typeof at === 'number' ? [] : ['judged_at']),
    ...['is_active', 'is_terminal', 'is_follow_up', rawName('endedAt'), rawName('reconciledAt')],
  ];
  const pass = Object.fromEntries(passed.map((name) => [name, name]));
  const rules = ruleStage(policy, columns, dialect);
  const raw = {
    ...Object.fromEntries(Object.values(given).map((text, index) => [`given_${index}`, text])),
    ...(typeof at === 'number' ? {} : { judged_at: time.at(at) }),
    ...rawStage(columns, kit),
    ...rules,
  };
  const has = (name: ColumnName) => columns[name] !== undefined;
  const field: FieldReader = (name) => {
    if (!isInstant(name)) return has(name) ? rawName(name) : dialect.noText;
    return has(name) ? `case when ${isTrue('is_active')} then ${rawName(name)} end` : time.absent;
  };
  const interval = has('heartbeatInterval') ? 'heartbeat_interval' : undefined;
  const facts = factStage(
    kit,
    field,
    interval === undefined ? undefined : rawName('heartbeatInterval'),
    Object.fromEntries(Object.keys(rules).map((name) => [name, name])),
  );
  const state = stateStage(kit, now);
  const judged = [
    facts,
    startStage(kit, sqlThresholds(policy, kit, interval)),
    reachStage(kit),
    breakStage(kit),
    // A row without a clock is unknown only if it is active.
    {
      ...state,
      usable: `case when ${isTrue('is_active')} then ${state['usable']} end`,
      degree: `case when ${isTrue('is_active')} then ${state['degree']} end`,
    },
  ].reduce(
    (inner, stage) => `${select({ ...pass, ...stage })}\nfrom (${inner}) as tardy_step ${dialect.barrier}`,
    `${select(raw)}\n${from} ${dialect.barrier}`,
  );
  const verdict = verdictColumns({
    terminal: isTrue('is_terminal'),
    followUp: isTrue('is_follow_up'),
    endedAt: rawName('endedAt'),
    reconciledAt: rawName('reconciledAt'),
    nextChange: nextChange(kit, now),
  });
  return `${select({
    ...Object.fromEntries(Object.keys(given).map((name, index) => [nameText(name, dialect), `given_${index}`])),
    ...Object.fromEntries(
      wanted.map((name) => [verdictName(name), INSTANTS.has(name) ? time.milliseconds(verdict[name]) : verdict[name]]),
    ),
  })}\nfrom (${judged}) as tardy_step`;
}

/** The columns of a verdict that are instants. */
const INSTANTS: ReadonlySet<VerdictColumn> = new Set(['late_at', 'stale_at', 'since', 'next_change_at']);

function verdictName(name: VerdictColumn): SqlText {
  return `tardy_${name}`;
}

/** The fields of a row as they are, and what they say of it as far as it does not change with time. */
function rawStage(columns: RunColumns, kit: SqlKit): Stage {
  const { dialect, time, boolean } = kit;
  const { least, most } = RUN_LIMITS.heartbeatInterval;
  const field = fieldReader(columns, kit);
  const interval = columnText(columns, 'heartbeatInterval', dialect);
  const canBeRead = `case when ${unreadable(columns, kit)} then 0 else 1 end = 1`;
  const names = INSTANT_COLUMNS.filter(
    (name) => columns[name] !== undefined || name === 'endedAt' || name === 'reconciledAt',
  );
  return {
    ...Object.fromEntries(
      [...TEXTS.filter((name) => columns[name] !== undefined), ...names].map((name) => [rawName(name), field(name)]),
    ),
    ...(interval === undefined
      ? {}
      : {
          [rawName('heartbeatInterval')]:
            `case when ${interval} between ${least} and ${most} then ${time.seconds(interval)} end`,
        }),
    is_active: boolean(`${canBeRead} and ${field('status')} <> 'completed'`),
    is_terminal: boolean(`${canBeRead} and ${field('status')} = 'completed'`),
    is_follow_up: boolean(followUpCondition(columns, kit)),
  };
}

/** The columns that hold words of the run API. */
const TEXTS = ['status', 'outcome', 'hold', 'flag'] as const satisfies readonly ColumnName[];

function rawName(name: ColumnName): SqlText {
  return `raw_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}
