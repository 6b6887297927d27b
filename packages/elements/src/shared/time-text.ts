import { html } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { absoluteTime, formatInstant, relativeTime, type Instant, type TimeOptions } from '@tardy/core';

/** An instant: relative for reading, absolute with its zone on hover and in the accessible name. */
export function timeText(at: Instant, now: Instant, options: TimeOptions): unknown {
  const relative = relativeTime(at, now, options.messages);
  // Formatting dates is slow, and most times on a page keep their words.
  return guard([at, relative, options.timeZone, options.messages], () => {
    const absolute = absoluteTime(at, options);
    return html`<time part="time" datetime=${formatInstant(at)} title=${absolute}
      ><span aria-hidden="true">${relative}</span><span class="hidden">${relative}, ${absolute}</span></time
    >`;
  });
}
