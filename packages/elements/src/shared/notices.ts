import { html, nothing, type TemplateResult } from 'lit';
import { absoluteTime, clockTime, type Instant, type PageMessages, type TimeOptions } from '@tardy/core';
import { icon } from '../icons/icons.js';
import type { ListenerInterest, StoreView, ViewPhase } from '../store/ops-store.js';

/** Whether what an element wants is still to be read: another element may have asked for less. */
export function isAwaited(
  { phase, asOf, failure, read }: StoreView,
  { active, recent = 0 }: ListenerInterest,
): boolean {
  if (phase === 'loading' && asOf === undefined) return failure === undefined;
  return phase === 'live' && read !== undefined && ((active === true && !read.active) || recent > read.recent);
}

/** The text until there is something to show; a wait says until when. */
export function loadingText(
  view: StoreView | undefined,
  { view: words }: PageMessages,
  now: Instant,
  times: TimeOptions,
): string {
  const until = view?.waitsUntil;
  return until === undefined ? words.loading : words.waiting(clockTime(until, now, times, true));
}

/** The text instead of runs where none can be shown; `undefined` where they can. */
export function phaseText({ phase, asOf }: StoreView, { view: words }: PageMessages): string | undefined {
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

/** The text above the runs, about the view and not about them: its age, and what is missing from it. Empty for nothing. */
export function noticeText(view: StoreView, { view: words }: PageMessages, now: Instant, times: TimeOptions): string {
  const { phase, asOf, failure, issues, foreign, complete, waitsUntil } = view;
  const texts: string[] = [];
  if (phase === 'signed_out') texts.push(words.signedOut);
  if (asOf !== undefined && phase === 'record') texts.push(words.record(absoluteTime(asOf, times)));
  else if (asOf !== undefined && phase !== 'live') texts.push(words.asOf(clockTime(asOf, now, times)));
  if (phase === 'old' && failure?.retryAt !== undefined)
    texts.push(words.nextTry(clockTime(failure.retryAt, now, times, true)));
  else if (phase === 'old' && waitsUntil !== undefined)
    texts.push(words.waiting(clockTime(waitsUntil, now, times, true)));
  if (issues.length > 0) texts.push(words.unreadable(issues.length));
  else if (!complete) texts.push(words.incomplete);
  if (foreign > 0) texts.push(words.foreign(foreign));
  return texts.join(' ');
}

/** A notice. One about data that may not be trusted, or not be seen, stands out and offers to read again; without `refresh` another element does so. */
export function notice(
  text: string,
  phase: ViewPhase,
  look: string,
  words: PageMessages,
  refresh: (() => Promise<void>) | undefined,
): TemplateResult {
  const isQuiet = phase === 'live' || phase === 'record' || refresh === undefined;
  return html`<p part="notice" class=${look} data-tone=${isQuiet ? nothing : 'warning'}>
    ${isQuiet ? nothing : icon('late')}<span>${text}</span>
    ${
      isQuiet || phase === 'misconfigured'
        ? nothing
        : html`<button part="refresh" type="button" @click=${() => void refresh()}>${words.view.refresh}</button>`
    }
  </p>`;
}
