import { html, isServer, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import {
  absoluteTime,
  clockTime,
  explain,
  formatSpan,
  isActive,
  type ExplainedThreshold,
  type Explanation,
  type IconName,
  type Run,
} from '@tardy/core';
import { OpsEvidenceCopiedEvent } from '../events/ops-evidence-copied.js';
import { icon } from '../icons/icons.js';
import { badge } from '../shared/badge.js';
import { OpsElement } from '../shared/ops-element.js';
import { progressBar } from '../shared/progress-bar.js';
import { callback, type Settings } from '../shared/settings.js';
import { sharedStyles } from '../shared/shared.styles.js';
import { timeText } from '../shared/time-text.js';
import type { StoreRun } from '../store/ops-store.js';
import { evidenceJson, recordJson, redactSecrets, type Redact } from './evidence.js';
import { runDetailStyles } from './run-detail.styles.js';
import { timeline } from './timeline.js';

/** How long the button says that the evidence was copied. */
const COPIED_MS = 3000;

/**
 * One run: first its state, since when, why, and what to do; then its timeline, the facts, how it was judged, and the raw record.
 *
 * @tag run-detail
 * @slot - Shown until there is data.
 * @slot heading - Replaces the name of the run.
 * @slot actions - The host's own buttons, below the guidance.
 * @slot extra - The host's own content after the facts, such as logs and links.
 * @slot not-found - Replaces the message that there is no such run.
 * @slot error - Replaces the message that nothing can be read.
 * @slot denied - Replaces the message that the viewer has no access, or is not signed in.
 * @csspart base - The container.
 * @csspart summary - The state, since when, why, and what to do.
 * @csspart title - The name of the run.
 * @csspart badge - Its state. Also `badge-danger`, … by tone.
 * @csspart headline - The state in a few words.
 * @csspart since - Since when the run has been in its state.
 * @csspart reason - Why the run is in its state.
 * @csspart guidance - What to do.
 * @csspart timeline - The timeline of the run.
 * @csspart picture - The timeline as a picture.
 * @csspart events - The timeline as a list.
 * @csspart event - One event of the list.
 * @csspart event-text - What happened.
 * @csspart event-time - When it happened.
 * @csspart progress - The progress of the run.
 * @csspart attempts - The attempts, if several are known.
 * @csspart attempt - One attempt.
 * @csspart lineage - The note that the run was closed after going stale.
 * @csspart facts - The facts about the run.
 * @csspart fact-term - The name of a fact.
 * @csspart fact-value - The value of a fact.
 * @csspart evidence - How the run was judged.
 * @csspart payload - The raw record.
 * @csspart copy - The button that copies the evidence.
 * @csspart notice - The age of the view, and what is missing from it.
 * @cssprop --ops-surface - Background.
 * @cssprop --ops-warning - Colour of late runs.
 * @cssprop --ops-danger - Colour of runs that are likely stuck or have failed.
 * @cssprop --ops-track - Colour of a lane of the timeline.
 * @cssstate settled - The run has ended.
 * @cssstate unhealthy - The run needs attention.
 * @cssstate reconciled - The run was closed after going stale.
 * @cssstate not-found - There is no such run, or the viewer has no access to it.
 * @fires {OpsEvidenceCopiedEvent} ops-evidence-copied - The evidence was copied.
 * @fires {OpsNavigateEvent} ops-navigate - A link was followed; cancelable.
 * @fires {OpsRunChangeEvent} ops-run-change - The run changed its state.
 * @fires {OpsErrorEvent} ops-error - Reading failed.
 * @fires {OpsAuthRequiredEvent} ops-auth-required - The viewer is no longer signed in; once per page, cancelable.
 * @fires {OpsScopeViolationEvent} ops-scope-violation - The API returned a row of another tenant.
 */
export class RunDetail extends OpsElement {
  static readonly tag = 'run-detail';
  static override readonly styles = [sharedStyles, runDetailStyles];
  static override readonly properties: PropertyDeclarations = {
    runId: { attribute: 'run-id' },
    runSource: { attribute: 'run-source' },
    redact: { attribute: false },
  };

  protected static override readonly settings: Settings = {
    ...OpsElement.settings,
    redact: callback,
  };

  /** The id of the run. Of several attempts the last is shown, and the others are listed. */
  declare runId: string | undefined;
  /** The source of the run, if several have a run with that id. */
  declare runSource: string | undefined;
  /** Decides for each value of the evidence whether it is copied; by default values that are named like a secret are hidden. */
  declare redact: Redact | undefined;

  #copied = false;

  /** Returns the evidence of the verdict as redacted JSON, and copies it to the clipboard if the page may. */
  async copyEvidence(): Promise<string> {
    const row = this.#row;
    if (row === undefined) return '';
    const { run, freshness } = this.source?.judge(row) ?? row;
    const redact: Redact = (path, value) => {
      const kept = redactSecrets(path, value);
      return this.redact === undefined ? kept : this.redact(path, kept);
    };
    const { policyDigest } = this.source ?? {};
    const evidence = { run, freshness, explanation: this.#explain(run), policyDigest, now: this.instant };
    const text = evidenceJson(evidence, redact);
    await navigator.clipboard?.writeText(text).then(
      () => this.#say(true),
      () => undefined,
    );
    this.dispatchEvent(new OpsEvidenceCopiedEvent(text));
    return text;
  }

  protected override get interest() {
    return { id: this.runId };
  }

  protected override concerns(run: Run): boolean {
    return run.id === this.runId && (this.runSource === undefined || run.source === this.runSource);
  }

  protected override stateNames(): readonly string[] {
    const row = this.#row;
    if (row === undefined) return ['not-found'];
    const { state, problemClass } = row.freshness;
    return [
      ...(isActive(row.run) ? [] : ['settled']),
      ...(problemClass === 'active_stale_attention' ? ['unhealthy'] : []),
      ...(state === 'reconciled' ? ['reconciled'] : []),
    ];
  }

  protected override body(): TemplateResult {
    const rows = this.#rows;
    const [row] = rows;
    this.shown = rows;
    if (row === undefined) {
      const absence = this.absenceText(this.runId ?? '');
      const shown = html`<p part="notice" class="panel notice">${absence}</p>`;
      return absence === this.words.surfaces.view.runNotFound ? html`<slot name="not-found">${shown}</slot>` : shown;
    }
    const { run } = row;
    const explanation = this.#explain(run);
    return html`<article part="base" class="panel base">
      ${this.#decision(row)}
      ${timeline({
        run,
        explanation,
        now: this.instant,
        rtl: !isServer && this.matches(':dir(rtl)'),
        words: this.words,
        times: this.times,
      })}
      ${this.#lineage(run)} ${rows.length > 1 ? this.#attempts(rows) : nothing} ${this.#facts(run)}
      <slot name="extra"></slot>
      ${this.#diagnostics(row, explanation)}
      <details part="payload">
        <summary>${this.words.surfaces.detail.raw}</summary>
        <pre tabindex="0">${recordJson(run)}</pre>
      </details>
    </article>`;
  }

  /** Says for a moment that the evidence was copied. */
  #say(copied: boolean): void {
    this.#copied = copied;
    this.requestUpdate();
    if (!copied) return;
    this.say('copied', this.words.surfaces.detail.copied);
    setTimeout(() => this.#say(false), COPIED_MS);
  }

  /** The known attempts, the last one first. */
  get #rows(): readonly StoreRun[] {
    const rows = this.view?.runs.filter(({ run }) => this.concerns(run)) ?? [];
    return rows.sort((a, b) => b.run.attempt - a.run.attempt);
  }

  get #row(): StoreRun | undefined {
    return this.#rows[0];
  }

  /** How the verdict was reached; for a record only the result is known. */
  #explain(run: Run): Explanation | undefined {
    const { source } = this;
    return source === undefined || this.view?.phase === 'record'
      ? undefined
      : explain(run, source.policy, this.instant);
  }

  #decision(row: StoreRun): TemplateResult {
    const { run, freshness } = row;
    const words = this.present(row);
    const { detail } = this.words.surfaces;
    const unhealthy = freshness.problemClass === 'active_stale_attention';
    const line = (name: string, label: string, text: string) =>
      text === '' ? nothing : html`<p part=${name}><b>${label}</b> ${text}</p>`;
    return html`<section part="summary" class="summary" data-tone=${words.tone} ?data-elevated=${unhealthy}>
      <div class="header">
        <slot name="heading"><h2 part="title" class="title">${run.title}</h2></slot>${badge(words)}
      </div>
      <p part="headline" class="headline">${words.headline}</p>
      ${
        freshness.since === undefined
          ? nothing
          : html`<p part="since" class="muted">${detail.since(absoluteTime(freshness.since, this.times))}</p>`
      }
      ${progressBar(run.title, words, isActive(run) && !unhealthy && !this.isOld)}
      ${line('reason', detail.why, words.reason)} ${line('guidance', detail.whatToDo, words.guidance)}
      <slot name="actions"></slot>
    </section>`;
  }

  #lineage({ reconciliation }: Run): TemplateResult | typeof nothing {
    if (reconciliation === undefined) return nothing;
    const { detail } = this.words.surfaces;
    const { from, reason, at } = reconciliation;
    return html`<section part="lineage" class="lineage" data-tone="danger">
      <h3>${detail.lineage}</h3>
      <p>${detail.lineageText(from, reason, absoluteTime(at, this.times))}</p>
    </section>`;
  }

  #attempts(rows: readonly StoreRun[]): TemplateResult {
    return html`<section>
      <h3>${this.words.surfaces.detail.attempts}</h3>
      <ol part="attempts" class="events attempts">
        ${rows.map((row) => {
          const words = this.present(row);
          const { attempt, startedAt, queuedAt } = row.run;
          const at = startedAt ?? queuedAt;
          return html`<li part="attempt">
            <b>${attempt}</b> <span>${badge(words)} ${words.headline}</span>
            <span class="muted">${at === undefined ? nothing : timeText(at, this.instant, this.times)}</span>
          </li>`;
        })}
      </ol>
    </section>`;
  }

  #facts(run: Run): TemplateResult {
    const { detail } = this.words.surfaces;
    const { fields } = detail;
    const { initiator, labels } = run;
    const facts: [string, unknown][] = [
      [fields.type, run.type],
      [fields.source, run.source],
      [fields.id, run.id],
      [fields.attempt, run.attempt > 1 ? run.attempt : undefined],
      [fields.tenant, run.tenant?.name ?? run.tenant?.id],
      [fields.workspace, run.workspace?.name ?? run.workspace?.id],
      [fields.initiator, initiator && (initiator.name ?? detail.initiators[initiator.kind])],
      ...Object.entries(labels).map(([name, value]): [string, unknown] => [name, redactSecrets(name, value)]),
    ];
    return html`<section>
      <h3>${detail.facts}</h3>
      <dl part="facts" class="facts">
        ${facts.map(([term, value]) =>
          value === undefined
            ? nothing
            : html`<div>
                <dt part="fact-term">${term}</dt>
                <dd part="fact-value">${value}</dd>
              </div>`,
        )}
      </dl>
      ${
        run.url === undefined || (!isServer && isHere(run.url))
          ? nothing
          : html`<a href=${run.url} rel="noreferrer">${detail.open}</a>`
      }
    </section>`;
  }

  #diagnostics({ freshness }: StoreRun, explanation: Explanation | undefined): TemplateResult {
    const { detail } = this.words.surfaces;
    const { columns } = detail;
    const { units } = this.words.messages;
    const clocks = explanation?.clocks ?? [];
    const digest = this.source?.policyDigest;
    const vouched = clocks.find(({ vouchedUntil }) => vouchedUntil !== undefined)?.vouchedUntil;
    const threshold = ({ ms, rule, reached }: ExplainedThreshold, tone: string, name: IconName) =>
      html`<td data-tone=${tone} ?data-reached=${reached}>
        ${reached ? icon(name) : nothing} ${ms === Infinity ? detail.never : formatSpan(ms, units)}<code>${rule}</code>
      </td>`;
    return html`<section part="evidence">
      <h3>${detail.diagnostics}</h3>
      ${
        clocks.length === 0
          ? html`<p class="muted">${freshness.rule ?? detail.notJudged}</p>`
          : html`<div class="scroll" tabindex="0" role="group" aria-label=${detail.diagnostics}>
              <table>
                <thead>
                  <tr>
                    ${[columns.clock, columns.start, columns.age, columns.late, columns.stale].map(
                      (text) => html`<th scope="col">${text}</th>`,
                    )}
                  </tr>
                </thead>
                <tbody>
                  ${clocks.map(
                    ({ clock, startAt, ageMs, late, stale, decides, skewed }) =>
                      html`<tr ?data-decides=${decides}>
                        <th scope="row">
                          ${detail.clocks[clock]}${decides ? html` <span class="tag">${detail.decides}</span>` : nothing}
                        </th>
                        <td>${timeText(startAt, this.instant, this.times)}</td>
                        <td>${skewed ? detail.skewed : formatSpan(ageMs, units)}</td>
                        ${threshold(late, 'warning', 'late')}${threshold(stale, 'danger', 'stuck')}
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${vouched === undefined ? nothing : html`<p>${detail.vouched(clockTime(vouched, this.instant, this.times))}</p>`}
      <p class="foot">
        ${digest === undefined ? nothing : html`<code title=${digest}>${detail.policy(digest.slice(0, 19))}</code>`}
        <button part="copy" type="button" @click=${() => void this.copyEvidence()}>
          ${this.#copied ? detail.copied : detail.copy}
        </button>
      </p>
    </section>`;
  }
}

/** The viewer is on that page already, whatever else is in the page's URL. */
function isHere(url: string): boolean {
  const there = new URL(url, document.baseURI);
  there.search ||= location.search;
  return there.href.split('#')[0] === location.href.split('#')[0];
}

declare global {
  interface HTMLElementTagNameMap {
    'run-detail': RunDetail;
  }
}
