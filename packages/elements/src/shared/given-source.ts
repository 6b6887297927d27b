import { isServer } from 'lit';
import { parseInstant } from '@tardy/core';
import { parseJson } from '../store/answer.js';
import { sharedStore } from '../store/open-store.js';
import type { OpsStore } from '../store/ops-store.js';
import { ReportStore } from '../store/report-store.js';
import type { StoreScope } from '../store/run-store.js';
import type { OpsElement } from './ops-element.js';

/** The store behind what an element was given to show. */
export class GivenSource {
  #pushed: ReportStore | undefined;
  #lastPush: unknown;

  /** Opens the first that is set of `store`, `report`, `src` and a `<script type="application/json">` inside. */
  open(element: OpsElement, scope: StoreScope): OpsStore | undefined {
    const { store, report, src, fetcher } = element;
    if (store !== undefined) return store;
    if (report !== undefined) return this.#push(report, element, scope);
    if (isServer) return undefined;
    if (src !== undefined) return sharedStore({ ...scope, src, fetcher });
    const inside = element.querySelector(':scope > script[type="application/json"]')?.textContent ?? '';
    return inside === '' ? undefined : this.#push(inside, element, scope);
  }

  /** The scope, the policy or the clock is another: what was handed over is taken in anew. */
  forget(): void {
    this.#pushed = undefined;
  }

  /** Hands data on once: an element that is moved must not take old data for news. */
  #push(report: unknown, { policy, now }: OpsElement, scope: StoreScope): OpsStore {
    if (this.#pushed === undefined || this.#lastPush !== report) {
      const frozenAt = now === undefined ? undefined : parseInstant(now);
      this.#pushed ??= new ReportStore({ ...scope, policy, frozenAt });
      this.#lastPush = report;
      this.#pushed.push(typeof report === 'string' ? parseJson(report) : report);
    }
    return this.#pushed;
  }
}
