import { OpsAuthRequiredEvent } from '../events/ops-auth-required.js';
import { OpsErrorEvent } from '../events/ops-error.js';
import { OpsScopeViolationEvent } from '../events/ops-scope-violation.js';
import type { OpsFailure, OpsStore } from '../store/ops-store.js';
import { currentPage } from '../store/page.js';

/** Reports to the host page, by events of an element, what is wrong with a view: each failure once. */
export class ViewReporter {
  readonly #element: EventTarget;
  #failure: OpsFailure | undefined;
  #foreign = 0;

  constructor(element: EventTarget) {
    this.#element = element;
  }

  /** Another store is shown from now on. */
  reset(): void {
    this.#failure = undefined;
    this.#foreign = 0;
  }

  /** `id` is the run that the element is for. Returns whether there is a failure that has not been reported before. */
  report(store: OpsStore, id: string | undefined): boolean {
    const { view } = store;
    const { phase, foreign, asOf, failures } = view;
    const failure = view.failure ?? failures.get(id ?? '');
    const isNew = failure !== undefined && failure !== this.#failure;
    const more = foreign > this.#foreign;
    this.#failure = failure;
    this.#foreign = foreign;
    if (more) this.#element.dispatchEvent(new OpsScopeViolationEvent(foreign));
    if (!isNew) return false;
    this.#element.dispatchEvent(new OpsErrorEvent(failure));
    if (phase === 'signed_out') {
      const page = currentPage();
      // One event for the page; the host's decision holds for every store.
      page.keepsSignedOut ??= !this.#element.dispatchEvent(new OpsAuthRequiredEvent());
      page.forgetUnused();
      if (!page.keepsSignedOut && asOf !== undefined) store.clear();
    }
    return true;
  }
}
