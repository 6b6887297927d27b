import type { ListenerInterest, OpsStore, RunChange, StoreListener } from './store/ops-store.js';

/** A listener that remembers the changes it received. */
export class TestListener implements StoreListener {
  readonly interest: ListenerInterest;
  readonly changes: RunChange[] = [];
  readonly leave: () => void;
  calls = 0;

  constructor(store: OpsStore, interest: ListenerInterest = { active: true }) {
    this.interest = interest;
    this.leave = store.join(this);
  }

  wants(): ListenerInterest {
    return this.interest;
  }

  viewChanged(changes: readonly RunChange[]): void {
    this.calls++;
    this.changes.push(...changes);
  }

  nextWordsAt(): number {
    return Infinity;
  }
}
