import { type Freshness } from './classify.js';
import { holdEnd, isHeld, phaseStart } from './clocks.js';
import { LABEL_ICONS, type IconName } from './icon.js';
import type { LabelKey, Messages, UnknownCause } from './messages.js';
import { en } from './messages/en.js';
import { presentProgress, type ProgressWords } from './present-progress.js';
import type { ClockName } from './run-clocks.js';
import type { Instant, Run } from './run.js';
import { formatSpan } from './span.js';

/** The tone of a state; a surface maps it to its colours, never to words. */
export type Tone = 'calm' | 'success' | 'warning' | 'danger' | 'neutral';

/** How much is shown: a badge and a few words, one line, or sentences. It never changes the words. */
export type Density = 'compact' | 'row' | 'full';

/**
 * How long a run has been active, in milliseconds and words. A silent run has two numbers, since a single growing one would
 * suggest that it still works.
 */
export type Elapsed =
  | { readonly kind: 'span'; readonly ms: number; readonly text: string }
  | { readonly kind: 'silent'; readonly workedMs: number; readonly silentMs: number; readonly text: string };

/** The text for one run at one instant: the same on every surface. */
export type Presentation = {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
  /** A few words on what is happening, without a full stop. */
  readonly headline: string;
  /** Why the run is in this state, in sentences that name the threshold and its rule. */
  readonly reason: string;
  /** What to do; empty if nothing is needed. */
  readonly guidance: string;
  readonly elapsed: Elapsed | undefined;
  readonly progress: ProgressWords | undefined;
};

/** One part of what a surface shows at some density. */
export type PresentationLine = {
  readonly role: 'headline' | 'elapsed' | 'progress' | 'reason' | 'guidance';
  readonly text: string;
};

/**
 * `messages` defaults to English; `previous` is the same run as last seen, for honest progress; `withheld` says that there is no data newer
 * than `now`, so that a healthy run is not called healthy; late and stuck ones stay as they were.
 */
export type PresentOptions = {
  readonly messages?: Messages | undefined;
  readonly previous?: Run | undefined;
  readonly withheld?: boolean | undefined;
  /** The name of the system that the run was read from. Default: the name of its source. */
  readonly sourceTitle?: string | undefined;
};

/**
 * Puts a verdict into words. `now` is when it was judged.
 *
 * Third-party text (titles, types, flags, failures) is passed through as it is: each surface sanitizes it for its output.
 */
export function present(run: Run, freshness: Freshness, now: Instant, options: PresentOptions = {}): Presentation {
  const messages = options.messages ?? en;
  const withheld = options.withheld === true && freshness.state === 'fresh';
  const key = withheld ? 'withheld' : labelKey(run, freshness, now);
  const label = messages.labels[key];
  const words = new Words(run, freshness, now, messages, options.sourceTitle ?? run.source);
  const headline = words.headline(label);
  return {
    label,
    tone: toneOf(key),
    icon: LABEL_ICONS[key],
    headline: withheld ? messages.headline.withheld(headline) : headline,
    reason: withheld ? messages.reason.withheld : words.reason(),
    guidance: withheld ? '' : words.guidance(),
    elapsed: elapsedOf(run, freshness, now, messages),
    progress: presentProgress(run, messages, options.previous),
  };
}

/** The parts to show at a density, in order. */
export function presentationLines(presentation: Presentation, density: Density): readonly PresentationLine[] {
  const { headline, elapsed, progress, reason, guidance } = presentation;
  const lines: PresentationLine[] = [{ role: 'headline', text: headline }];
  if (density === 'compact') return lines;
  if (progress !== undefined) lines.push({ role: 'progress', text: progress.text });
  if (density === 'row') return lines;
  if (elapsed?.kind === 'silent') lines.splice(1, 0, { role: 'elapsed', text: elapsed.text });
  if (reason !== '') lines.push({ role: 'reason', text: reason });
  if (guidance !== '') lines.push({ role: 'guidance', text: guidance });
  return lines;
}

/** The plain-text form: `Likely stuck: No heartbeat for 42 min`, at `full` density one line for each part. */
export function presentationText(presentation: Presentation, density: Density): string {
  const [headline, ...rest] = presentationLines(presentation, density).map(({ text }) => text);
  return [`${presentation.label}: ${headline}`, ...rest].join(density === 'full' ? '\n' : ' · ');
}

/** The label of a run in its state. */
function labelKey(run: Run, { state }: Freshness, now: Instant): LabelKey {
  switch (state) {
    case 'fresh':
      return isHeld(run, now) ? 'hold' : run.status === 'queued' ? 'queued' : 'running';
    case 'late':
      return isHeld(run, now) ? 'hold_late' : run.status === 'queued' ? 'queued_late' : 'late';
    case 'likely_stale':
    case 'unknown':
    case 'reconciled':
      return state;
    case 'terminal':
      return run.outcome === 'unknown' || run.outcome === 'pending' ? 'outcome_unknown' : run.outcome;
  }
}

const TONES: Readonly<Record<LabelKey, Tone>> = {
  queued: 'calm',
  running: 'calm',
  hold: 'calm',
  late: 'warning',
  queued_late: 'warning',
  hold_late: 'warning',
  likely_stale: 'danger',
  unknown: 'neutral',
  reconciled: 'danger',
  succeeded: 'success',
  partially_succeeded: 'warning',
  blocked: 'warning',
  failed: 'danger',
  cancelled: 'neutral',
  skipped: 'neutral',
  outcome_unknown: 'neutral',
  withheld: 'neutral',
};

/** The tone of a label. */
export function toneOf(key: LabelKey): Tone {
  return TONES[key];
}

/** The sentences about one run, with the data that all of them need. */
class Words {
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

/** How long a run has worked, queued or waited; two numbers once its heartbeat is no longer fresh. */
function elapsedOf(run: Run, freshness: Freshness, now: Instant, messages: Messages): Elapsed | undefined {
  const start = startOfElapsed(run, now);
  if (start === undefined || freshness.state === 'unknown' || freshness.skewed.some((name) => OWN_CLOCKS.has(name)))
    return undefined;
  const until = run.status === 'completed' ? (run.endedAt ?? run.reconciliation?.at) : now;
  if (until === undefined) return undefined;
  const span = (ms: number) => formatSpan(ms, messages.units);
  const { heartbeatAt } = run;
  if (freshness.silent && heartbeatAt !== undefined && heartbeatAt >= start) {
    const workedMs = heartbeatAt - start;
    const silentMs = Math.max(0, now - heartbeatAt);
    return { kind: 'silent', workedMs, silentMs, text: messages.elapsed(span(workedMs), span(silentMs)) };
  }
  const ms = Math.max(0, until - start);
  return { kind: 'span', ms, text: span(ms) };
}

/** The clocks that the status and the hold of a run start. */
const OWN_CLOCKS: ReadonlySet<ClockName> = new Set(['hold', 'queue', 'run']);

/** A run in a later phase is counted from its start of that phase; one that waits or has ended, from its start. */
function startOfElapsed(run: Run, now: Instant): Instant | undefined {
  const first = run.startedAt ?? run.queuedAt;
  if (first === undefined || run.status === 'completed' || isHeld(run, now)) return first;
  return Math.max(first, Math.min(phaseStart(run) ?? first, now));
}
