import type { SqlKit } from './kit.js';
import type { SqlText } from './sql-text.js';
import type { Stage } from './stages.js';
import type { SqlThresholds } from './thresholds.js';

/**
 * The clocks of a row, as `clocksOf` has them: `<clock>_start`, `_from`, `_until`, `_usable` (the instant), `_late_at`, `_stale_at`.
 * `own` is the `queue` or `run` clock; `moved` the flag clock that replaces `flag` while its start is too far in the future.
 */
export const CLOCKS = ['hold', 'own', 'silence', 'deadline', 'moved', 'flag'] as const;

/** The name of a clock of a row. */
export type SqlClock = (typeof CLOCKS)[number];

/** Where the clocks of a row start, and their thresholds. */
export function startStage(kit: SqlKit, thresholds: SqlThresholds): Stage {
  const { isTrue, boolean, latest } = kit;
  const { of, ofFlag, grace, tolerance, vouches } = thresholds;
  const queued = isTrue('queued');
  const free = `(not ${isTrue('held')} or hold_until is not null)`;
  const phaseStart = latest([
    `case when ${queued} then ${latest(['queued_at', 'not_before'])} else coalesce(started_at, queued_at) end`,
    'phase_at',
    'hold_until',
  ]);
  return {
    queued: 'queued',
    hold_until: 'hold_until',
    not_before: 'not_before',
    moved_at: 'moved_at',
    outcome_unknown: 'outcome_unknown',
    tolerance,
    hold_start: `case when ${isTrue('held')} then coalesce(hold_since, moved_at, hold_until) end`,
    hold_late: `case when hold_until is null then ${of('hold', 'late')} end`,
    hold_stale: `case when hold_until is null then ${of('hold', 'stale')} end`,
    own_start: `case when ${free} then ${phaseStart} end`,
    own_late: `case when ${queued} then ${of('queue', 'late')} else ${of('run', 'late')} end`,
    own_stale: `case when ${queued} then ${of('queue', 'stale')} else ${of('run', 'stale')} end`,
    silence_start: `case when ${free} and not ${queued} then heartbeat_at end`,
    silence_late: of('silence', 'late'),
    silence_stale: of('silence', 'stale'),
    silence_vouches: vouches,
    deadline_start: 'deadline_at',
    deadline_stale: grace,
    flag_begin: `coalesce(flag_since, ${latest(['moved_at', 'heartbeat_at'])}, hold_since)`,
    flag_dated: boolean('flag_since is not null'),
    flag_late: ofFlag('late'),
    flag_stale: ofFlag('stale'),
  };
}

/** What each clock says at any instant. */
export function reachStage(kit: SqlKit): Stage {
  const { time, boolean, isTrue, latest } = kit;
  const zero = time.duration(0);
  const never = time.absent;
  // A threshold of zero is reached as soon as the clock can be used; one that is null never is.
  const reach = (start: SqlText, threshold: SqlText, usable: SqlText, from: SqlText) => {
    const begin = usable === never ? start : `coalesce(${usable}, ${start})`;
    return `case when ${start} is null then ${never} when ${threshold} <= ${zero} then ${latest([begin, from])}
      when ${threshold} > ${zero} then ${latest([`${start} + ${threshold}`, from])} end`;
  };
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
      [`${name}_late_at_once`]: boolean(`${late} <= ${zero}`),
      [`${name}_stale_at_once`]: boolean(`${stale} <= ${zero}`),
    };
  };
  const flagged = '(flag_late is not null or flag_stale is not null)';
  const standIn = `(${flagged} and moved_at < flag_begin)`;
  return {
    queued: 'queued',
    outcome_unknown: 'outcome_unknown',
    flagged: boolean(flagged),
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
      // These two starts may legitimately be in the future.
      usable: `case when own_start = hold_until then ${never} when ${isTrue('queued')} and own_start = not_before then ${never}
        else own_start - tolerance end`,
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
      start: 'deadline_start',
      late: zero,
      stale: 'deadline_stale',
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
      until: 'flag_begin - tolerance',
    }),
    ...clock('flag', {
      start: `case when ${flagged} then flag_begin end`,
      late: 'flag_late',
      stale: 'flag_stale',
      usable: 'flag_begin - tolerance',
      from: `case when ${standIn} and not ${isTrue('flag_dated')} then flag_begin - tolerance end`,
      until: never,
    }),
  };
}
