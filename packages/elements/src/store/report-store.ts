import type { Instant, PolicyDocument, ReportContent, ThresholdSource } from '@tardy/core';
import { policyReader } from '#parts/policy-reader';
import { reportReader } from '#parts/report-reader';
import { readRunPage } from './run-page.js';
import { currentPage, type Page } from './page.js';
import { RunStore, type StoreScope } from './run-store.js';

/** How data that a host hands over is shown. */
export type ReportStoreOptions = StoreScope & {
  /** The policy that judges a page of the run API; by default the default policy. */
  readonly policy?: PolicyDocument | undefined;
  /** Stops the clock, for screenshots and server-side rendering. */
  readonly frozenAt?: Instant | undefined;
};

/**
 * A store of data that a host hands over: a report of the command line, shown with its verdicts, or a page of the run API, judged
 * here and live for two minutes. Each push replaces the one before.
 */
export class ReportStore extends RunStore {
  readonly #frozenAt: Instant | undefined;
  /** The policy that has not been read yet. */
  #document: PolicyDocument | undefined;
  /** What was pushed last: only that is shown. */
  #turn: symbol | undefined;

  constructor({ policy, frozenAt, tenant, workspace }: ReportStoreOptions = {}, page: Page = currentPage()) {
    super(page, { tenant, workspace });
    this.#frozenAt = frozenAt;
    this.#document = policy;
  }

  /** Shows this report or page from now on; a report once the code that reads it is here. */
  push(report: unknown): void {
    const turn = (this.#turn = Symbol());
    const isCurrent = () => turn === this.#turn;
    if (isReport(report)) reportReader.use(({ readReport }) => isCurrent() && this.#show(report, readReport(report)));
    else if (this.#document === undefined) this.#show(report, undefined);
    else policyReader.use(({ trustPolicy }) => isCurrent() && this.#judge(report, trustPolicy));
  }

  /** Shows a page, judged by the policy of the host. */
  #judge(report: unknown, trustPolicy: (document: PolicyDocument) => ThresholdSource): void {
    try {
      if (this.#document !== undefined) this.policy = trustPolicy(this.#document);
    } catch (error) {
      // oxlint-disable-next-line no-console -- where a developer looks for what is wrong with a page
      console.warn(`The policy cannot be used, so the default is: ${String(error)}`);
    }
    this.#document = undefined;
    this.#show(report, undefined);
  }

  #show(report: unknown, content: ReportContent | undefined): void {
    try {
      this.frozenAt = content?.now ?? this.#frozenAt;
      this.policyDigest = content?.policyDigest;
      if (content === undefined) this.#pushPage(report);
      else {
        const verdicts = new Map(content.runs.map(({ run, freshness }) => [run, freshness]));
        this.accept({ ...content, runs: [...verdicts.keys()], verdicts });
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.fail({ kind: 'shape', status: undefined, message, retryAt: undefined }, 'old');
    }
  }

  #pushPage(body: unknown): void {
    const { runs, issues, next, now, complete } = readRunPage(body);
    const at = this.page.environment.monotonic();
    if (now !== undefined) this.clock.sample(now, 0, at, at);
    this.accept({ runs, issues, complete: complete && next === undefined && issues.length === 0 });
  }
}

function isReport(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'schema' in value;
}
