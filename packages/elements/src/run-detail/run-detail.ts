import { css, html, isServer, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { isActive, type Run } from '@tardy/core';
import { detailBody } from '#parts/detail-body';
import { history } from '#parts/history';
import { OpsEvidenceCopiedEvent } from '../events/ops-evidence-copied.js';
import { OpsElement } from '../shared/ops-element.js';
import { callback, type Settings } from '../shared/settings.js';
import { sharedStyles } from '../shared/shared.styles.js';
import type { OpsStore, StoreRun } from '../store/ops-store.js';
import type { Detail } from './detail-body.js';
import type { Redact } from './evidence.js';

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
 * @csspart history - How long earlier runs of its type took, where the policy has learned it, and this one among them.
 * @csspart history-picture - The same as a picture.
 * @csspart history-text - How the run compares.
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
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        --reserved: 34rem;
      }
    `,
    detailBody.value?.styles ?? [],
  ];
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
    const { source } = this;
    const code = await detailBody.load();
    if (row === undefined || source === undefined || code === undefined) return '';
    const text = code.evidenceOf(row, source, this.redact);
    await navigator.clipboard?.writeText(text).then(
      () => {
        this.#say(true);
        this.say('copied', code.copiedText(this.words));
      },
      () => undefined,
    );
    this.dispatchEvent(new OpsEvidenceCopiedEvent(text));
    return text;
  }

  protected override get code() {
    return detailBody;
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

  protected override body(): TemplateResult | typeof nothing {
    const { source } = this;
    const [row, ...others] = this.#rows;
    this.shown = row === undefined ? [] : [row, ...others];
    if (row === undefined || source === undefined) {
      const absence = this.absenceText(this.runId ?? '');
      const shown = html`<p part="notice" class="panel notice">${absence}</p>`;
      return absence === this.words.surfaces.view.runNotFound ? html`<slot name="not-found">${shown}</slot>` : shown;
    }
    return (
      detailBody.value?.drawDetail({
        rows: [row, ...others],
        source,
        words: this.words,
        times: this.times,
        now: this.instant,
        old: this.isOld,
        rtl: !isServer && this.matches(':dir(rtl)'),
        history: this.#history(source),
        level: this.level,
        copied: this.#copied,
        present: (one) => this.present(one),
        copy: () => void this.copyEvidence(),
      }) ?? nothing
    );
  }

  /** Loaded for a policy that has learned from earlier runs, and drawn with as soon as it is here. */
  #history({ policy: { document, thresholdsFor } }: OpsStore): Detail['history'] {
    if (document?.rules.some(({ learned }) => learned !== undefined) !== true) return undefined;
    if (history.isDue) void history.load().then(() => this.requestUpdate());
    return history.value && ((run) => history.value?.drawHistory(run, { document, thresholdsFor }) ?? nothing);
  }

  /** Says for a moment that the evidence was copied. */
  #say(copied: boolean): void {
    this.#copied = copied;
    this.requestUpdate();
    if (copied) setTimeout(() => this.#say(false), COPIED_MS);
  }

  /** The known attempts, the last one first. */
  get #rows(): readonly StoreRun[] {
    const rows = this.view?.runs.filter(({ run }) => this.concerns(run)) ?? [];
    return rows.sort((a, b) => b.run.attempt - a.run.attempt);
  }

  get #row(): StoreRun | undefined {
    return this.#rows[0];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'run-detail': RunDetail;
  }
}
