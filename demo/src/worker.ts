// One worker: a separate process that takes one run after another until it is stopped or dies.
import { setTimeout as rest } from 'node:timers/promises';
import type { Progress } from '@tardy/core';
import { backUp } from './operations/back-up.js';
import { compareBaselines } from './operations/compare-baselines.js';
import { syncDirectory } from './operations/sync-directory.js';
import type { Claim, Ending, OperationType } from './run-desk.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

const OPERATIONS: Readonly<Record<OperationType, (folder: string) => AsyncGenerator<Progress>>> = {
  baseline_compare: compareBaselines,
  tenant_backup: backUp,
  directory_sync: syncDirectory,
};

const IDLE_MS = 200;

let onReply: (claim: Claim | undefined) => void = () => {};
process.on('message', (message: ToWorker) => onReply(message.claim));
process.on('disconnect', () => process.exit(0));

for (;;) {
  const claim = await nextClaim();
  if (claim === undefined) await rest(IDLE_MS);
  else tell({ kind: 'finished', id: claim.id, ending: await perform(claim) });
}

function nextClaim(): Promise<Claim | undefined> {
  return new Promise((resolve) => {
    onReply = resolve;
    tell({ kind: 'ready' });
  });
}

/** Does the work step by step; each step is a heartbeat. */
async function perform({ id, type, input }: Claim): Promise<Ending> {
  let last: Progress | undefined;
  try {
    for await (const progress of OPERATIONS[type](input.folder)) {
      last = progress;
      tell({ kind: 'progress', id, progress });
      await rest(input.restMs);
    }
    return { outcome: (last?.failed ?? 0) > 0 ? 'partially_succeeded' : 'succeeded' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    return { outcome: 'failed', failure: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
