import type { OpsFailure } from '../store/ops-store.js';

/** Reading the operations failed; `failure.retryAt` says when it is retried. */
export class OpsErrorEvent extends Event {
  static readonly type = 'ops-error';
  readonly failure: OpsFailure;

  constructor(failure: OpsFailure) {
    super(OpsErrorEvent.type, { bubbles: true, composed: true });
    this.failure = failure;
  }
}
