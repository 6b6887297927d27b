import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import {
  compareRuns,
  DEFAULT_FILTER,
  isActive,
  matchesGlob,
  presentationLines,
  runKey,
  type Instant,
  type Run,
} from '@tardy/core';
import { icon } from '../icons/icons.js';
import { badge } from '../shared/badge.js';
import { OpsElement } from '../shared/ops-element.js';
import { progressBar } from '../shared/progress-bar.js';
import { numberFrom, oneOf, type Settings } from '../shared/settings.js';
import { titleOf } from '../shared/title.js';
import { sharedStyles } from '../shared/shared.styles.js';
import type { RunChange, StoreRun, StoreView } from '../store/ops-store.js';
import { runProgressStyles } from './run-progress.styles.js';

/** How long a run that has ended remains visible. */
const LINGER_MS = 10_000;

/**
 * The active runs, worst first. A run stands out for as long as it is late or likely stuck.
 *
 * @tag run-progress
 * @slot - Shown until there is data.
 * @slot heading - Replaces the title.
 * @slot empty - Replaces the message that nothing is running.
 * @slot error - Replaces the message that nothing can be read.
 * @slot denied - Replaces the message that the viewer has no access, or is not signed in.
 * @slot footer - Below the runs.
 * @csspart base - The container.
 * @csspart header - The title and the counts; in an overlay the part that folds it.
 * @csspart heading - The title.
 * @csspart summary - How many runs are active and unhealthy.
 * @csspart list - The cards.
 * @csspart card - One run. Also `card-warning`, `card-danger`, … by tone.
 * @csspart title - The name of a run; a link if the host has a page for it.
 * @csspart tenant - The tenant of a run, if the element shows several.
 * @csspart badge - Its state. Also `badge-danger`, … by tone.
 * @csspart headline - The state in a few words.
 * @csspart guidance - What to do about an unhealthy run.
 * @csspart bar - The progress bar.
 * @csspart fill - The part of the bar that is done.
 * @csspart attention - The link to the unhealthy runs in the host's list.
 * @csspart more - How many runs are not shown; a link to them if the host has a list.
 * @csspart notice - The age of the view, and what is missing from it.
 * @cssprop --ops-surface - Background.
 * @cssprop --ops-text - Text colour.
 * @cssprop --ops-border - Colour of borders.
 * @cssprop --ops-warning - Colour of late runs.
 * @cssprop --ops-danger - Colour of runs that are likely stuck or have failed.
 * @cssprop --ops-radius - Radius of corners.
 * @cssprop --ops-overlay-inset - Distance of an overlay from the corner of the page.
 * @cssprop --ops-overlay-z - Its stacking order.
 * @cssstate unhealthy - A run needs attention.
 * @cssstate empty - Nothing is active.
 * @cssstate loading - Nothing is known yet.
 * @cssstate old - The data is not updating.
 * @fires {OpsNavigateEvent} ops-navigate - A link was followed; cancelable.
 * @fires {OpsRunChangeEvent} ops-run-change - A run changed its state.
 * @fires {OpsErrorEvent} ops-error - Reading failed.
 * @fires {OpsAuthRequiredEvent} ops-auth-required - The viewer is no longer signed in; once per page, cancelable.
 * @fires {OpsScopeViolationEvent} ops-scope-violation - The API returned rows of another tenant.
 */
export class RunProgress extends OpsElement {
  static readonly tag = 'run-progress';
  static override readonly styles = [sharedStyles, runProgressStyles];
  static override readonly properties: PropertyDeclarations = {
    mode: { reflect: true },
    max: { type: Number },
    type: {},
    runId: { attribute: 'run-id' },
  };

  protected static override readonly settings: Settings = {
    ...OpsElement.settings,
    mode: oneOf('inline', 'overlay'),
    max: numberFrom(0),
  };

  /** `inline` (the default), or `overlay` in a corner of the page, which is visible only while a run is active. */
  declare mode: 'inline' | 'overlay' | undefined;
  /** How many runs are shown as cards; 5 by default. Unhealthy runs beyond that are single lines, never hidden. */
  declare max: number | undefined;
  /** Shows only the runs of this type; `*` matches any text. */
  declare type: string | undefined;
  /** Shows this one run, ended or not. */
  declare runId: string | undefined;

  /** Runs that were active here, with the instant at which their end was noticed. */
  readonly #ended = new Map<string, Instant>();
  readonly #milestones = new Map<string, number>();

  protected override get interest() {
    return this.runId === undefined ? ({ active: true, poll: 'keep' } as const) : { id: this.runId };
  }

  protected override stateNames(): readonly string[] {
    if (this.shown.length === 0) return ['empty'];
    return this.shown.some(isUnhealthy) ? ['unhealthy'] : [];
  }

  protected override concerns(run: Run): boolean {
    if (this.runId !== undefined) return run.id === this.runId;
    return this.type === undefined || matchesGlob(this.type, run.type);
  }

  protected override changed(change: RunChange): void {
    super.changed(change);
    if (change.from !== undefined && !isActive(change.run)) this.#ended.set(runKey(change.run), this.instant);
  }

  protected override nextWordsAt(now: Instant): Instant {
    return Math.min(super.nextWordsAt(now), ...[...this.#ended.values()].map((at) => at + LINGER_MS));
  }

  protected override body(view: StoreView): TemplateResult {
    const rows = this.#rows(view);
    const max = this.max ?? 5;
    const cards = rows.slice(0, max);
    const lines = rows.slice(max).filter(isUnhealthy);
    this.shown = [...cards, ...lines];
    this.#announceMilestones(cards);
    if (this.runId !== undefined) return this.#single(cards[0]);
    const list = html`<ul part="list" class="list">
        ${repeat(
          this.shown,
          ({ run }) => runKey(run),
          (row, index) => this.#card(row, index >= max),
        )}
      </ul>
      ${this.#links(rows)}<slot name="footer"></slot>`;
    const header = html`<slot name="heading"
        ><h2 part="heading" aria-level=${this.level}>${this.words.surfaces.running.title}</h2></slot
      >${this.#summary(rows)}`;
    if (this.mode === 'overlay') {
      return html`<details part="base" class="panel" open ?hidden=${rows.length === 0}>
        <summary part="header" class="header">${header}</summary>
        ${list}
      </details>`;
    }
    return html`<section part="base" class="panel" aria-label=${this.words.surfaces.running.title}>
      <div part="header" class="header">${header}</div>
      ${rows.length === 0 ? this.#empty(view) : list}
    </section>`;
  }

  #rows({ runs }: StoreView): StoreRun[] {
    const now = this.instant;
    for (const [key, at] of this.#ended) if (now >= at + LINGER_MS) this.#ended.delete(key);
    const rows = runs.filter(({ run }) => this.concerns(run));
    if (this.runId !== undefined) return rows.sort((a, b) => b.run.attempt - a.run.attempt).slice(0, 1);
    return rows
      .filter(({ run }) => isActive(run) || this.#ended.has(runKey(run)))
      .sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort));
  }

  #card(row: StoreRun, short: boolean): TemplateResult {
    const { run } = row;
    const words = this.present(row);
    const elevated = isUnhealthy(row);
    const tenant = this.tenantOf(run);
    const advice =
      elevated && !short
        ? presentationLines(words, 'full').filter(({ role }) => role === 'elapsed' || role === 'guidance')
        : [];
    return html`<li part="card card-${words.tone}" class="card" data-tone=${words.tone} ?data-elevated=${elevated}>
      <div class="line">${this.links.run(run)} ${badge(words)}</div>
      <p part="headline" class="line muted">
        <span>${words.headline}</span> ${tenant === undefined ? nothing : html`<span part="tenant">${tenant}</span>`}
      </p>
      ${short ? nothing : progressBar(titleOf(run), words, isActive(run) && !elevated && !this.isOld)}
      ${advice.map(({ role, text }) => html`<p part=${role} class="advice">${text}</p>`)}
    </li>`;
  }

  #single(row: StoreRun | undefined): TemplateResult {
    if (row !== undefined)
      return html`<ul part="base">
        ${this.#card(row, false)}
      </ul>`;
    return html`<slot name="empty"
      ><p part="notice" class="panel notice">${this.absenceText(this.runId ?? '')}</p></slot
    >`;
  }

  /** How many are active and, in the tone of the worst, how many of them are unhealthy. */
  #summary(rows: readonly StoreRun[]): TemplateResult | typeof nothing {
    const active = rows.filter(({ run }) => isActive(run)).length;
    const unhealthy = rows.filter(isUnhealthy).length;
    const [worst] = rows;
    if (active === 0 || worst === undefined) return nothing;
    const { tone, icon: name } = this.present(worst);
    const { surfaces } = this.words;
    return html`<span part="summary" class="summary" data-tone=${tone}
      >${unhealthy > 0 ? html`${icon(name)}<b>${surfaces.unhealthy(unhealthy)}</b>·` : nothing}<span
        >${active}</span
      ></span
    >`;
  }

  /** Links to the unhealthy runs in the list, and to the runs that are not shown. */
  #links(rows: readonly StoreRun[]): TemplateResult | typeof nothing {
    const hidden = rows.length - this.shown.length;
    const { more, tabs } = this.words.surfaces;
    const type = this.type?.includes('*') === true ? undefined : this.type;
    const tab = 'active_stale_attention';
    const attention = rows.some(isUnhealthy)
      ? this.links.list({ tab, problemClass: tab, type }, 'attention', tabs[tab])
      : nothing;
    const others = hidden > 0 ? this.links.list({ tab: 'active', type }, 'more', more(hidden)) : nothing;
    const counted = hidden > 0 && others === nothing ? html`<span part="more">${more(hidden)}</span>` : others;
    return attention === nothing && counted === nothing ? nothing : html`<p class="links">${attention}${counted}</p>`;
  }

  #empty({ complete, foreign }: StoreView): TemplateResult | typeof nothing {
    const { running } = this.words.surfaces;
    // With rows missing this is unknown: the notice above says so.
    if (!complete || foreign > 0) return nothing;
    return html`<slot name="empty"
      ><p part="empty" class="muted">${this.isOld ? running.noneThen(this.asOfText) : running.none}</p></slot
    >`;
  }

  /** Announces a quarter, half and three quarters of the progress, and nothing in between. */
  #announceMilestones(rows: readonly StoreRun[]): void {
    const seen = new Map(this.#milestones);
    this.#milestones.clear();
    for (const row of rows) {
      const { progress } = this.present(row);
      const quarter = Math.floor((progress?.fraction ?? 0) * 4);
      const key = runKey(row.run);
      this.#milestones.set(key, quarter);
      if (quarter > (seen.get(key) ?? 4)) {
        const percent = (quarter / 4).toLocaleString(this.words.messages.locale, { style: 'percent' });
        this.say(key, this.words.surfaces.announce.progressed(titleOf(row.run), percent));
      }
    }
  }
}

function isUnhealthy({ freshness }: StoreRun): boolean {
  return freshness.problemClass === 'active_stale_attention';
}

declare global {
  interface HTMLElementTagNameMap {
    'run-progress': RunProgress;
  }
}
