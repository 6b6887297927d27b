import { html, type TemplateResult } from 'lit';
import type { Presentation } from '@tardy/core';
import { icon } from '../icons/icons.js';

/** The badge of a run: icon and word, so that the state is never colour alone. */
export function badge({ label, tone, icon: name }: Presentation): TemplateResult {
  return html`<span part="badge badge-${tone}" class="badge" data-tone=${tone} data-icon=${name}
    >${icon(name)}<span>${label}</span></span
  >`;
}
