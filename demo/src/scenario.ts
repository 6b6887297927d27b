import type { OperationType } from './run-desk.js';
import type { OrderWork } from './tenant-work.js';
import { OPERATIONS, TENANTS } from './tenant-work.js';

/** How many orders may be open at a time, so that the workers keep up and the queue stays short. */
const OPEN_ORDERS = 3;
/** How many steps of an operation pass between two orders. */
const PACE_STEPS = 4;

/** The automatic activity while the demo runs. */
export type Scenario = {
  /** The run whose worker is going to die. */
  readonly victim: string;
  /** Orders more work periodically until `stop`. */
  readonly keepBusy: (
    openOrders: () => Promise<number>,
    onError: (error: unknown) => void,
  ) => { readonly stop: () => void };
};

/** Orders the first work. `restMs` is how long a step of it takes. */
export async function startScenario(order: OrderWork, restMs: number): Promise<Scenario> {
  const victim = await order({ tenant: '7', type: 'baseline_compare', title: 'Compare baseline Q3', by: 'dana' });
  await order({ tenant: '7', type: 'tenant_backup', title: 'Back up Fabrikam', by: 'dana' });
  await order({ tenant: '7', type: 'tenant_backup', title: 'Back up before the move', by: 'dana', approval: true });

  const types = Object.keys(OPERATIONS) as OperationType[];
  let round = 0;
  async function orderNext(): Promise<void> {
    const { id: tenant } = TENANTS[(round + 1) % TENANTS.length] ?? TENANTS[0];
    const type = types[Math.floor(round / TENANTS.length) % types.length] ?? 'directory_sync';
    round++;
    await order({ tenant, type, by: 'schedule' });
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
