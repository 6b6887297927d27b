import { describe, expect, it } from 'vitest';
import { mysqlSettings } from './settings.js';

describe('the settings of MySQL', () => {
  it('come from the URL', () => {
    expect(mysqlSettings('mysql://re%40d@db.example:3307/ap%20p?ssl-mode=verify_ca&ssl-ca=/ca.pem')).toMatchObject({
      host: 'db.example',
      port: 3307,
      user: 're@d',
      database: 'ap p',
      socket: undefined,
      sslMode: 'VERIFY_CA',
      sslCa: '/ca.pem',
    });
  });

  it('have the usual defaults', () => {
    expect(mysqlSettings('mariadb://root@[::1]/app')).toMatchObject({ host: '::1', port: 3306, sslMode: 'PREFERRED' });
    expect(mysqlSettings('mysql:///app?socket=/run/mysqld.sock')).toMatchObject({
      host: 'localhost',
      socket: '/run/mysqld.sock',
    });
  });

  it.each([
    ['mysql://root@host', 'The URL names no database'],
    ['mysql://root@host/app?ssl-mode=maybe', 'ssl-mode is not one of DISABLED, PREFERRED'],
  ])('refuse %s', (url, message) => {
    expect(() => mysqlSettings(url)).toThrow(message);
  });
});
