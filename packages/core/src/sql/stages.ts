import { HOLDS, FLAG_KINDS, RUN_OUTCOMES, RUN_STATUSES } from '../run.js';
import type { Policy } from '../policy.js';
import { ruleColumn, ruleConditions } from './rules.js';
import { columnText, INSTANT_COLUMNS, type ColumnName, type RunColumns } from './run-columns.js';
import type { SqlTime } from './sql-time.js';
import { textList, type SqlText } from './sql-text.js';
import type { SqlThresholds } from './thresholds.js';

/** What a step of the judgement selects, by name. */
export type Stage = Readonly<Record<string, SqlText>>;

/** A mapped column, null where the table does not have it. */
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
  const among = (name: ColumnName, values: readonly string[]) => {
    const text = columnText(columns, name);
    return text === undefined ? [] : [`coalesce(${text} in ${textList(values)}, ${name !== 'status'})`];
  };
  return [
    ...among('status', RUN_STATUSES),
    ...among('hold', HOLDS),
    ...among('flag', FLAG_KINDS),
    ...(instants === ''
      ? []
      : [
          `coalesce(least(${instants}) >= ${time.first}, true)`,
          `coalesce(greatest(${instants}) < ${time.beyond}, true)`,
        ]),
  ].join(' and ');
}

/** The facts of an active row, under names of our own: the one step that sees the table. */
export function factStage(policy: Policy, columns: RunColumns, time: SqlTime): Stage {
  const field = fieldReader(columns, time);
  const known = RUN_OUTCOMES.filter((outcome) => outcome !== 'unknown');
  return {
    queued: `${field('status')} = 'queued'`,
    held: `${field('hold')} is not null`,
    scheduled_hold: `coalesce(${field('hold')} = 'schedule', false)`,
    // An unknown outcome is read as `unknown`, a missing one as `pending`.
    outcome_unknown: `coalesce(${field('outcome')} not in ${textList(known)}, false)`,
    hold_since: field('holdSince'),
    queued_at: field('queuedAt'),
    not_before: field('notBefore'),
    started_at: field('startedAt'),
    heartbeat_at: field('heartbeatAt'),
    deadline_at: field('deadlineAt'),
    flagged: `${field('flag')} is not null`,
    flag_since: field('flagSince'),
    ...Object.fromEntries(ruleConditions(policy, columns).map((condition, index) => [ruleColumn(index), condition])),
  };
}

/** Where the clocks of a row start, and its thresholds. */
export function startStage(thresholds: SqlThresholds): Stage {
  const { late, stale, value } = thresholds;
  const holdStart = 'coalesce(hold_since, greatest(queued_at, started_at))';
  const notBeforeIsLatest = (other: SqlText) => `coalesce(not_before >= ${other}, not_before is not null)`;
  return {
    start_at: `case when scheduled_hold then greatest(${holdStart}, not_before) when held then ${holdStart}
      when queued then greatest(queued_at, not_before) else coalesce(started_at, queued_at) end`,
    // A start given by `not_before` may legitimately lie in the future.
    start_planned: `case when held then scheduled_hold and ${notBeforeIsLatest(holdStart)}
      else queued and ${notBeforeIsLatest('queued_at')} end`,
    start_late: `case when held then ${late('hold')} when queued then ${late('queue')} else ${late('run')} end`,
    start_stale: `case when held then ${stale('hold')} when queued then ${stale('queue')} else ${stale('run')} end`,
    silence_at: 'case when not held and not queued then heartbeat_at end',
    silence_late: late('silence'),
    silence_stale: stale('silence'),
    silence_vouches: value('silence.vouches'),
    deadline_at: 'deadline_at',
    deadline_grace: value('deadline.grace'),
    tolerance: value('clock_tolerance'),
    flag: `case when flagged then nullif(${value('flag')}, 'ignore') end`,
    flag_since: 'flag_since',
    outcome_unknown: 'outcome_unknown',
  };
}

/** When each clock reaches its thresholds, and when it becomes usable. */
export function reachStage(time: SqlTime): Stage {
  const zero = time.duration(0);
  // A threshold of zero is reached as soon as the clock can be used; one that is null never is.
  const reach = (start: SqlText, threshold: SqlText, usableFrom: SqlText) =>
    `case when ${threshold} <= ${zero} then ${usableFrom} else ${start} + ${threshold} end`;
  const startFrom = 'case when start_planned then start_at else start_at - tolerance end';
  const silenceFrom = 'silence_at - tolerance';
  return {
    start_at: 'start_at',
    start_skewed_until: 'case when not start_planned then start_at - tolerance end',
    start_late_at: reach('start_at', 'start_late', startFrom),
    start_stale_at: reach('start_at', 'start_stale', startFrom),
    silence_at: 'silence_at',
    silence_skewed_until: silenceFrom,
    silence_late_at: reach('silence_at', 'silence_late', silenceFrom),
    silence_stale_at: reach('silence_at', 'silence_stale', silenceFrom),
    vouched: 'silence_at is not null and silence_vouches and flag is null',
    deadline_at: 'deadline_at',
    deadline_stale_at: 'deadline_at + deadline_grace',
    flag: 'flag',
    flag_since: 'flag_since',
    outcome_unknown: 'outcome_unknown',
  };
}

/** The two instants that the verdict follows from, and whether any clock can be used. */
export function instantStage(time: SqlTime, now: SqlText): Stage {
  const onCalendar = (at: SqlText) => `case when ${at} < ${time.beyond} then ${at} end`;
  // While a heartbeat vouches, elapsed time makes nothing stale; where silence is never late, for good.
  const startStaleAt = `case when not vouched then start_stale_at
    when start_stale_at is not null and silence_late_at is not null then greatest(start_stale_at, silence_late_at) end`;
  return {
    late_at: onCalendar('least(start_late_at, silence_late_at, deadline_at)'),
    stale_at: onCalendar(`least(${startStaleAt}, silence_stale_at, deadline_stale_at)`),
    start_at: `case when not coalesce(start_skewed_until > ${now}, false) then start_at end`,
    silence_at: `case when not silence_skewed_until > ${now} then silence_at end`,
    usable_from: `least(case when start_skewed_until > ${now} then start_skewed_until end,
      case when silence_skewed_until > ${now} then silence_skewed_until end)`,
    deadline_at: 'deadline_at',
    flag: 'flag',
    flag_since: 'flag_since',
    outcome_unknown: 'outcome_unknown',
  };
}

/** The verdict of an active row. */
export function stateStage(now: SqlText): Stage {
  return {
    late_at: 'late_at',
    stale_at: 'stale_at',
    usable: 'coalesce(start_at, silence_at, deadline_at) is not null and not outcome_unknown',
    state: `case when flag = 'stale' or ${now} >= stale_at then 'likely_stale'
      when flag is not null or ${now} >= late_at then 'late'
      when outcome_unknown or coalesce(start_at, silence_at, deadline_at) is null then 'unknown'
      else 'fresh' end`,
    usable_from: 'case when not outcome_unknown then usable_from end',
    fresh_since: 'coalesce(start_at, silence_at)',
    flag: 'flag',
    flag_since: 'flag_since',
  };
}
