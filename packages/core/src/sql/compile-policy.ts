import type { ProblemClass } from '../classify.js';
import type { Policy } from '../policy.js';
import { columnText, type RunColumns } from './run-columns.js';
import { sqlTime, type SqlTime } from './sql-time.js';
import { identifier, textList, type SqlText } from './sql-text.js';
import { reachStage, startStage, stateStage } from './clock-stages.js';
import { factStage, fieldReader, readable, type Stage } from './stages.js';
import { sqlThresholds } from './thresholds.js';

/** How a policy is compiled. */
export type SqlOptions = {
  /** The instant to judge at: a parameter of your query (`$1`), of the kind of the instants in the table. */
  readonly now: SqlText;
  /** The name under which `lateral` is joined. Default: `verdict`. */
  readonly alias?: string | undefined;
};

/**
 * The verdict of `classify` as SQL. Every text except the last three can be used wherever an expression can: in `select`, `where`, `order by`.
 *
 * All are null for a row that `parseRun` refuses for its status, hold, flag or instants: such a row has no verdict.
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

/** The outcomes of a terminal run that need a follow-up. */
const FOLLOW_UP = ['failed', 'blocked', 'partially_succeeded'];

/**
 * Compiles the policy to one SQL expression over a table of runs, for PostgreSQL 12 and later and compatible databases (PGlite,
 * Citus, Aurora). The verdicts are those of `classify` at the same instant, to the millisecond.
 *
 * @throws {RangeError} for a name that no column can have, or a clock tolerance of thousands of years.
 */
export function compilePolicy(policy: Policy, columns: RunColumns, options: SqlOptions): SqlVerdict {
  const time = sqlTime(columns.instants);
  const verdict = verdictQuery(policy, columns, time, time.now(options.now));
  const alias = identifier(options.alias ?? 'verdict');
  const one = (name: string): SqlText => `(select tardy_verdict.${name} from (${verdict}) as tardy_verdict)`;
  const completed = `${fieldReader(columns, time)('status')} = 'completed'`;
  const active = `${fieldReader(columns, time)('status')} <> 'completed'`;
  const followUp = followUpCondition(columns);
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

/** Each step selects from the previous one, and `offset 0` keeps the planner from inlining a step wherever it is used. */
function verdictQuery(policy: Policy, columns: RunColumns, time: SqlTime, now: SqlText): SqlText {
  const field = fieldReader(columns, time);
  const canBeRead = readable(columns, time);
  const facts = `${select(factStage(policy, columns, time))}\nwhere ${field('status')} <> 'completed' and ${canBeRead} offset 0`;
  const interval = columnText(columns, 'heartbeatInterval') === undefined ? undefined : 'heartbeat_interval';
  const judged = [startStage(sqlThresholds(policy, time, interval)), reachStage(time), stateStage(time, now)].reduce(
    (inner, stage) => `${select(stage)}\nfrom (${inner}) as tardy_step offset 0`,
    facts,
  );
  const terminal = `${field('status')} = 'completed' and ${canBeRead}`;
  return `${select({
    late_at: 'late_at',
    stale_at: 'stale_at',
    usable: 'usable',
    ...verdictColumns(columns, field('endedAt'), field('reconciledAt'), terminal),
    next_change_at: 'next_change_at',
  })}\nfrom (select 1) as tardy_run left join (${judged}) as tardy_active on true`;
}

function verdictColumns(columns: RunColumns, endedAt: SqlText, reconciledAt: SqlText, terminal: SqlText): Stage {
  const followUp = followUpCondition(columns);
  return {
    state: `case when ${terminal} then case when ${reconciledAt} is not null then 'reconciled' else 'terminal' end else state end`,
    problem_class: `case when ${terminal} then case when ${followUp} then 'terminal_follow_up' else 'none' end
      when state = 'fresh' then 'none' when state is not null then 'active_stale_attention' end`,
    severity: `case when ${terminal} then case when ${followUp} then 2 else 0 end
      else case state when 'likely_stale' then 5 when 'late' then 4 when 'unknown' then 3 when 'fresh' then 1 end end`,
    since: `case when ${terminal} then coalesce(${reconciledAt}, ${endedAt})
      when state = 'fresh' then fresh_since
      when state = 'likely_stale' then stale_since when state = 'late' then late_since end`,
  };
}

/** Whether a terminal run needs a follow-up; null is no. Kept simple, so that a partial index can have the same condition. */
function followUpCondition(columns: RunColumns): SqlText {
  const reconciledAt = columnText(columns, 'reconciledAt');
  const outcome = columnText(columns, 'outcome');
  const conditions = [
    ...(reconciledAt === undefined ? [] : [`${reconciledAt} is not null`]),
    ...(outcome === undefined ? [] : [`${outcome} in ${textList(FOLLOW_UP)}`]),
  ];
  return conditions.length === 0 ? 'false' : `(${conditions.join(' or ')})`;
}

function select(stage: Stage): SqlText {
  const columns = Object.entries(stage).map(([name, text]) => `  ${text} as ${name}`);
  return `select\n${columns.join(',\n')}`;
}
