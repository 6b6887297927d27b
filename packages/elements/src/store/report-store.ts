import { trustPolicy, type Instant, type PolicyDocument, type ReportContent } from '@tardy/core';
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
  /** What was pushed last: only that is shown. */
  #turn: symbol | undefined;

  constructor({ policy, frozenAt, tenant, workspace }: ReportStoreOptions = {}, page: Page = currentPage()) {
    super(page, { tenant, workspace });
    this.#frozenAt = frozenAt;
    if (policy !== undefined) this.policy = trustPolicy(policy);
  }

  /** Shows this report or page from now on; a report once the code that reads it is here. */
  push(report: unknown): void {
    const turn = (this.#turn = Symbol());
    if (!isReport(report)) this.#show(report, undefined);
    else {
      reportReader.use(({ readReport }) => {
        if (turn === this.#turn) this.#show(report, readReport(report));
      });
    }
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
