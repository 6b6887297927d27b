import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { LATELY_MS, numberText, presentFigures, summarize, type Figure, type Instant, type Tone } from '@tardy/core';
import { OpsElement } from '../shared/ops-element.js';
import { numberFrom, type Settings } from '../shared/settings.js';
import { sharedStyles } from '../shared/shared.styles.js';
import type { StoreView } from '../store/ops-store.js';
import { opsKpisStyles } from './ops-kpis.styles.js';

/**
 * The totals of a dashboard: active (and how many of those are unhealthy), likely stuck, late, failed lately. Each links to the
 * runs in the list that it counts.
 *
 * @tag ops-kpis
 * @slot - Shown until there is data.
 * @slot error - Replaces the message that nothing can be read.
 * @slot denied - Replaces the message that the viewer has no access, or is not signed in.
 * @csspart base - The container of all totals.
 * @csspart figure - One total. Also `figure-danger`, … by tone, and `figure-active`, … by name.
 * @csspart label - The name of a total.
 * @csspart value - The number.
 * @csspart detail - The text below the number.
 * @csspart notice - The age of the view, and what is missing from it.
 * @cssprop --ops-surface - Background.
 * @cssprop --ops-warning - Colour of late runs.
 * @cssprop --ops-danger - Colour of runs that are likely stuck or have failed.
 * @cssstate unhealthy - An active run needs attention.
 * @fires {OpsNavigateEvent} ops-navigate - A total was followed; cancelable.
 * @fires {OpsRunChangeEvent} ops-run-change - A run changed its state.
 * @fires {OpsErrorEvent} ops-error - Reading failed.
 * @fires {OpsAuthRequiredEvent} ops-auth-required - The viewer is no longer signed in; once per page, cancelable.
 * @fires {OpsScopeViolationEvent} ops-scope-violation - The API returned rows of another tenant.
 */
export class OpsKpis extends OpsElement {
  static readonly tag = 'ops-kpis';
  static override readonly styles = [sharedStyles, opsKpisStyles];
  static override readonly properties: PropertyDeclarations = { recent: { type: Number } };

  protected static override readonly settings: Settings = { ...OpsElement.settings, recent: numberFrom(0) };

  /** How many of the newest runs are searched for recent failures; 100 by default. */
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
      followUpTone: this.#followUpTone(view, since),
    });
    return html`<ul part="base" class="figures" aria-label=${surfaces.totals}>
      ${figures.map((figure) => {
        const cutOff = figure.name === 'follow_up_lately' && (view.endedSince ?? -Infinity) > since;
        return this.#figure(figure, cutOff || !view.complete);
      })}
    </ul>`;
  }

  /** A run that succeeded in part is no failure. */
  #followUpTone({ runs }: StoreView, since: Instant): Tone {
    const recent = runs.filter(
      ({ freshness }) => freshness.problemClass === 'terminal_follow_up' && (freshness.since ?? -Infinity) >= since,
    );
    const tones = recent.map((row) => this.present(row).tone);
    return tones.includes('danger') ? 'danger' : (tones[0] ?? 'danger');
  }

  #figure({ name, value, tone, label, detail, detailTone, filter }: Figure, more: boolean): TemplateResult {
    const number = numberText(value, this.words.messages);
    const content = html`<span part="label">${label}</span>
      <b part="value" class="value">${more ? this.words.surfaces.atLeast(number) : number}</b>
      <span part="detail" class="detail" data-tone=${detailTone}>${detail}</span>`;
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
