import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Presentation } from '@tardy/core';

/**
 * The progress of a run: a bar and its words. If the share is unknown the bar has no value, neither visibly nor for assistive technology.
 *
 * The width is an SVG attribute: strict hosts forbid style attributes.
 */
export function progressBar(
  title: string,
  { progress, tone }: Presentation,
  working: boolean,
): TemplateResult | typeof nothing {
  if (progress === undefined) return nothing;
  const { fraction, text } = progress;
  const percent = fraction === undefined ? undefined : Math.floor(fraction * 100);
  return html`<div class="progress" part="progress">
    <div
      class="bar"
      part="bar"
      role="progressbar"
      aria-label=${title}
      aria-valuetext=${text}
      aria-valuemin=${percent === undefined ? nothing : 0}
      aria-valuemax=${percent === undefined ? nothing : 100}
      aria-valuenow=${percent ?? nothing}
      data-tone=${tone}
      data-open=${percent === undefined && working ? '' : nothing}
    >
      <svg aria-hidden="true">
        ${svg`<rect part="fill" class="fill" width="${fraction === undefined ? 100 : fraction * 100}%" height="100%"></rect>`}
      </svg>
    </div>
    <span class="progress-text" part="progress-text" aria-hidden="true">${text}</span>
  </div>`;
}
