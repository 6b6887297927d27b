import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { attentionList, DEFAULT_FILTER, filterToSearch, runKey, type ProblemClass, type RunFilter } from '@tardy/core';
import { icon } from '../icons/icons.js';
import { badge } from '../shared/badge.js';
import { link } from '../shared/links.js';
import { OpsElement } from '../shared/ops-element.js';
import { sharedStyles } from '../shared/shared.styles.js';
import type { StoreRun, StoreView } from '../store/ops-store.js';
import { opsAttentionStyles } from './ops-attention.styles.js';

/**
 * What needs attention, one line each, worst first; says plainly when nothing does, and only when that is known.
 *
 * @tag ops-attention
 * @slot - Shown until there is data.
 * @slot heading - Instead of the title.
 * @slot empty - Instead of the statement that nothing needs attention.
 * @slot error - Instead of the statement that nothing can be read.
 * @slot denied - Instead of the statement that the viewer is not allowed, or not signed in.
 * @csspart base - All of it.
 * @csspart heading - The title.
 * @csspart count - How many runs need attention.
 * @csspart list - The lines.
 * @csspart row - One problem. Also `row-warning`, `row-danger`, … by tone.
 * @csspart title - The name of a run.
 * @csspart tenant - Its tenant, where the element shows several.
 * @csspart badge - Its state.
 * @csspart headline - What is the matter, in a few words.
 * @csspart open - The call to action of a line.
 * @csspart more - The link to all of them.
 * @csspart calm - The statement that nothing needs attention.
 * @csspart notice - What is said of the view itself.
 * @cssprop --ops-surface - Background.
 * @cssprop --ops-success - Colour of the calm statement's icon.
 * @cssprop --ops-warning - Colour of what is late.
 * @cssprop --ops-danger - Colour of what is likely stuck, or failed.
 * @cssstate calm - Nothing needs attention, and that is known.
 * @cssstate unhealthy - Something does.
 * @fires {OpsNavigateEvent} ops-navigate - A link was followed; cancelable.
 * @fires {OpsRunChangeEvent} ops-run-change - A run changed its state.
 * @fires {OpsErrorEvent} ops-error - Reading failed.
 * @fires {OpsAuthRequiredEvent} ops-auth-required - Nobody is signed in any more; once a page, cancelable.
 * @fires {OpsScopeViolationEvent} ops-scope-violation - The API answered with rows of another tenant.
 */
export class OpsAttention extends OpsElement {
  static readonly tag = 'ops-attention';
  static override readonly styles = [sharedStyles, opsAttentionStyles];
  static override readonly properties: PropertyDeclarations = { max: { type: Number }, recent: { type: Number } };

  /** How many lines are shown; 5 by default. The rest are counted, with a link to them. */
  declare max: number | undefined;
  /** How many of the newest runs are searched for ended ones that want a follow-up; 100 by default, 0 for active runs only. */
  declare recent: number | undefined;

  protected override get interest() {
    return { active: true, recent: this.recent ?? 100 };
  }

  protected override stateNames(view: StoreView): readonly string[] {
    return this.shown.length > 0 ? ['unhealthy'] : this.#isCalm(view) ? ['calm'] : [];
  }

  protected override body(view: StoreView): TemplateResult {
    const rows = attentionList(view.runs);
    const shown = (this.shown = rows.slice(0, this.max ?? 5));
    const { attention } = this.words.surfaces;
    return html`<section
      part="base"
      class="base"
      data-tone=${rows[0] === undefined ? 'success' : this.present(rows[0]).tone}
    >
      <div class="header">
        <slot name="heading"><h2 part="heading">${attention.title}</h2></slot>
        ${rows.length > 0 ? html`<span part="count" class="count">${rows.length}</span>` : nothing}
      </div>
      ${
        rows.length > 0
          ? html`<ul part="list">
              ${repeat(
                shown,
                ({ run }) => runKey(run),
                (row) => this.#line(row),
              )}
            </ul>`
          : this.#calm(view)
      }
      ${rows.length > shown.length ? this.#more(rows.slice(shown.length)) : nothing}
    </section>`;
  }

  #line(row: StoreRun): TemplateResult {
    const { run } = row;
    const words = this.present(row);
    const target = { kind: 'run', run } as const;
    const tenant = this.tenant === undefined ? (run.tenant?.name ?? run.tenant?.id) : undefined;
    return html`<li part="row row-${words.tone}" class="row" data-tone=${words.tone}>
      ${badge(words)}
      <span class="text"
        >${link(this.href(target), target, 'title', run.title)}
        <span part="headline" class="muted"
          >${words.headline}${tenant === undefined ? nothing : html` · <span part="tenant">${tenant}</span>`}</span
        ></span
      >
      ${this.#slice(row.freshness.problemClass, run.tenant?.id, html`${this.words.surfaces.attention.open}<span class="hidden">: ${run.title}</span>`, 'open')}
    </li>`;
  }

  /** The slice of the list that a class of problems fills. */
  #slice(problemClass: ProblemClass, tenantId: string | undefined, label: unknown, part: string): TemplateResult {
    const tab = problemClass === 'none' ? 'all' : problemClass;
    const filter: RunFilter = { ...DEFAULT_FILTER, ...this.scopeFilter, tenantId, tab, problemClass };
    const target = { kind: 'list', filter, search: filterToSearch(filter) } as const;
    const href = this.href(target);
    return href === undefined ? html`` : link(href, target, part, label);
  }

  /** How many lines are hidden, with a link to each class that has some. */
  #more(hidden: readonly StoreRun[]): TemplateResult {
    const { surfaces } = this.words;
    const classes = new Map<ProblemClass, number>();
    for (const { freshness } of hidden)
      classes.set(freshness.problemClass, (classes.get(freshness.problemClass) ?? 0) + 1);
    return html`<p class="footer">
      ${[...classes].map(([problemClass, count]) => {
        const label = `${surfaces.tabs[problemClass === 'none' ? 'all' : problemClass]}: ${surfaces.more(count)}`;
        return this.#slice(problemClass, this.scope.tenant, label, 'more');
      })}
    </p>`;
  }

  #calm(view: StoreView): TemplateResult {
    const { attention } = this.words.surfaces;
    if (this.#isCalm(view))
      return html`<slot name="empty"
        ><p part="calm" class="calm">${icon('succeeded')}<span>${attention.none}</span></p></slot
      >`;
    // With rows missing nobody can tell: the notices above say which are.
    return view.asOf === undefined || !view.complete
      ? html``
      : html`<p part="calm" class="muted">${attention.noneThen(this.asOfText)}</p>`;
  }

  #isCalm({ phase, runs, complete, foreign }: StoreView): boolean {
    return phase === 'live' && complete && foreign === 0 && attentionList(runs).length === 0;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ops-attention': OpsAttention;
  }
}
