import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PostgresSettings, SslMode } from './settings.js';
import { tlsAttempts, type TlsAttempt } from './tls.js';

const folder = mkdtempSync(join(tmpdir(), 'tardy-tls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const pem = (name: string) => {
  const path = join(folder, name);
  writeFileSync(path, name);
  return path;
};

const settings = (sslMode: SslMode, more: Partial<PostgresSettings> = {}): PostgresSettings => ({
  host: 'db.example',
  port: 5432,
  user: 'reader',
  database: 'app',
  sslRootCert: undefined,
  sslCert: undefined,
  sslKey: undefined,
  ...more,
  sslMode,
});

/** What an attempt verifies. */
function described(attempt: TlsAttempt): string {
  if (attempt === false) return 'plain';
  if (attempt.rejectUnauthorized !== true) return 'encrypted';
  return attempt.checkServerIdentity === undefined ? 'authority and name' : 'authority';
}

describe('TLS', () => {
  it.each<[SslMode, Partial<PostgresSettings>, readonly string[]]>([
    ['disable', {}, ['plain']],
    ['allow', {}, ['plain', 'encrypted']],
    ['prefer', {}, ['encrypted', 'plain']],
    ['require', {}, ['encrypted']],
    ['require', { sslRootCert: pem('root.pem') }, ['authority']],
    ['verify-ca', { sslRootCert: pem('root.pem') }, ['authority']],
    ['verify-ca', {}, ['authority']],
    ['verify-full', { sslRootCert: 'system' }, ['authority and name']],
    ['verify-full', {}, ['authority and name']],
    ['verify-full', { host: '/var/run/postgresql' }, ['plain']],
  ])('by %s with %j is %j', async (mode, more, expected) => {
    expect((await tlsAttempts(settings(mode, more), undefined)).map(described)).toEqual(expected);
  });

  it('trusts the certificates of --ca as well', async () => {
    const [attempt] = await tlsAttempts(settings('verify-full', { sslRootCert: pem('root.pem') }), 'EXTRA');
    expect(attempt).toMatchObject({ ca: ['root.pem', 'EXTRA'] });
    expect((await tlsAttempts(settings('require'), 'EXTRA')).map(described)).toEqual(['authority']);
  });

  it('shows a client certificate', async () => {
    const own = { sslCert: pem('own.pem'), sslKey: pem('own.key') };
    expect(await tlsAttempts(settings('require', own), undefined)).toMatchObject([{ cert: 'own.pem', key: 'own.key' }]);
  });

  it('names a file that cannot be read', async () => {
    await expect(tlsAttempts(settings('verify-full', { sslRootCert: '/no.pem' }), undefined)).rejects.toThrow(
      'The file of sslrootcert, /no.pem, cannot be read.',
    );
  });
});
