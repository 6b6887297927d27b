import { startHost, type Host, type HostOptions } from './host.js';
import { startScenario } from './scenario.js';

/** A running demo: the host, and its automatic activity. */
export type Demo = Host & {
  /** The run whose worker is going to die. */
  readonly victim: string;
};

/** Starts the host and orders the first work. */
export async function startDemo(options: HostOptions): Promise<Demo> {
  const host = await startHost(options);
  const scenario = await startScenario(host.order, options.restMs);
  const pace = scenario.keepBusy(host.openOrders, options.onError);
  return {
    ...host,
    victim: scenario.victim,
    async stop() {
      pace.stop();
      await host.stop();
    },
  };
}
