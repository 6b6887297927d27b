import { html, isServer, nothing, type TemplateResult } from 'lit';
import {
  absoluteTime,
  clockTime,
  enDetailMessages,
  explain,
  formatSpan,
  isActive,
  type ExplainedThreshold,
  type Explanation,
  type IconName,
  type Instant,
  type Presentation,
  type Run,
  type TimeOptions,
} from '@tardy/core';
import { icon } from '../icons/icons.js';
import { badge } from '../shared/badge.js';
import type { DetailWords, PageCatalogue } from '../shared/catalogue.js';
import { progressBar } from '../shared/progress-bar.js';
import { titleOf, withoutCredentials } from '../shared/title.js';
import { timeText } from '../shared/time-text.js';
import type { OpsStore, StoreRun } from '../store/ops-store.js';
import { evidenceJson, recordJson, redactSecrets, type Redact } from './evidence.js';
import { timeline, type Timeline } from './timeline.js';

export { runDetailStyles as styles } from './run-detail.styles.js';

/** What the page of a run is drawn from. */
export type Detail = {
  /** The known attempts, the last one first. */
  readonly rows: readonly [StoreRun, ...StoreRun[]];
  readonly source: OpsStore;
  readonly words: PageCatalogue;
  readonly times: TimeOptions;
  readonly now: Instant;
  /** The view is too old to call a run healthy. */
  readonly old: boolean;
  readonly rtl: boolean;
  /** Draws the run among earlier ones; absent where there is nothing to draw it from, or as long as it is not here. */
  readonly history: ((run: Omit<Timeline, 'explanation'>) => TemplateResult | typeof nothing) | undefined;
  /** The level of the heading. */
  readonly level: number;
  /** The evidence was copied a moment ago. */
  readonly copied: boolean;
  readonly present: (row: StoreRun) => Presentation;
  readonly copy: () => void;
};

/** Draws the page of a run. */
export function drawDetail(detail: Detail): TemplateResult {
  return new Drawing({ ...detail, words: fullWords(detail.words) }).article();
}

/** The evidence of the verdict on a run, as JSON without secrets; `redact` may hide more. */
export function evidenceOf(row: StoreRun, source: OpsStore, redact: Redact | undefined): string {
  const { run, freshness } = source.judge(row);
  const hide: Redact = (path, value) => {
    const kept = redactSecrets(path, value);
    return redact === undefined ? kept : redact(path, kept);
  };
  const { policyDigest } = source;
  return evidenceJson(
    { run, freshness, explanation: explanationOf(run, source), policyDigest, now: source.now() },
    hide,
  );
}

/** The words for a viewer who has copied the evidence. */
export function copiedText(words: PageCatalogue): string {
  return fullWords(words).surfaces.detail.copied;
}

function fullWords({ messages, surfaces }: PageCatalogue): DetailWords {
  return { messages, surfaces: { ...surfaces, detail: surfaces.detail ?? enDetailMessages } };
}

/** How the verdict was reached; for a record only the result is known. */
function explanationOf(run: Run, source: OpsStore): Explanation | undefined {
  return source.view.phase === 'record' ? undefined : explain(run, source.policy, source.now());
}

class Drawing {
  readonly #detail: Omit<Detail, 'words'> & { readonly words: DetailWords };

  constructor(detail: Omit<Detail, 'words'> & { readonly words: DetailWords }) {
    this.#detail = detail;
  }

  article(): TemplateResult {
    const { rows, source, now, rtl, level, words, times, history } = this.#detail;
    const [row] = rows;
    const { run } = row;
    const explanation = explanationOf(run, source);
    return html`<article part="base" class="panel base">
      ${this.#decision(row)} ${timeline({ run, explanation, now, rtl, level, words, times })}
      ${history?.({ run, now, rtl, level, words, times })} ${this.#lineage(run)}
      ${rows.length > 1 ? this.#attempts(rows) : nothing} ${this.#facts(run)}
      <slot name="extra"></slot>
      ${this.#diagnostics(row, explanation)}
      <details part="payload">
        <summary>${words.surfaces.detail.raw}</summary>
        <pre tabindex="0">${recordJson(run)}</pre>
      </details>
    </article>`;
  }

  #decision(row: StoreRun): TemplateResult {
    const { run, freshness } = row;
    const words = this.#detail.present(row);
    const { detail } = this.#detail.words.surfaces;
    const unhealthy = freshness.problemClass === 'active_stale_attention';
    const line = (name: string, label: string, text: string) =>
      text === '' ? nothing : html`<p part=${name}><b>${label}</b> ${text}</p>`;
    return html`<section
      part="summary"
      class="summary"
      aria-label=${words.label}
      data-tone=${words.tone}
      ?data-elevated=${unhealthy}
    >
      <div class="header">
        <slot name="heading"><h2 part="title" class="title" aria-level=${this.#detail.level}>${titleOf(run)}</h2></slot
        >${badge(words)}
      </div>
      <p part="headline" class="headline">${words.headline}</p>
      ${
        freshness.since === undefined
          ? nothing
          : html`<p part="since" class="muted">${detail.since(absoluteTime(freshness.since, this.#detail.times))}</p>`
      }
      ${progressBar(titleOf(run), words, isActive(run) && !unhealthy && !this.#detail.old)}
      ${line('reason', detail.why, words.reason)} ${line('guidance', detail.whatToDo, words.guidance)}
      <slot name="actions"></slot>
    </section>`;
  }

  #lineage({ reconciliation }: Run): TemplateResult | typeof nothing {
    if (reconciliation === undefined) return nothing;
    const { detail } = this.#detail.words.surfaces;
    const { from, reason, at } = reconciliation;
    return html`<section part="lineage" class="lineage" data-tone="danger" aria-label=${detail.lineage}>
      <h3 aria-level=${this.#detail.level + 1}>${detail.lineage}</h3>
      <p>${detail.lineageText(from, reason, absoluteTime(at, this.#detail.times))}</p>
    </section>`;
  }

  #attempts(rows: readonly StoreRun[]): TemplateResult {
    return html`<section aria-label=${this.#detail.words.surfaces.detail.attempts}>
      <h3 aria-level=${this.#detail.level + 1}>${this.#detail.words.surfaces.detail.attempts}</h3>
      <ol part="attempts" class="events attempts">
        ${rows.map((row) => {
          const words = this.#detail.present(row);
          const { attempt, startedAt, queuedAt } = row.run;
          const at = startedAt ?? queuedAt;
          return html`<li part="attempt">
            <b>${attempt}</b> <span>${badge(words)} ${words.headline}</span>
            <span class="muted"
              >${at === undefined ? nothing : timeText(at, this.#detail.now, this.#detail.times)}</span
            >
          </li>`;
        })}
      </ol>
    </section>`;
  }

  #facts(run: Run): TemplateResult {
    const { detail } = this.#detail.words.surfaces;
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
    return html`<section aria-label=${detail.facts}>
      <h3 aria-level=${this.#detail.level + 1}>${detail.facts}</h3>
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
          : html`<a href=${withoutCredentials(run.url)} rel="noreferrer">${detail.open}</a>`
      }
    </section>`;
  }

  #diagnostics({ freshness }: StoreRun, explanation: Explanation | undefined): TemplateResult {
    const { detail } = this.#detail.words.surfaces;
    const { columns } = detail;
    const { units } = this.#detail.words.messages;
    const clocks = explanation?.clocks ?? [];
    const digest = this.#detail.source.policyDigest;
    const vouched = clocks.find(({ vouchedUntil }) => vouchedUntil !== undefined)?.vouchedUntil;
    const threshold = ({ ms, rule, reached }: ExplainedThreshold, tone: string, name: IconName) =>
      html`<td data-tone=${tone} ?data-reached=${reached}>
        ${reached ? icon(name) : nothing} ${ms === Infinity ? detail.never : formatSpan(ms, units)}<code>${rule}</code>
      </td>`;
    return html`<section part="evidence" aria-label=${detail.diagnostics}>
      <h3 aria-level=${this.#detail.level + 1}>${detail.diagnostics}</h3>
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
                        <td>${timeText(startAt, this.#detail.now, this.#detail.times)}</td>
                        <td>${skewed ? detail.skewed : formatSpan(ageMs, units)}</td>
                        ${threshold(late, 'warning', 'late')}${threshold(stale, 'danger', 'stuck')}
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${vouched === undefined ? nothing : html`<p>${detail.vouched(clockTime(vouched, this.#detail.now, this.#detail.times))}</p>`}
      <p class="foot">
        ${digest === undefined ? nothing : html`<code title=${digest}>${detail.policy(digest.slice(0, 19))}</code>`}
        <button part="copy" type="button" @click=${this.#detail.copy}>
          ${this.#detail.copied ? detail.copied : detail.copy}
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
