import { CLOCKS, type SqlClock } from './clock-stages.js';
import type { SqlKit } from './kit.js';
import type { SqlText } from './sql-text.js';
import type { Stage } from './stages.js';

/** How bad a state of an active run is; comparing numbers is cheaper than comparing names. */
export const DEGREES = { likely_stale: 3, late: 2, fresh: 1, unknown: 0 } as const;

/**
 * When the state of an active row can differ, over the clocks of `reachStage`. None of these is null: what never comes is after, what always
 * was before every instant.
 *
 * From `lasting_stale`, `lasting_late` and `lasting_fresh` on, a clock that never ends is in that state. The others are states that end: what
 * the run clock says while a heartbeat may vouch, the hold that ends by itself, and the flag clock that stands in for another.
 */
export function breakStage(kit: SqlKit): Stage {
  const { time, isTrue, earliestOrNever, latestOrAlways } = kit;
  const vouchable = `(not ${isTrue('queued')} and ${isTrue('silence_vouches')} and not ${isTrue('flagged')} and silence_start is not null)`;
  const freshFrom = (name: SqlClock) =>
    `case when ${name}_start is not null then ${latestOrAlways([`${name}_usable`, `${name}_from`])} end`;
  return {
    ...Object.fromEntries(
      CLOCKS.flatMap((name) =>
        ['start', 'usable', 'from', 'until', 'late_at', 'stale_at', 'late_at_once', 'stale_at_once']
          .map((part) => `${name}_${part}`)
          .map((column) => [column, column]),
      ),
    ),
    outcome_unknown: 'outcome_unknown',
    lasting_stale: earliestOrNever([
      ...(['hold', 'silence', 'deadline', 'flag'] as const).map((name) => `${name}_stale_at`),
      `case when not ${vouchable} then own_stale_at end`,
    ]),
    vouched_stale: `case when ${vouchable} then coalesce(own_stale_at, ${time.never}) else ${time.never} end`,
    vouch_from: latestOrAlways(['silence_usable', 'silence_from']),
    vouch_until: `coalesce(silence_late_at, ${time.never})`,
    lasting_late: earliestOrNever(CLOCKS.filter((name) => name !== 'moved').map((name) => `${name}_late_at`)),
    lasting_fresh: `case when deadline_start is not null then ${time.always} else ${earliestOrNever([
      'case when hold_start is not null and hold_until is null then hold_usable end',
      freshFrom('own'),
      freshFrom('silence'),
      freshFrom('flag'),
    ])} end`,
    held_until: `coalesce(case when hold_start is not null then hold_until end, ${time.always})`,
    moved_stale: `coalesce(moved_stale_at, ${time.never})`,
    moved_late: `coalesce(moved_late_at, ${time.never})`,
    moved_fresh: `case when moved_start is not null then moved_usable else ${time.never} end`,
    moved_end: `coalesce(moved_until, ${time.never})`,
  };
}

/** The columns of `breakStage` at which the state may differ from what it was a millisecond before. */
const BREAKS = [
  'lasting_stale',
  'vouched_stale',
  'vouch_from',
  'vouch_until',
  'lasting_late',
  'lasting_fresh',
  'held_until',
  'moved_stale',
  'moved_late',
  'moved_fresh',
  'moved_end',
];

/** The verdict of an active row; `now` is an expression over the columns of `breakStage`. */
export function stateStage(kit: SqlKit, now: SqlText): Stage {
  const { time, boolean, isTrue, earliest, latest } = kit;
  const others = CLOCKS.filter((name) => name !== 'own').map((name) => `${name}_stale_at`);
  // While a heartbeat vouches, elapsed time makes nothing stale; if silence is never late, forever.
  const own = `case when ${mayBeVouched(kit)} then case when silence_late_at is not null then ${latest(['own_stale_at', 'silence_late_at'])} end
      else own_stale_at end`;
  return {
    ...Object.fromEntries(BREAKS.map((name) => [name, name])),
    outcome_unknown: 'outcome_unknown',
    late_at: onCalendar(kit, earliest(CLOCKS.map((name) => `${name}_late_at`))),
    stale_at: onCalendar(kit, earliest([...others, own])),
    usable: boolean(`not ${isTrue('outcome_unknown')} and ${isFresh(now)}`),
    degree: degreeAt(kit, now),
    fresh_since: `case ${CLOCKS.map((name) => `when ${isUsable(kit, name, now)} then ${name === 'deadline' ? time.absent : `${name}_start`}`).join(' ')} end`,
    late_since: earliest(CLOCKS.map((name) => reachedAt(kit, name, 'late', now))),
    stale_since: earliest(CLOCKS.map((name) => reachedAt(kit, name, 'stale', now))),
  };
}

/** The first instant after `now` at which the state is another, over the columns of `stateStage`. */
export function nextChange(kit: SqlKit, now: SqlText): SqlText {
  return kit.earliest(BREAKS.map((at) => `case when ${isChange(kit, at, now)} then ${at} end`));
}

/** The same a tenth as long, for databases that have arrays and correlated subqueries. */
export function nextChangeOfArray(kit: SqlKit, now: SqlText): SqlText {
  return `(select min(tardy_at) from unnest(array[${BREAKS.join(', ')}]) as tardy_change (tardy_at) where ${isChange(kit, 'tardy_at', now)})`;
}

function isChange(kit: SqlKit, at: SqlText, now: SqlText): SqlText {
  return `${at} > ${now} and ${at} < ${kit.time.beyond} and ${degreeAt(kit, at)} <> degree`;
}

/** How bad the state is at an instant, one of `DEGREES`. */
function degreeAt({ isTrue }: SqlKit, at: SqlText): SqlText {
  return `case when ${at} >= lasting_stale or (${at} >= vouched_stale and not (${at} >= vouch_from and ${at} < vouch_until))
      or (${at} >= moved_stale and ${at} < moved_end) then ${DEGREES.likely_stale}
    when ${at} >= lasting_late or (${at} >= moved_late and ${at} < moved_end) then ${DEGREES.late}
    when not ${isTrue('outcome_unknown')} and ${isFresh(at)} then ${DEGREES.fresh} else ${DEGREES.unknown} end`;
}

function isFresh(at: SqlText): SqlText {
  return `(${at} >= lasting_fresh or ${at} < held_until or (${at} >= moved_fresh and ${at} < moved_end))`;
}

function isUsable({ time }: SqlKit, name: SqlClock, at: SqlText): SqlText {
  return `(${name}_start is not null and ${at} >= coalesce(${name}_usable, ${time.always}) and ${at} >= coalesce(${name}_from, ${time.always})
    and ${at} < coalesce(${name}_until, ${time.never}))`;
}

/** `levelAt` of a clock; null is no. */
function hasReached(name: SqlClock, level: 'late' | 'stale', at: SqlText, { time }: SqlKit): SqlText {
  const reached = `${at} >= ${name}_${level}_at and ${at} < coalesce(${name}_until, ${time.never})`;
  return name === 'own' && level === 'stale'
    ? `${reached} and not (${mayBeVouched({ time })} and ${at} >= vouch_from and ${at} < vouch_until)`
    : reached;
}

/** When a clock reached the state that it has at `now`; null if it has not reached it. */
function reachedAt(kit: SqlKit, name: SqlClock, level: 'late' | 'stale', now: SqlText): SqlText {
  const at = `${name}_${level}_at`;
  const start = `${name}_start`;
  const reached = `case when ${kit.isTrue(`${at}_once`)} and ${start} > ${at} and ${start} <= ${now} then ${start} else ${at} end`;
  const voucher = `case when ${mayBeVouched(kit)} and silence_late_at <= ${now} and silence_late_at > vouch_from then silence_late_at end`;
  const since = name === 'own' && level === 'stale' ? kit.latest([reached, voucher]) : reached;
  return `case when ${hasReached(name, level, now, kit)} then ${since} end`;
}

/** Whether a heartbeat may keep the run clock from making the row stale. */
function mayBeVouched({ time }: Pick<SqlKit, 'time'>): SqlText {
  return `vouched_stale < ${time.never}`;
}

function onCalendar({ time }: SqlKit, at: SqlText): SqlText {
  return `case when ${at} < ${time.beyond} then ${at} end`;
}
