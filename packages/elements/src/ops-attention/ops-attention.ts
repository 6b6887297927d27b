import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { attentionList, clockTime, LATELY_MS, runKey, type Instant } from '@tardy/core';
import { icon } from '../icons/icons.js';
import { badge } from '../shared/badge.js';
import { OpsElement } from '../shared/ops-element.js';
import { numberFrom, type Settings } from '../shared/settings.js';
import { titleOf } from '../shared/title.js';
import { sharedStyles } from '../shared/shared.styles.js';
import type { StoreRun, StoreView } from '../store/ops-store.js';
import { opsAttentionStyles } from './ops-attention.styles.js';

const PROBLEMS = ['active_stale_attention', 'terminal_follow_up'] as const;

type Problem = (typeof PROBLEMS)[number];

/**
 * The active runs that need attention, one line each, worst first; below them, quieter, the ended ones that want a follow-up. Says that nothing needs
 * attention only when everything was read.
 *
 * @tag ops-attention
 * @slot - Shown until there is data.
 * @slot heading - Replaces the title.
 * @slot empty - Replaces the message that nothing needs attention.
 * @slot error - Replaces the message that nothing can be read.
 * @slot denied - Replaces the message that the viewer has no access, or is not signed in.
 * @csspart base - The container.
 * @csspart heading - The title.
 * @csspart count - How many active runs need attention.
 * @csspart follow-up-heading - The title of the ended runs that want a follow-up.
 * @csspart follow-up-count - How many of those there are.
 * @csspart list - The lines.
 * @csspart row - One problem. Also `row-warning`, `row-danger`, … by tone.
 * @csspart title - The name of a run.
 * @csspart tenant - Its tenant, if the element shows several.
 * @csspart badge - Its state.
 * @csspart headline - The state in a few words.
 * @csspart open - The link of a line into the list.
 * @csspart more - The link to all of them.
 * @csspart calm - The message that nothing needs attention.
 * @csspart notice - The age of the view, and what is missing from it.
 * @cssprop --ops-surface - Background.
 * @cssprop --ops-success - Colour of the icon beside "Nothing needs attention".
 * @cssprop --ops-warning - Colour of late runs.
 * @cssprop --ops-danger - Colour of runs that are likely stuck or have failed.
 * @cssstate calm - Nothing needs attention or a follow-up, and everything was read.
 * @cssstate unhealthy - A run needs attention.
 * @fires {OpsNavigateEvent} ops-navigate - A link was followed; cancelable.
 * @fires {OpsRunChangeEvent} ops-run-change - A run changed its state.
 * @fires {OpsErrorEvent} ops-error - Reading failed.
 * @fires {OpsAuthRequiredEvent} ops-auth-required - The viewer is no longer signed in; once per page, cancelable.
 * @fires {OpsScopeViolationEvent} ops-scope-violation - The API returned rows of another tenant.
 */
export class OpsAttention extends OpsElement {
  static readonly tag = 'ops-attention';
  static override readonly styles = [sharedStyles, opsAttentionStyles];
  static override readonly properties: PropertyDeclarations = { max: { type: Number }, recent: { type: Number } };

  protected static override readonly settings: Settings = {
    ...OpsElement.settings,
    max: numberFrom(1),
    recent: numberFrom(0),
  };

  /** How many lines are shown; 5 by default. The others are counted, with a link to them. */
  declare max: number | undefined;
  /** How many of the newest runs are searched for ended runs that need a follow-up; 100 by default, 0 for active runs only. */
  declare recent: number | undefined;

  protected override get interest() {
    return { active: true, recent: this.recent ?? 100, poll: 'keep' } as const;
  }

  protected override stateNames(view: StoreView): readonly string[] {
    if (this.shown.some(({ freshness }) => freshness.problemClass === 'active_stale_attention')) return ['unhealthy'];
    return this.#isCalm(view) ? ['calm'] : [];
  }

  protected override body(view: StoreView): TemplateResult {
    const { attention, tabs } = this.words.surfaces;
    const rows = attentionList(view.runs);
    const [active, followUps] = PROBLEMS.map((name) => rows.filter(({ freshness }) => freshness.problemClass === name));
    const max = this.max ?? 5;
    const problems = active?.slice(0, max) ?? [];
    const others = followUps?.slice(0, Math.max(0, max - problems.length)) ?? [];
    this.shown = [...problems, ...others];
    const [worst] = problems;
    return html`<section
      part="base"
      class="panel"
      aria-label=${attention.title}
      data-tone=${worst === undefined ? 'success' : this.present(worst).tone}
    >
      <div class="header">
        <slot name="heading"><h2 part="heading" aria-level=${this.level}>${attention.title}</h2></slot>
        ${worst === undefined ? nothing : html`<span part="count" class="count">${active?.length}</span>`}
      </div>
      ${worst === undefined ? this.#calm(view) : this.#lines(problems)}
      ${
        followUps === undefined || followUps.length === 0
          ? nothing
          : html`<div class="header quiet">
                <h3 part="follow-up-heading" aria-level=${this.level + 1}>${tabs.terminal_follow_up}</h3>
                <span part="follow-up-count" class="muted">${followUps.length}</span>
              </div>
              ${others.length === 0 ? nothing : this.#lines(others)}`
      }
      ${this.#more(rows.filter((row) => !this.shown.includes(row)))}
    </section>`;
  }

  #lines(rows: readonly StoreRun[]): TemplateResult {
    return html`<ul part="list">
      ${repeat(
        rows,
        ({ run }) => runKey(run),
        (row) => this.#line(row),
      )}
    </ul>`;
  }

  #line(row: StoreRun): TemplateResult {
    const { run } = row;
    const words = this.present(row);
    const tenant = this.tenantOf(run);
    const problemClass = row.freshness.problemClass as Problem;
    const open = html`${this.words.surfaces.attention.open}<span class="hidden">: <bdi>${titleOf(run)}</bdi></span>`;
    return html`<li part="row row-${words.tone}" class="row" data-tone=${words.tone}>
      ${badge(words)}
      <span class="text"
        >${this.links.run(run)}
        <span part="headline" class="muted"
          >${words.headline}${tenant === undefined ? nothing : html` · <span part="tenant">${tenant}</span>`}</span
        ></span
      >
      ${this.links.list({ tenantId: run.tenant?.id, tab: problemClass, problemClass }, 'open', open)}
    </li>`;
  }

  /** How many lines are hidden, by the class they belong to. */
  #more(hidden: readonly StoreRun[]): TemplateResult | typeof nothing {
    if (hidden.length === 0) return nothing;
    const { more, tabs } = this.words.surfaces;
    return html`<p class="links">
      ${PROBLEMS.map((problemClass) => {
        const count = hidden.filter(({ freshness }) => freshness.problemClass === problemClass).length;
        if (count === 0) return nothing;
        const text = `${tabs[problemClass]}: ${more(count)}`;
        const to = this.links.list({ tab: problemClass, problemClass }, 'more', text);
        return to === nothing ? html`<span part="more">${text}</span>` : to;
      })}
    </p>`;
  }

  #calm(view: StoreView): TemplateResult {
    const { attention } = this.words.surfaces;
    if (this.#isKnown(view))
      return html`<slot name="empty"
        ><p part="calm" class="calm">${icon('succeeded')}<span>${attention.none}</span></p></slot
      >`;
    // With rows missing this is unknown: the notice above says so.
    if (view.asOf === undefined || !view.complete || view.foreign > 0) return html``;
    const cutOff = this.#cutOff(view);
    const text =
      cutOff === undefined
        ? attention.noneThen(this.asOfText)
        : this.words.surfaces.view.endedSince(clockTime(cutOff, this.instant, this.times));
    return html`<p part="calm" class="muted">${text}</p>`;
  }

  #isCalm(view: StoreView): boolean {
    return this.#isKnown(view) && attentionList(view.runs).length === 0;
  }

  #isKnown(view: StoreView): boolean {
    const { phase, complete, foreign } = view;
    return phase === 'live' && complete && foreign === 0 && this.#cutOff(view) === undefined;
  }

  /** Where the list ends before what counts as recent does: a run that ended there may want a follow-up. */
  #cutOff({ endedSince }: StoreView): Instant | undefined {
    const isCutOff = endedSince !== undefined && Number.isFinite(endedSince) && endedSince > this.instant - LATELY_MS;
    return isCutOff ? endedSince : undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ops-attention': OpsAttention;
  }
}
