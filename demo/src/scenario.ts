import { join } from 'node:path';
import { layOutTenant } from './operations/tree.js';
import type { OperationType, RunDesk } from './run-desk.js';

/** The tenants of the demo and the files that each has. */
const TENANTS = [
  { id: '7', workspace: 'contoso', files: 24 },
  { id: '8', workspace: 'contoso', files: 18 },
  { id: '9', workspace: 'tailspin', files: 18 },
] as const;

const ROUND: readonly { readonly type: OperationType; readonly title: string }[] = [
  { type: 'directory_sync', title: 'Sync directory' },
  { type: 'baseline_compare', title: 'Compare baseline' },
  { type: 'tenant_backup', title: 'Back up tenant' },
];

/** How many orders may be open at a time, so that the workers keep up and the queue stays calm. */
const OPEN_ORDERS = 3;
/** How many steps of an operation pass between two orders. */
const PACE_STEPS = 4;

/** What happens by itself while the demo runs. */
export type Scenario = {
  /** The run whose worker is going to die. */
  readonly victim: string;
  /** Orders more work from time to time until `stop`. */
  readonly keepBusy: (
    openOrders: () => Promise<number>,
    onError: (error: unknown) => void,
  ) => { readonly stop: () => void };
};

/** Lays out each tenant's files below `folder` and orders the first work. `restMs` is how long a step of it takes. */
export async function startScenario(desk: RunDesk, folder: string, restMs: number): Promise<Scenario> {
  const folderOf = (tenant: string) => join(folder, `tenant-${tenant}`);
  for (const { id, files } of TENANTS) await layOutTenant(folderOf(id), id, files);

  const contoso = { workspace: 'contoso', tenant: '7', by: 'dana', input: { folder: folderOf('7'), restMs } };
  const victim = await desk.order({ ...contoso, type: 'baseline_compare', title: 'Compare baseline Q3' });
  await desk.order({ ...contoso, type: 'tenant_backup', title: 'Back up Fabrikam' });
  await desk.order({ ...contoso, type: 'tenant_backup', title: 'Back up before the move', approval: true });

  let round = 0;
  async function orderNext(): Promise<void> {
    const tenant = TENANTS[(round + 1) % TENANTS.length] ?? TENANTS[0];
    const work = ROUND[Math.floor(round / TENANTS.length) % ROUND.length] ?? ROUND[0];
    round++;
    const input = { folder: folderOf(tenant.id), restMs };
    if (work !== undefined)
      await desk.order({ ...work, workspace: tenant.workspace, tenant: tenant.id, by: 'schedule', input });
  }
  await orderNext();

  return {
    victim,
    keepBusy(openOrders, onError) {
      const timer = setInterval(() => {
        void openOrders()
          .then((open) => (open < OPEN_ORDERS ? orderNext() : undefined))
          .catch(onError);
      }, PACE_STEPS * restMs);
      return { stop: () => clearInterval(timer) };
    },
  };
}
