import type { Connection, ConnectionOptions } from '../io.js';
import { VERSION } from '../version.js';
import { createPool, type Pool } from './pool.js';
import { createTransport } from './transport.js';

/** Pools by the certificates that they trust and present, each with the number of its users. */
const pools = new Map<string, { readonly pool: Pool; users: number }>();

/**
 * Connects to a source. Sources share their connections until the last one is closed.
 *
 * @throws {SourceError} `refused` for a URL or a credential that cannot be used.
 */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { ca, clientCertificate: own } = options;
  const clientCertificate = own === undefined ? undefined : { ...own, origin: new URL(options.baseUrl).origin };
  const poolKey = JSON.stringify([ca, clientCertificate]);
  const shared = pools.get(poolKey) ?? { pool: createPool({ ca, clientCertificate }), users: 0 };
  const transport = createTransport({
    baseUrl: options.baseUrl,
    credentials: options.credentials,
    timeoutMs: options.timeoutMs,
    debug: options.debug,
    pool: shared.pool,
    version: VERSION,
  });
  pools.set(poolKey, shared);
  shared.users++;
  let closed = false;
  return {
    ...transport,
    close: async () => {
      if (closed) return;
      closed = true;
      await transport.close();
      if (--shared.users > 0) return;
      pools.delete(poolKey);
      await shared.pool.close();
    },
  };
}
