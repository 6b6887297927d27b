import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { postgresSettings } from './settings.js';

const read = (
  url: string,
  environment: Readonly<Record<string, string>> = {},
  hasSocket: (folder: string, port: number) => boolean = () => false,
) => postgresSettings({ url, environment }, hasSocket);

const PSQL = {
  PGHOST: 'db.example',
  PGPORT: '6543',
  PGUSER: 'reader',
  PGDATABASE: 'app',
  PGSSLMODE: 'verify-full',
  PGSSLROOTCERT: '/ca.pem',
  PGSSLCERT: '/own.pem',
  PGSSLKEY: '/own.key',
};

describe('the settings of PostgreSQL', () => {
  it('come from the URL', () => {
    expect(
      read('postgres://re%40d@host.example:5433/ap%20p?sslmode=require&sslrootcert=/root.pem', PSQL),
    ).toMatchObject({
      host: 'host.example',
      port: 5433,
      user: 're@d',
      database: 'ap p',
      sslMode: 'require',
      sslRootCert: '/root.pem',
    });
  });

  it('come from the variables of psql where the URL says nothing', () => {
    expect(read('postgres://', PSQL)).toEqual({
      host: 'db.example',
      port: 6543,
      user: 'reader',
      database: 'app',
      sslMode: 'verify-full',
      sslRootCert: '/ca.pem',
      sslCert: '/own.pem',
      sslKey: '/own.key',
    });
  });

  it('have the defaults of psql', () => {
    const { username } = userInfo();
    expect(read('postgres://')).toMatchObject({
      host: 'localhost',
      port: 5432,
      user: username,
      database: username,
      sslMode: 'prefer',
    });
  });

  it.each([
    ['a socket in the usual folder', 'postgres://', '/tmp'],
    ['a socket that the URL names', 'postgres:///app?host=/run/pg', '/run/pg'],
    ['an IPv6 address', 'postgres://[::1]/app', '::1'],
  ])('lead to %s', (_, url, host) => {
    expect(read(url, {}, (folder, port) => folder === '/tmp' && port === 5432).host).toBe(host);
  });

  it.each([
    ['postgres://host/app?sslmode=maybe', {}, 'sslmode is not one of disable, allow, prefer'],
    ['postgres://host/app', { PGPORT: 'high' }, 'The port of the database is not a number'],
    ['postgres://host/app?port=70000', {}, 'The port of the database is not a number'],
  ])('refuse %s with %j', (url, environment, message) => {
    expect(() => read(url, environment)).toThrow(message);
  });
});
