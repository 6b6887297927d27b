import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates, type ConnectionOptions as TlsOptions } from 'node:tls';
import { SourceError } from '@tardy/core/sources';
import type { PostgresSettings } from './settings.js';

/** How one attempt to connect uses TLS; `false` for not at all. */
export type TlsAttempt = TlsOptions | false;

/**
 * The attempts to make, in this order, as libpq makes them: `prefer` connects without TLS if the server has none, `require` verifies the server
 * only if a root certificate is there, `verify-ca` its authority, `verify-full` its name as well.
 *
 * @param ca more certificates to trust (PEM).
 */
export async function tlsAttempts(settings: PostgresSettings, ca: string | undefined): Promise<readonly TlsAttempt[]> {
  const { host, sslMode } = settings;
  if (sslMode === 'disable' || host.startsWith('/')) return [false];
  const root = await rootOf(settings, ca);
  const own = await clientCertificate(settings);
  const encrypted: TlsOptions = { ...own, rejectUnauthorized: false };
  const verified: TlsOptions = { ...own, rejectUnauthorized: true, ...(root === undefined ? {} : { ca: root }) };
  const anyName: TlsOptions = { ...verified, checkServerIdentity: () => undefined };
  switch (sslMode) {
    case 'allow':
      return [false, encrypted];
    case 'prefer':
      return [encrypted, false];
    case 'require':
      return [root === undefined ? encrypted : anyName];
    case 'verify-ca':
      return [anyName];
    case 'verify-full':
      return [{ ...verified, servername: host }];
  }
}

async function rootOf({ sslRootCert }: PostgresSettings, ca: string | undefined): Promise<string[] | undefined> {
  const own =
    sslRootCert === 'system'
      ? rootCertificates.join('\n')
      : sslRootCert === undefined
        ? await homeFile('root.crt')
        : await namedFile('sslrootcert', sslRootCert);
  if (own !== undefined) return [own, ...(ca === undefined ? [] : [ca])];
  return ca === undefined ? undefined : [...rootCertificates, ca];
}

async function clientCertificate({ sslCert, sslKey }: PostgresSettings): Promise<{ cert?: string; key?: string }> {
  const cert = sslCert === undefined ? await homeFile('postgresql.crt') : await namedFile('sslcert', sslCert);
  if (cert === undefined) return {};
  const key = sslKey === undefined ? await homeFile('postgresql.key') : await namedFile('sslkey', sslKey);
  if (key === undefined)
    throw new SourceError('refused', 'There is a client certificate (sslcert) and no key (sslkey).');
  return { cert, key };
}

function homeFile(name: string): Promise<string | undefined> {
  return readFile(join(homedir(), '.postgresql', name), 'utf8').catch(() => undefined);
}

async function namedFile(parameter: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new SourceError('refused', `The file of ${parameter}, ${path}, cannot be read.`);
  }
}
