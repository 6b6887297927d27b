import { html, type TemplateResult } from 'lit';
import { absoluteTime, formatInstant, relativeTime, type Instant, type TimeOptions } from '@tardy/core';

/** An instant: relative for reading, absolute with its zone on hover and in the accessible name. */
export function timeText(at: Instant, now: Instant, options: TimeOptions): TemplateResult {
  const absolute = absoluteTime(at, options);
  const relative = relativeTime(at, now, options.messages);
  return html`<time part="time" datetime=${formatInstant(at)} title=${absolute}
    ><span aria-hidden="true">${relative}</span><span class="hidden">${relative}, ${absolute}</span></time
  >`;
}
