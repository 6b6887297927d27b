import type { Instant, SurfaceMessages } from '@tardy/core';
import type { StoreView } from '../store/ops-store.js';

/** Writes instants: `time` for today, `exact` to the second, `full` with date and zone. */
type Times = Readonly<Record<'time' | 'exact' | 'full', (at: Instant) => string>>;

/** What is said instead of runs where none can be shown; `undefined` where they can. */
export function phaseText({ phase, asOf }: StoreView, { view: words }: SurfaceMessages): string | undefined {
  if (phase === 'misconfigured') return words.misconfigured;
  if (asOf !== undefined) return undefined;
  switch (phase) {
    case 'signed_out':
      return words.signedOut;
    case 'denied':
      return words.denied;
    case 'not_found':
      return words.notFound;
    case 'loading':
    case 'old':
    case 'live':
    case 'record':
      return words.unreachable;
  }
}

/** What is said above the runs, of the view and not of them: its age, and what is missing from it. */
export function notices(
  view: StoreView,
  { view: words }: SurfaceMessages,
  { time, exact, full }: Times,
): readonly string[] {
  const { phase, asOf, failure, issues, foreign, complete } = view;
  const texts: string[] = [];
  if (phase === 'signed_out') texts.push(words.signedOut);
  if (asOf !== undefined && phase === 'record') texts.push(words.record(full(asOf)));
  else if (asOf !== undefined && phase !== 'live') texts.push(words.asOf(time(asOf)));
  if (phase === 'old' && failure?.retryAt !== undefined) texts.push(words.nextTry(exact(failure.retryAt)));
  if (issues.length > 0) texts.push(words.unreadable(issues.length));
  else if (!complete) texts.push(words.incomplete);
  if (foreign > 0) texts.push(words.foreign(foreign));
  return texts;
}
