import { classify, present, type Policy, type Run } from '@tardy/core';
import type { Database } from './database.js';
import type { RunDesk } from './run-desk.js';
import { readRow, SELECT_RUN } from './run-row.js';

/** The host's own clean-up. It is not part of Tardy, which only reads. */
export type Reconciler = {
  /** Closes the running runs that are likely stuck, of those that `mayClose` allows; returns their ids. */
  readonly sweep: (mayClose: (run: Run) => boolean) => Promise<readonly string[]>;
  readonly stop: () => void;
};

const EVERY_MS = 2000;

/** Sweeps at intervals while `isOn`. A closed run keeps the reason, its stale lineage. */
export function startReconciler(options: {
  readonly database: Database;
  readonly desk: RunDesk;
  readonly policy: () => Policy;
  readonly now: () => number;
  readonly isOn: () => boolean;
  readonly onError: (error: unknown) => void;
}): Reconciler {
  const { database, desk, policy, now, isOn, onError } = options;

  async function sweep(mayClose: (run: Run) => boolean): Promise<readonly string[]> {
    const rows = await database.query(`${SELECT_RUN} where r.status <> 'completed' order by r.id`);
    const closed: string[] = [];
    for (const row of rows) {
      const parsed = readRow(row);
      if (!parsed.ok || !mayClose(parsed.run)) continue;
      const at = now();
      const freshness = classify(parsed.run, policy(), at);
      if (freshness.state !== 'likely_stale') continue;
      const { headline } = present(parsed.run, freshness, at);
      if (await desk.close(parsed.run.id, `closed by the reconciler: ${headline}`)) closed.push(parsed.run.id);
    }
    return closed;
  }

  const timer = setInterval(() => {
    if (isOn()) sweep(() => true).catch(onError);
  }, EVERY_MS);
  return { sweep, stop: () => clearInterval(timer) };
}
