import type { Freshness } from './classify.js';
import { holdEnd, isHeld, phaseStart } from './clocks.js';
import type { Messages, UnknownCause } from './messages.js';
import { elapsedOf } from './present-elapsed.js';
import { labelKey } from './present-label.js';
import type { ClockName } from './run-clocks.js';
import type { Instant, Run } from './run.js';
import { formatSpan } from './span.js';

/** The sentences about one run, with the data that all of them need. */
export class Words {
  readonly #run: Run;
  readonly #freshness: Freshness;
  readonly #now: Instant;
  readonly #messages: Messages;
  readonly #sourceTitle: string;

  constructor(run: Run, freshness: Freshness, now: Instant, messages: Messages, sourceTitle: string) {
    this.#run = run;
    this.#freshness = freshness;
    this.#now = now;
    this.#messages = messages;
    this.#sourceTitle = sourceTitle;
  }

  headline(label: string): string {
    const { clock, state, since, vouched, skewed } = this.#freshness;
    const { headline, flags, ago } = this.#messages;
    const run = this.#run;
    if (state === 'unknown') return headline.unknown[this.#unknownCause()];
    if (state === 'reconciled') return headline.reconciled(ago(this.#span(this.#age(since))));
    if (state === 'terminal') {
      if (since === undefined) return label;
      const when = ago(this.#span(this.#age(since)));
      return labelKey(run, this.#freshness, this.#now) === 'outcome_unknown'
        ? headline.endedUnknown(when)
        : headline.ended(label, when);
    }
    switch (clock) {
      case 'flag':
        return run.flag === undefined ? label : flags[run.flag.kind];
      case 'silence':
        if (state !== 'fresh') return headline.silent(this.#clockSpan());
        return skewed.includes('run') ? label : this.#running();
      case 'queue':
        return this.#resumesLater() ?? this.#withEarlierStart(headline.queued(this.#clockSpan()));
      case 'hold':
        return (
          this.#resumesLater() ??
          headline.held(run.hold ?? 'event', this.#clockSpan(), run.waitsFor?.name ?? run.waitsFor?.id)
        );
      case 'deadline':
        return run.deadlineAt !== undefined && run.deadlineAt > this.#now
          ? headline.dueIn(this.#span(run.deadlineAt - this.#now))
          : headline.overdue(this.#clockSpan());
      case 'run':
        return vouched && state === 'late' && run.heartbeatAt !== undefined && !skewed.includes('silence')
          ? headline.runningVouched(this.#clockSpan(), this.#span(this.#age(run.heartbeatAt)))
          : this.#running();
      case undefined:
        return label;
    }
  }

  reason(): string {
    const { state, skewed, vouched, clock, rule, thresholdMs } = this.#freshness;
    const { reason } = this.#messages;
    const run = this.#run;
    const sentences: string[] = [];
    if (state === 'unknown') sentences.push(reason.unknown[this.#unknownCause()](run.native?.status ?? run.status));
    else if (state === 'reconciled') {
      const { from = '', reason: why = '' } = run.reconciliation ?? {};
      sentences.push(reason.reconciled(from, withoutStop(why)));
    } else if (state === 'terminal')
      sentences.push(reason.ended(this.#duration(), withStop(run.failure?.message ?? '')));
    else {
      const silent = elapsedOf(run, this.#freshness, this.#now, this.#messages);
      if (silent?.kind === 'silent') {
        sentences.push(reason.workedThenSilent(this.#span(silent.workedMs), this.#span(silent.silentMs)));
      }
      if (run.flag !== undefined) {
        const { kind, by = 'source', text = '' } = run.flag;
        sentences.unshift(reason.flag(by, this.#sourceTitle, kind, withoutStop(text) || undefined));
      }
      if (clock !== undefined && thresholdMs !== undefined) {
        sentences.push(this.#threshold(clock, thresholdMs, rule ?? ''));
        if (state !== 'fresh' && clock === 'run') {
          if (vouched && !skewed.includes('silence')) sentences.push(reason.vouched);
          else if (run.heartbeatAt === undefined) sentences.push(reason.noHeartbeat);
        }
      }
    }
    if (skewed.length > 0 && state !== 'unknown') {
      sentences.push(reason.skewed(skewed));
    }
    if (this.#freshness.confirmed === false) sentences.push(reason.unconfirmed);
    return sentences.join(' ');
  }

  guidance(): string {
    const { state, clock, flagged } = this.#freshness;
    const { guidance } = this.#messages;
    const run = this.#run;
    switch (state) {
      case 'unknown':
        return guidance.unknown[this.#unknownCause()];
      case 'reconciled':
        return guidance.reconciled;
      case 'terminal':
        if (run.outcome === 'failed') return guidance.failed;
        if (run.outcome === 'blocked') return guidance.blocked;
        return run.outcome === 'partially_succeeded' ? guidance.partiallySucceeded : '';
      case 'fresh':
        return this.#withClockCare(run.hold !== undefined && isHeld(run, this.#now) ? guidance.holds[run.hold] : '');
      case 'late':
      case 'likely_stale':
        // A flag says more than a duration, whichever decided.
        if (run.flag !== undefined && flagged) return this.#withClockCare(guidance.flags[run.flag.kind]);
        if (clock === undefined || clock === 'flag') return '';
        return this.#withClockCare(guidance[state === 'late' ? 'late' : 'stale'][clock]);
    }
  }

  /** A wrong clock makes its evidence unusable until it is corrected. */
  #withClockCare(guidance: string): string {
    if (this.#freshness.skewed.length === 0) return guidance;
    return `${guidance} ${this.#messages.guidance.unknown.clock_skew}`.trimStart();
  }

  #threshold(clock: ClockName, thresholdMs: number, rule: string): string {
    const { reason } = this.#messages;
    const { state } = this.#freshness;
    if (clock === 'deadline' && state !== 'likely_stale') {
      return state === 'late' ? reason.deadlinePassed : reason.deadlineAhead;
    }
    if (clock === 'hold' && holdEnd(this.#run) !== undefined) return reason.holdEnds;
    if (thresholdMs === Infinity) return reason.neverLate(clock, rule);
    const level = state === 'likely_stale' ? 'likely_stale' : 'late';
    return thresholdMs === 0
      ? reason.atOnce(level, clock, rule)
      : reason.threshold(level, clock, this.#span(thresholdMs), rule);
  }

  #running(): string {
    const { headline } = this.#messages;
    const span = this.#span(this.#age(phaseStart(this.#run) ?? this.#run.heartbeatAt));
    const silent = elapsedOf(this.#run, this.#freshness, this.#now, this.#messages);
    return this.#withEarlierStart(
      silent?.kind === 'silent' ? headline.runningSilent(span, this.#span(silent.silentMs)) : headline.running(span),
    );
  }

  /** Adds when the run first started, or was first queued, if its current phase began later. */
  #withEarlierStart(text: string): string {
    const { startedAt, queuedAt, notBefore, status } = this.#run;
    const { headline, ago } = this.#messages;
    const start = phaseStart(this.#run);
    const first = startedAt ?? queuedAt;
    if (start === undefined || first === undefined || start <= first || start > this.#now) return text;
    // Waiting for a scheduled time is not worth mentioning.
    if (status === 'queued' && startedAt === undefined && start === notBefore) return text;
    const before = ago(this.#span(this.#age(first)));
    return startedAt === undefined ? headline.queuedBefore(text, before) : headline.startedBefore(text, before);
  }

  /** For a run that waits for an instant in the future. */
  #resumesLater(): string | undefined {
    const { notBefore, hold, status } = this.#run;
    const at = hold === undefined ? notBefore : holdEnd(this.#run);
    if (at === undefined || at <= this.#now) return undefined;
    const span = this.#span(at - this.#now);
    const { startsIn, goesOnIn, retriesIn } = this.#messages.headline;
    if (hold === 'retry') return retriesIn(span);
    return status === 'queued' ? startsIn(span) : goesOnIn(span);
  }

  #unknownCause(): UnknownCause {
    if (this.#run.outcome === 'unknown') return 'status';
    return this.#freshness.skewed.length > 0 ? 'clock_skew' : 'no_time';
  }

  #duration(): string | undefined {
    const { startedAt, endedAt } = this.#run;
    return startedAt === undefined || endedAt === undefined || endedAt < startedAt
      ? undefined
      : this.#span(endedAt - startedAt);
  }

  #clockSpan(): string {
    return this.#span(this.#freshness.ageMs ?? 0);
  }

  #age(since: Instant | undefined): number {
    return since === undefined ? 0 : Math.max(0, this.#now - since);
  }

  #span(ms: number): string {
    return formatSpan(ms, this.#messages.units);
  }
}

/** Third-party text at the end of a sentence that has its own full stop. */
function withoutStop(text: string): string {
  const trimmed = text.trim();
  let end = trimmed.length;
  while (trimmed[end - 1] === '.') end--;
  return trimmed.slice(0, end);
}

/** Third-party text as a separate sentence. */
function withStop(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
