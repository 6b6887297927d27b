import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { LATELY_MS, numberText, presentFigures, summarize, type Figure } from '@tardy/core';
import { OpsElement } from '../shared/ops-element.js';
import { numberFrom, type Settings } from '../shared/settings.js';
import { sharedStyles } from '../shared/shared.styles.js';
import type { StoreView } from '../store/ops-store.js';
import { opsKpisStyles } from './ops-kpis.styles.js';

/**
 * The figures of a dashboard: active (and how many of those are unhealthy), likely stuck, late, failed lately. Each leads to the
 * slice of the list that it counts.
 *
 * @tag ops-kpis
 * @slot - Shown until there is data.
 * @slot error - Instead of the statement that nothing can be read.
 * @slot denied - Instead of the statement that the viewer is not allowed, or not signed in.
 * @csspart base - All figures.
 * @csspart figure - One figure. Also `figure-danger`, … by tone, and `figure-active`, … by name.
 * @csspart label - What is counted.
 * @csspart value - The number.
 * @csspart detail - What is beneath it.
 * @csspart notice - What is said of the view itself.
 * @cssprop --ops-surface - Background.
 * @cssprop --ops-warning - Colour of what is late.
 * @cssprop --ops-danger - Colour of what is likely stuck, or failed.
 * @cssstate unhealthy - An active run needs attention.
 * @fires {OpsNavigateEvent} ops-navigate - A figure was followed; cancelable.
 * @fires {OpsRunChangeEvent} ops-run-change - A run changed its state.
 * @fires {OpsErrorEvent} ops-error - Reading failed.
 * @fires {OpsAuthRequiredEvent} ops-auth-required - Nobody is signed in any more; once a page, cancelable.
 * @fires {OpsScopeViolationEvent} ops-scope-violation - The API answered with rows of another tenant.
 */
export class OpsKpis extends OpsElement {
  static readonly tag = 'ops-kpis';
  static override readonly styles = [sharedStyles, opsKpisStyles];
  static override readonly properties: PropertyDeclarations = { recent: { type: Number } };

  protected static override readonly settings: Settings = { ...OpsElement.settings, recent: numberFrom(0) };

  /** How many of the newest runs are searched for those that failed lately; 100 by default. */
  declare recent: number | undefined;

  protected override get interest() {
    return { active: true, recent: this.recent ?? 100, poll: 'keep' } as const;
  }

  protected override stateNames({ runs }: StoreView): readonly string[] {
    return runs.some(({ freshness }) => freshness.problemClass === 'active_stale_attention') ? ['unhealthy'] : [];
  }

  protected override body(view: StoreView): TemplateResult {
    const { surfaces } = this.words;
    const since = this.instant - LATELY_MS;
    const { totals } = summarize(view.runs, since);
    const figures = presentFigures(totals, {
      surfaces,
      filter: this.links.scopeFilter,
      withheld: this.isOld || !view.complete,
    });
    return html`<ul part="base" class="figures">
      ${figures.map((figure) => {
        const cutOff = figure.name === 'follow_up_lately' && (view.endedSince ?? -Infinity) > since;
        return this.#figure(figure, cutOff || !view.complete);
      })}
    </ul>`;
  }

  #figure({ name, value, tone, label, detail, filter }: Figure, more: boolean): TemplateResult {
    const number = numberText(value, this.words.messages);
    const content = html`<span part="label">${label}</span>
      <b part="value" class="value">${more ? this.words.surfaces.atLeast(number) : number}</b>
      <span part="detail" class="detail">${detail}</span>`;
    const to = this.links.list(filter, 'figure-link', content);
    return html`<li part="figure figure-${tone} figure-${name.replaceAll('_', '-')}" data-tone=${tone}>
      ${to === nothing ? html`<span class="figure-link">${content}</span>` : to}
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ops-kpis': OpsKpis;
  }
}
