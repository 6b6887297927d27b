import { engineOf, SourceError } from '@tardy/core/sources';
import { UsageError } from '../errors.js';
import type { Connection, ConnectionOptions } from '../io.js';
import { VERSION } from '../version.js';
import { createPool, type Pool } from './pool.js';
import { createTransport } from './transport.js';
import { parseBaseUrl } from './url.js';

/** Pools by the certificates that they trust and present, each with the number of its users. */
const pools = new Map<string, { readonly pool: Pool; users: number }>();

/**
 * Connects to a source. Sources share their connections until the last one is closed.
 *
 * @throws {UsageError} for a URL, a credential or a proxy setting that cannot be used.
 */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  if (engineOf(options.baseUrl) !== undefined) {
    const { connectDatabase } = await import('../database/connect-database.js');
    return connectDatabase(options, process.env);
  }
  try {
    return open(options);
  } catch (error) {
    if (error instanceof SourceError) throw new UsageError(error.message);
    throw error;
  }
}

function open(options: ConnectionOptions): Connection {
  const { ca, clientCertificate: own, allowHosts = [] } = options;
  const clientCertificate = own === undefined ? undefined : { ...own, origin: parseBaseUrl(options.baseUrl).origin };
  const poolKey = JSON.stringify([ca, clientCertificate, allowHosts]);
  const shared = pools.get(poolKey) ?? { pool: createPool({ ca, clientCertificate, allowHosts }), users: 0 };
  const transport = createTransport({
    baseUrl: options.baseUrl,
    credentials: options.credentials,
    signer: options.signer,
    timeoutMs: options.timeoutMs,
    allowHosts,
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
