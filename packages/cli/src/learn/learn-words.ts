import { formatDuration, formatInstant, type Instant } from '@tardy/core';
import { shareBelowLargest, type LearnedThreshold, type Proposal, type Refusal } from '@tardy/core/learn';

/** Why nothing is learned, in words. */
export function refusalWords(refusal: Refusal): string {
  switch (refusal.reason) {
    case 'few_runs':
      return `${runWords(refusal.runs)} ended by themselves, ${refusal.needed} needed`;
    case 'few_days':
      return `its runs ended on ${refusal.days} days, ${refusal.needed} needed: those of one day are not independent`;
    case 'few_tested':
      return `${runWords(refusal.tested)} to try it on, ${refusal.needed} needed`;
    case 'long_runs':
      return `kept at ${refusal.margin} x its bound, yet ${grouped(refusal.exceedances)} of ${grouped(refusal.runs)} ran longer: elapsed time cannot tell stuck from long here`;
    case 'broken_source':
      return `${refusal.margin} x its bound held, but the types of this source broke the promise together: elapsed time cannot tell stuck from long here`;
  }
}

/** What a proposal was learned from: `4,467 runs since 2024-10-10, 47 that hung left out`. */
export function basisWords({ runs, from, leftOut, censored }: Proposal): string {
  const left = [
    ...((leftOut.cut ?? 0) > 0 ? [`${grouped(leftOut.cut ?? 0)} that reached their limit left out`] : []),
    ...((leftOut.held ?? 0) > 0 ? [`${grouped(leftOut.held ?? 0)} that waited left out`] : []),
    ...((leftOut.ended ?? 0) > 0 ? [`${grouped(leftOut.ended ?? 0)} that failed left out`] : []),
    ...(censored > 0 ? [`${grouped(censored)} cancelled or active`] : []),
  ];
  return [`${runWords(runs)} since ${dayOf(from)}`, ...left].join(', ');
}

/** Where a threshold comes from: `2 x 15m2s (99.5 % took less)`. */
export function thresholdWords(threshold: LearnedThreshold, { runs }: Proposal, confidence: number): string {
  const { by, margin, bound, share, survival } = threshold;
  if (by === 'floor') return 'the shortest there is';
  if (by === 'limit') return '0.9 x the limit of the system';
  const base = Math.max(bound.value, survival ?? 0);
  const basis = bound.isLongest
    ? `the longest; ${percentWords(shareBelowLargest(runs, confidence))} take less`
    : `${percentWords(share)} took less`;
  return `${margin} x ${formatDuration(Math.round(base / 1000) * 1000)} (${base === survival ? 'counting cancelled runs as longer' : basis})`;
}

/** What the self-test found: `3 of 878 replayed runs were longer`. */
export function testWords({ tested }: LearnedThreshold): string {
  return `${grouped(tested.exceedances)} of ${grouped(tested.runs)} replayed runs were longer`;
}

/** The day of an instant. */
export function dayOf(at: Instant | undefined): string {
  return at === undefined ? 'never' : formatInstant(at).slice(0, 10);
}

/** A share in percent, without more digits than it has. */
export function percentWords(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

/** A rate as people write it: `1/1000`. */
export function rateWords(rate: number): string {
  return rate === 0 ? '0' : `${Number((rate * 1000).toFixed(2))}/1000`;
}

/** A count with its unit. */
export function runWords(count: number): string {
  return `${grouped(count)} ${count === 1 ? 'run' : 'runs'}`;
}

/** A count for people. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
