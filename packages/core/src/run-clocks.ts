import type { DurationMs } from './duration.js';
import type { Limits } from './thresholds.js';
import type { Instant } from './run.js';

/** What an active run is judged by. */
export type ClockName = 'queue' | 'run' | 'silence' | 'hold' | 'deadline' | 'flag';

/** One clock of an active run under its thresholds. It is independent of `now` and valid at any instant. */
export type Clock = {
  readonly name: ClockName;
  /** Where its age starts; for the deadline, the deadline itself. */
  readonly startAt: Instant;
  readonly limits: Limits;
  /** It judges the run from this instant, `-Infinity` for any … */
  readonly appliesFrom: Instant;
  /** … until this one, `Infinity` for no end. */
  readonly appliesUntil: Instant;
  /** Before it, the start is further in the future than the policy tolerates; `-Infinity` if it may be in the future. */
  readonly usableFrom: Instant;
  /** After this instant the run is late by this clock … */
  readonly lateAt: Instant;
  /** … and after this one likely stuck. */
  readonly staleAt: Instant;
};

/** A clock whose values those of the next run replace. */
type Slot = { -readonly [Key in keyof Clock]: Clock[Key] };

/**
 * All clocks of a run under its thresholds, from which its verdict follows, now and later. `clocksOf` fills it.
 *
 * It can be filled again for the next run: to make new clocks for each run would take longer than to judge it.
 */
export class RunClocks {
  /** The silence clock, where the policy lets a heartbeat vouch for the run and it has no flag. */
  voucher: Clock | undefined;
  /** The run has a flag that the policy does not ignore. */
  flagged = false;
  /** How many clocks the run has. */
  size = 0;
  /** From this instant all clocks apply and can be used … */
  settledFrom: Instant = -Infinity;
  /** … until this one. In between, time makes the verdict worse only … */
  settledUntil: Instant = Infinity;
  /** … and from this instant on a clock says late. */
  firstLate: Instant = Infinity;
  readonly #slots: Slot[] = [];

  /** The clock at an index below `size`, the most significant one first. It is valid until the next run. */
  at(index: number): Clock {
    return this.#slots[index] as Slot;
  }

  /** Removes the clocks of the previous run. */
  clear(): void {
    this.voucher = undefined;
    this.flagged = false;
    this.size = 0;
    this.settledFrom = -Infinity;
    this.settledUntil = this.firstLate = Infinity;
  }

  /** Adds a clock. `tolerance` is how far its start may be in the future, `Infinity` for any. */
  add(
    name: ClockName,
    startAt: Instant,
    limits: Limits,
    tolerance: DurationMs,
    appliesFrom: Instant,
    appliesUntil: Instant,
  ): Clock {
    const clock = (this.#slots[this.size++] ??= {} as Slot);
    const usableFrom = startAt - tolerance;
    const endless = name !== 'hold' || appliesUntil === Infinity;
    // Nothing is late by a hold that ends by itself.
    const lateAt = endless ? reach(startAt, limits.late, usableFrom, appliesFrom) : Infinity;
    clock.name = name;
    clock.startAt = startAt;
    clock.limits = limits;
    clock.appliesFrom = appliesFrom;
    clock.appliesUntil = appliesUntil;
    clock.usableFrom = usableFrom;
    clock.lateAt = lateAt;
    clock.staleAt = endless ? reach(startAt, limits.stale, usableFrom, appliesFrom) : Infinity;
    if (usableFrom > this.settledFrom) this.settledFrom = usableFrom;
    if (appliesFrom > this.settledFrom) this.settledFrom = appliesFrom;
    if (appliesUntil < this.settledUntil) this.settledUntil = appliesUntil;
    if (lateAt < this.firstLate) this.firstLate = lateAt;
    return clock;
  }
}

/** When a clock reaches a threshold. One of 0 is reached as soon as the clock can be used. */
function reach(startAt: Instant, threshold: DurationMs, usableFrom: Instant, appliesFrom: Instant): Instant {
  const at = threshold > 0 || usableFrom === -Infinity ? startAt + threshold : usableFrom;
  return at < appliesFrom ? appliesFrom : at;
}
