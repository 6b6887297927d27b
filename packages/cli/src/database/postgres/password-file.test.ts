import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { passwordFromFile, passwordIn } from './password-file.js';

const at = { host: 'db.example', port: 5432, database: 'app', user: 'reader' };

describe('the password file', () => {
  it.each<[string, string, string | undefined]>([
    ['the line that fits', 'other:5432:app:reader:no\ndb.example:5432:app:reader:yes', 'yes'],
    ['the first line that fits', 'db.example:*:*:reader:first\n*:*:*:*:second', 'first'],
    ['no comment', '#*:*:*:*:no\n\n*:*:*:*:yes', 'yes'],
    ['a password with colons and backslashes', String.raw`*:*:*:*:a\:b:c\\d`, String.raw`a:b:c\d`],
    ['no line of another user', 'db.example:5432:app:owner:no', undefined],
    ['no line of another port', 'db.example:5433:app:reader:no', undefined],
    ['no line that is cut off', 'db.example:5432:app:reader', undefined],
    ['lines of Windows', 'x:*:*:*:no\r\n*:*:*:*:yes\r\n', 'yes'],
  ])('gives %s', (_, text, password) => {
    expect(passwordIn(text, at)).toBe(password);
  });

  it('calls a server localhost that is reached by its socket', () => {
    expect(passwordIn('localhost:5432:app:reader:yes', { ...at, host: '/var/run/postgresql' })).toBe('yes');
  });

  describe('on disk', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tardy-pgpass-'));
    const file = join(folder, '.pgpass');
    writeFileSync(file, '*:*:*:*:s3cret\n', { mode: 0o600 });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const settings = {
      ...at,
      sslMode: 'prefer',
      sslRootCert: undefined,
      sslCert: undefined,
      sslKey: undefined,
    } as const;

    it('is found by PGPASSFILE and in the home folder', async () => {
      expect(await passwordFromFile(settings, { PGPASSFILE: file })).toBe('s3cret');
      expect(await passwordFromFile(settings, { HOME: folder })).toBe('s3cret');
      expect(await passwordFromFile(settings, { PGPASSFILE: join(folder, 'none') })).toBeUndefined();
    });

    it.skipIf(process.platform === 'win32')('is not used if others can read it', async () => {
      chmodSync(file, 0o644);
      expect(await passwordFromFile(settings, { PGPASSFILE: file })).toBeUndefined();
      chmodSync(file, 0o600);
    });
  });
});
