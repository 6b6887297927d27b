import type { SqlText } from './sql-text.js';
import type { SqlTime } from './sql-time.js';
import type { Stage } from './stages.js';
import type { SqlThresholds } from './thresholds.js';

/**
 * The clocks of a row, as `clocksOf` has them: `<clock>_start`, `_from`, `_until`, `_usable` (the instant), `_late_at`, `_stale_at`.
 * `own` is the `queue` or `run` clock; `moved` the flag clock that replaces `flag` while its start is too far in the future.
 */
const CLOCKS = ['hold', 'own', 'silence', 'deadline', 'moved', 'flag'] as const;
type SqlClock = (typeof CLOCKS)[number];

/** Where the clocks of a row start, and their thresholds. */
export function startStage({ of, ofFlag, value }: SqlThresholds): Stage {
  const phaseStart = `greatest(case when queued then greatest(queued_at, not_before) else coalesce(started_at, queued_at) end,
      phase_at, hold_until)`;
  const free = '(not held or hold_until is not null)';
  const moved = 'greatest(queued_at, started_at, phase_at)';
  const held = `coalesce(hold_since, ${moved}, hold_until)`;
  return {
    queued: 'queued',
    hold_until: 'hold_until',
    outcome_unknown: 'outcome_unknown',
    tolerance: value('clock_tolerance'),
    hold_start: `case when held then ${held} end`,
    hold_late: `case when hold_until is null then ${of('hold', 'late')} end`,
    hold_stale: `case when hold_until is null then ${of('hold', 'stale')} end`,
    own_start: `case when ${free} then ${phaseStart} end`,
    // These two may legitimately be in the future.
    own_planned: `coalesce(${phaseStart} = hold_until, false) or (queued and coalesce(${phaseStart} = not_before, false))`,
    own_late: `case when queued then ${of('queue', 'late')} else ${of('run', 'late')} end`,
    own_stale: `case when queued then ${of('queue', 'stale')} else ${of('run', 'stale')} end`,
    silence_start: `case when ${free} and not queued then heartbeat_at end`,
    silence_late: of('silence', 'late'),
    silence_stale: of('silence', 'stale'),
    silence_vouches: value('silence.vouches'),
    deadline_at: 'deadline_at',
    deadline_grace: value('deadline.grace'),
    moved_at: moved,
    flag_start: `coalesce(flag_since, greatest(${moved}, heartbeat_at), hold_since)`,
    flag_dated: 'flag_since is not null',
    flag_late: ofFlag('late'),
    flag_stale: ofFlag('stale'),
  };
}

/** What each clock says at any instant. */
export function reachStage(time: SqlTime): Stage {
  const zero = time.duration(0);
  const never = time.absent;
  // A threshold of zero is reached as soon as the clock can be used; one that is null never is.
  const reach = (start: SqlText, threshold: SqlText, usable: SqlText, from: SqlText) =>
    `case when ${start} is null then null when ${threshold} <= ${zero} then greatest(coalesce(${usable}, ${start}), ${from})
      when ${threshold} > ${zero} then greatest(${start} + ${threshold}, ${from}) end`;
  const clock = (
    name: SqlClock,
    parts: Readonly<Record<'start' | 'late' | 'stale' | 'usable' | 'from' | 'until', SqlText>>,
  ) => {
    const { start, late, stale, usable, from, until } = parts;
    return {
      [`${name}_start`]: start,
      [`${name}_usable`]: usable,
      [`${name}_from`]: from,
      [`${name}_until`]: until,
      [`${name}_late_at`]: reach(start, late, usable, from),
      [`${name}_stale_at`]: reach(start, stale, usable, from),
      [`${name}_late_at_once`]: `coalesce(${late} <= ${zero}, false)`,
      [`${name}_stale_at_once`]: `coalesce(${stale} <= ${zero}, false)`,
    };
  };
  const flagged = '(flag_late is not null or flag_stale is not null)';
  const flagStart = `case when ${flagged} then flag_start end`;
  const standIn = `(${flagged} and moved_at < flag_start)`;
  return {
    queued: 'queued',
    outcome_unknown: 'outcome_unknown',
    flagged,
    silence_vouches: 'silence_vouches',
    ...clock('hold', {
      start: 'hold_start',
      late: 'hold_late',
      stale: 'hold_stale',
      usable: 'case when hold_until is null then hold_start - tolerance end',
      from: never,
      until: 'hold_until',
    }),
    ...clock('own', {
      start: 'own_start',
      late: 'own_late',
      stale: 'own_stale',
      usable: 'case when not own_planned then own_start - tolerance end',
      from: 'hold_until',
      until: never,
    }),
    ...clock('silence', {
      start: 'silence_start',
      late: 'silence_late',
      stale: 'silence_stale',
      usable: 'silence_start - tolerance',
      from: 'hold_until',
      until: never,
    }),
    ...clock('deadline', {
      start: 'deadline_at',
      late: zero,
      stale: 'deadline_grace',
      usable: never,
      from: never,
      until: never,
    }),
    ...clock('moved', {
      start: `case when ${standIn} then moved_at end`,
      late: 'flag_late',
      stale: 'flag_stale',
      usable: 'moved_at - tolerance',
      from: never,
      until: 'flag_start - tolerance',
    }),
    ...clock('flag', {
      start: flagStart,
      late: 'flag_late',
      stale: 'flag_stale',
      usable: 'flag_start - tolerance',
      from: `case when ${standIn} and not flag_dated then flag_start - tolerance end`,
      until: never,
    }),
  };
}

/** The verdict of an active row. */
export function stateStage(time: SqlTime, now: SqlText): Stage {
  const instants = CLOCKS.flatMap((name) =>
    ['usable', 'from', 'until', 'late_at', 'stale_at'].map((part) => `${name}_${part}`),
  );
  // While a heartbeat vouches, elapsed time makes nothing stale; if silence is never late, forever.
  const staleAt = (name: SqlClock) =>
    name !== 'own'
      ? `${name}_stale_at`
      : `case when queued or flagged or not silence_vouches or silence_start is null then own_stale_at
          when silence_late_at is not null and own_stale_at is not null then greatest(own_stale_at, silence_late_at) end`;
  return {
    late_at: onCalendar(time, `least(${CLOCKS.map((name) => `${name}_late_at`).join(', ')})`),
    stale_at: onCalendar(time, `least(${CLOCKS.map(staleAt).join(', ')})`),
    usable: `(${CLOCKS.map((name) => isUsable(name, now)).join(' or ')}) and not outcome_unknown`,
    state: stateAt(now),
    fresh_since: `case ${CLOCKS.map((name) => `when ${isUsable(name, now)} then ${name === 'deadline' ? time.absent : `${name}_start`}`).join(' ')} end`,
    late_since: `least(${CLOCKS.map((name) => reachedAt(name, 'late', now)).join(', ')})`,
    stale_since: `least(${CLOCKS.map((name) => reachedAt(name, 'stale', now)).join(', ')})`,
    next_change_at: `(select min(tardy_at) from unnest(array[${instants.join(', ')}]) as tardy_change (tardy_at)
      where tardy_at > ${now} and tardy_at < ${time.beyond} and ${stateAt('tardy_at')} <> ${stateAt(now)})`,
  };
}

/** The worst state of any clock at an instant. */
function stateAt(at: SqlText): SqlText {
  const any = (level: 'late' | 'stale') => CLOCKS.map((name) => hasReached(name, level, at)).join(' or ');
  return `case when ${any('stale')} then 'likely_stale' when ${any('late')} then 'late'
    when not outcome_unknown and (${CLOCKS.map((name) => isUsable(name, at)).join(' or ')}) then 'fresh' else 'unknown' end`;
}

/** `levelAt` of a clock: null and false both mean that it has not. */
function hasReached(name: SqlClock, level: 'late' | 'stale', at: SqlText): SqlText {
  const reached = `${at} >= ${name}_${level}_at and coalesce(${at} < ${name}_until, true)`;
  return name === 'own' && level === 'stale'
    ? `(${reached} and not (not queued and ${isVouched(at)}))`
    : `(${reached})`;
}

function isUsable(name: SqlClock, at: SqlText): SqlText {
  return `(${name}_start is not null and coalesce(${at} >= ${name}_usable, true) and coalesce(${at} >= ${name}_from, true)
    and coalesce(${at} < ${name}_until, true))`;
}

/** Whether a heartbeat vouches for the run at an instant. */
function isVouched(at: SqlText): SqlText {
  return `(silence_vouches and not flagged and ${isUsable('silence', at)} and coalesce(${at} < silence_late_at, true))`;
}

/** When a clock reached the state that it has at `now`; null if it has not reached it. */
function reachedAt(name: SqlClock, level: 'late' | 'stale', now: SqlText): SqlText {
  const at = `${name}_${level}_at`;
  const start = `${name}_start`;
  const reached = `case when ${name}_${level}_at_once and ${start} > ${at} and ${start} <= ${now} then ${start} else ${at} end`;
  const voucher = `case when not queued and silence_vouches and not flagged and silence_late_at <= ${now}
    and silence_late_at > greatest(silence_usable, silence_from) then silence_late_at end`;
  const since = name === 'own' && level === 'stale' ? `greatest(${reached}, ${voucher})` : reached;
  return `case when ${hasReached(name, level, now)} then ${since} end`;
}

function onCalendar(time: SqlTime, at: SqlText): SqlText {
  return `case when ${at} < ${time.beyond} then ${at} end`;
}
