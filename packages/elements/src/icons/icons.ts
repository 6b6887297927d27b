import { svg, type SVGTemplateResult } from 'lit';
import type { IconName } from '@tardy/core';

const RING = 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z';

/** The outline of each icon in a square of 16, drawn with a stroke of 1.6. Every shape can be told apart without its colour. */
const PATHS: Readonly<Record<IconName, string>> = {
  queued: `${RING}M8 4.5V8l2.3 1.6`,
  running: 'M8 1.5a6.5 6.5 0 1 1-6.5 6.5M6.5 5.4v5.2L10.7 8Z',
  hold: `${RING}M6.3 5.5v5M9.7 5.5v5`,
  late: 'M8 1.8 15 14H1ZM8 6.4v3.4M8 11.9v.1',
  stuck: 'M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2ZM8 4.4v4.4M8 11.4v.1',
  unknown: `${RING}M6.1 6.2C6.1 3.7 10 3.9 10 6.2 10 7.7 8 7.7 8 9.2M8 11.5v.1`,
  reconciled: 'M2 2h12v12H2ZM5 8.2l2.2 2.2L11.2 6',
  succeeded: `${RING}M4.9 8.2l2.2 2.2 4-4.4`,
  partial: `${RING}M8 1.5v13M8 5h5M8 8h6M8 11h5`,
  blocked: `${RING}M3.6 3.6l8.8 8.8`,
  failed: `${RING}M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8`,
  cancelled: `${RING}M5 8h6`,
  skipped: 'M3 3.5 7.5 8 3 12.5M8.5 3.5 13 8l-4.5 4.5',
};

/** An icon, hidden from assistive technology since there are always words beside it. */
export function icon(name: IconName): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]}></path></svg>`;
}
