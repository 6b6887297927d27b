import type { FreshnessState, Run } from '@tardy/core';
import type { RunChange } from '../store/ops-store.js';

/** A run of the element has changed its state; `from` is `undefined` for a new run. */
export class OpsRunChangeEvent extends Event {
  static readonly type = 'ops-run-change';
  readonly run: Run;
  readonly from: FreshnessState | undefined;
  readonly to: FreshnessState;

  constructor({ run, from, to }: RunChange) {
    super(OpsRunChangeEvent.type, { bubbles: true, composed: true });
    this.run = run;
    this.from = from;
    this.to = to;
  }
}
