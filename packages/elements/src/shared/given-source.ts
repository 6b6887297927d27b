import { isServer } from 'lit';
import { parseInstant, type PolicyDocument } from '@tardy/core';
import { parseJson } from '../store/run-page.js';
import type { Fetcher } from '../store/environment.js';
import { sharedStore } from '../store/open-store.js';
import type { OpsStore } from '../store/ops-store.js';
import { ReportStore } from '../store/report-store.js';
import type { StoreScope } from '../store/run-store.js';

/** What a host gave an element to show. */
export type Given = StoreScope & {
  readonly store: OpsStore | undefined;
  readonly report: unknown;
  readonly src: string | undefined;
  readonly fetcher: Fetcher | undefined;
  readonly policy: PolicyDocument | undefined;
  readonly now: string | undefined;
};

/** What data that is handed over is shown by. */
const SHOWN_BY = ['tenant', 'workspace', 'policy', 'now'] as const;

/** Opens the store behind what an element was given. */
export class GivenSource {
  #given: Given | undefined;
  #reports: ReportStore | undefined;
  #pushed: unknown;

  /** Whether this is what was opened last. */
  isOpen(given: Given): boolean {
    const before = this.#given;
    return (
      before !== undefined && (Object.keys(given) as (keyof Given)[]).every((name) => given[name] === before[name])
    );
  }

  /** Opens the first that is set of `store`, `report`, `src` and the JSON inside the element. */
  open(given: Given, readInside: () => string): OpsStore | undefined {
    const before = this.#given;
    this.#given = given;
    if (SHOWN_BY.some((name) => given[name] !== before?.[name])) this.#reports = undefined;
    const { store, report, src, fetcher, tenant, workspace } = given;
    if (store !== undefined) return store;
    if (report !== undefined) return this.#push(report, given);
    if (isServer) return undefined;
    if (src !== undefined) return sharedStore({ tenant, workspace, src, fetcher });
    const inside = readInside();
    return inside === '' ? undefined : this.#push(inside, given);
  }

  /** Pushes data once: an element that is moved must not take old data for new. */
  #push(report: unknown, { policy, now, tenant, workspace }: Given): OpsStore {
    if (this.#reports === undefined || this.#pushed !== report) {
      const frozenAt = now === undefined ? undefined : parseInstant(now);
      this.#reports ??= new ReportStore({ tenant, workspace, policy, frozenAt });
      this.#pushed = report;
      this.#reports.push(typeof report === 'string' ? parseJson(report) : report);
    }
    return this.#reports;
  }
}
