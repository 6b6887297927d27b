import { parseDuration, type DurationMs } from './duration.js';
import { TOOK_SHARES } from './learned.js';
import { compileMatch } from './match.js';
import type { Policy } from './policy.js';
import type { Instant, Run } from './run.js';
import { formatSpan, type SpanUnits } from './span.js';

/** A run among those of its type that a threshold was learned from. */
export type RunHistory = {
  /** How long the run has taken, or took. */
  readonly elapsed: DurationMs;
  /** It took longer than this share of them, and perhaps longer than more: only a few shares are known. */
  readonly share: number;
  /** How many they were, and the day on which the first of them ended. */
  readonly runs: number;
  readonly since: string;
  /** How long they took, at the shares of `TOOK_SHARES`; rising. */
  readonly took: readonly DurationMs[];
};

/** The words about a run among those of its type, in one language. Counts, shares and spans come in as text. */
export type HistoryWords = {
  readonly title: string;
  readonly longest: (runs: string) => string;
  readonly shortest: (runs: string) => string;
  readonly longerThan: (percent: string, runs: string) => string;
  readonly shorterThan: (percent: string, runs: string) => string;
  /** How long half of them and nearly all of them took. */
  readonly usual: (half: string, most: string) => string;
};

/**
 * A run among those of its type, by what its policy has learned; `undefined` for a run that has not started, and where nothing was learned about its
 * type. The rule counts even if another one overrides its thresholds.
 */
export function runHistory(run: Run, policy: Policy, now: Instant): RunHistory | undefined {
  const { startedAt } = run;
  const learned = policy.document.rules
    .filter((rule) => rule.learned?.took.length === TOOK_SHARES.length && compileMatch(rule.match)(run))
    .at(-1)?.learned;
  const end = run.status === 'completed' ? run.endedAt : now;
  if (learned === undefined || startedAt === undefined || end === undefined || end < startedAt) return undefined;
  const took = learned.took.map((text) => parseDuration(text) ?? NaN);
  const elapsed = end - startedAt;
  const share = TOOK_SHARES[took.filter((one) => elapsed > one).length - 1] ?? 0;
  return { elapsed, share, runs: learned.runs, since: learned.since, took };
}

/** What people read about it: `Longer than 99.5% of 812 earlier runs of its type`, and how long these took. */
export function presentHistory(
  { elapsed, share, runs, took }: RunHistory,
  words: HistoryWords,
  { locale, units }: { readonly locale: string; readonly units: SpanUnits },
): { readonly headline: string; readonly usual: string } {
  const count = runs.toLocaleString(locale);
  const percent = (part: number) => part.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 });
  const span = (wanted: number) => formatSpan(took[TOOK_SHARES.indexOf(wanted)] ?? 0, units);
  return { headline: headline(), usual: words.usual(span(0.5), span(0.99)) };

  function headline(): string {
    if (share === 1) return words.longest(count);
    if (share > 0) return words.longerThan(percent(share), count);
    const [least = 0] = took;
    return elapsed > least ? words.shorterThan(percent(1 - (TOOK_SHARES[1] ?? 0)), count) : words.shortest(count);
  }
}
