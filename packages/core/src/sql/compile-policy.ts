import type { ProblemClass } from '../classify.js';
import type { Policy } from '../policy.js';
import { reachStage, startStage } from './clock-stages.js';
import type { SqlDialectName } from './dialects/dialect.js';
import { sqlKit, type SqlKit } from './kit.js';
import { ruleStage } from './rules.js';
import { columnText, nameText, type RunColumns } from './run-columns.js';
import type { SqlText } from './sql-text.js';
import { factStage, fieldReader, select, unreadable } from './stages.js';
import { breakStage, nextChangeOfArray, stateStage } from './state-stages.js';
import { sqlThresholds } from './thresholds.js';
import { followUpCondition, verdictColumns } from './verdict.js';

/** The dialects of databases in which a derived table can read the row it is joined to. For the others there is `judgedRuns`. */
export type LateralDialectName = Extract<SqlDialectName, 'postgresql' | 'duckdb'>;

/** How a policy is compiled. */
export type SqlOptions = {
  /** The instant to judge at: a parameter of your query (`$1`), of the kind of the instants in the table; epoch milliseconds in DuckDB. */
  readonly now: SqlText;
  /** The name under which `lateral` is joined. Default: `verdict`. */
  readonly alias?: string | undefined;
  /** Default: `postgresql`. */
  readonly dialect?: LateralDialectName | undefined;
};

/**
 * The verdict of `classify` as SQL. Every text except the last three can be used wherever an expression can: in `select`, `where`, `order by`.
 *
 * All are null for a row that `parseRun` refuses for its status, hold, flag or instants: such a row has no verdict. Instants are of the
 * kind of the table in PostgreSQL, else epoch milliseconds.
 */
export type SqlVerdict = {
  /**
   * The first instant at which a clock of an active run reaches its late threshold; null for never and for terminal runs. Where all
   * times are usable and no hold is about to end, the run turns late then; in any case `nextChangeAt` is exact.
   */
  readonly lateAt: SqlText;
  /** The same for its stale thresholds. */
  readonly staleAt: SqlText;
  /** Whether an active run can be judged at all. */
  readonly usable: SqlText;
  readonly state: SqlText;
  readonly problemClass: SqlText;
  /** From 0 (ended well) to 5 (likely stuck), as `severityOf`. */
  readonly severity: SqlText;
  /** When the state was reached. */
  readonly since: SqlText;
  readonly nextChangeAt: SqlText;
  /**
   * Whether a run is of this class. Tests first whether it has ended, so that an index can be used. A row that has no verdict is of every
   * class that its status allows, so that it disappears from no list.
   */
  readonly isOfClass: Readonly<Record<ProblemClass, SqlText>>;
  /**
   * What `cross join` takes to judge each row once and have the verdict as columns: `late_at`, `stale_at`, `usable`, `state`,
   * `problem_class`, `severity`, `since`, `next_change_at`.
   */
  readonly lateral: SqlText;
  /** After `order by`, with `lateral` joined: worst first, as `compareRuns` has it. Add your key to end ties. */
  readonly worstFirst: SqlText;
};

/**
 * Compiles the policy to one SQL expression over a table of runs, for PostgreSQL 12 and later and compatible databases (PGlite,
 * Citus, Aurora), and for DuckDB. The verdicts are those of `classify` at the same instant, to the millisecond.
 *
 * @throws {RangeError} for a name that no column can have, a kind of instants that the database does not have, or a clock tolerance of
 * thousands of years.
 */
export function compilePolicy(policy: Policy, columns: RunColumns, options: SqlOptions): SqlVerdict {
  const kit = sqlKit(columns.instants, options.dialect ?? 'postgresql');
  const field = fieldReader(columns, kit);
  const verdict = verdictQuery(policy, columns, kit, kit.time.now(options.now));
  const alias = nameText(options.alias ?? 'verdict', kit.dialect);
  const one = (name: string): SqlText => `(select tardy_verdict.${name} from (${verdict}) as tardy_verdict)`;
  const completed = `${field('status')} = 'completed'`;
  const active = `${field('status')} <> 'completed'`;
  const followUp = followUpCondition(columns, kit);
  return {
    lateAt: one('late_at'),
    staleAt: one('stale_at'),
    usable: one('usable'),
    state: one('state'),
    problemClass: one('problem_class'),
    severity: one('severity'),
    since: one('since'),
    nextChangeAt: one('next_change_at'),
    isOfClass: {
      active_stale_attention: `(${active} and coalesce(${one('state')} <> 'fresh', true))`,
      terminal_follow_up: `(${completed} and ${followUp})`,
      none: `((${completed} and not coalesce(${followUp}, false)) or (${active} and coalesce(${one('state')} = 'fresh', true)))`,
    },
    lateral: `lateral (${verdict}) as ${alias}`,
    worstFirst: `${alias}.severity desc, case when ${active} then ${alias}.since end asc, ${alias}.since desc nulls last`,
  };
}

/** Each step selects from the previous one; the first reads the row that the query is joined to. */
function verdictQuery(policy: Policy, columns: RunColumns, kit: SqlKit, now: SqlText): SqlText {
  const { dialect, time } = kit;
  const field = fieldReader(columns, kit);
  const canBeRead = `case when ${unreadable(columns, kit)} then false else true end`;
  const seconds = columnText(columns, 'heartbeatInterval', dialect);
  const interval = seconds === undefined ? undefined : 'heartbeat_interval';
  const facts = factStage(
    kit,
    field,
    seconds === undefined ? undefined : time.seconds(seconds),
    ruleStage(policy, columns, dialect),
  );
  const first = `${select(facts)}\nwhere ${field('status')} <> 'completed' and ${canBeRead} ${dialect.barrier}`;
  const judged = [
    startStage(kit, sqlThresholds(policy, kit, interval)),
    reachStage(kit),
    breakStage(kit),
    stateStage(kit, now),
  ].reduce((inner, stage) => `${select(stage)}\nfrom (${inner}) as tardy_step ${dialect.barrier}`, first);
  const verdict = verdictColumns({
    terminal: `${field('status')} = 'completed' and ${canBeRead}`,
    followUp: followUpCondition(columns, kit),
    endedAt: field('endedAt'),
    reconciledAt: field('reconciledAt'),
    nextChange: nextChangeOfArray(kit, now),
  });
  return `${select(verdict)}\nfrom (select 1 as tardy_one) as tardy_run left join (${judged}) as tardy_active on true`;
}
