import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { fakeIo } from '../test-io.js';
import { isSecretReference, readSecret } from './secret.js';

const { io } = fakeIo({
  env: { TOKEN: ' abc \n', EMPTY: '' },
  files: { '/etc/app/token': 'xyz\n', '/etc/app/blank': ' ' },
});

describe('readSecret', () => {
  it.each([
    { when: 'an environment variable', reference: '${env:TOKEN}', expected: 'abc' },
    { when: 'a file beside the config', reference: '${file:token}', expected: 'xyz' },
    { when: 'a file by its full path', reference: '${file:/etc/app/token}', expected: 'xyz' },
  ])('follows $when', async ({ reference, expected }) => {
    expect(isSecretReference(reference)).toBe(true);
    expect(await readSecret(io, reference, '/etc/app', 'sources.ci.token')).toBe(expected);
  });

  it.each([
    { when: 'a literal secret', reference: 'ghp_abcdef', says: 'sources.ci.token is a literal value' },
    { when: 'text around a reference', reference: 'Bearer ${env:TOKEN}', says: 'literal value' },
    { when: 'a variable that is not set', reference: '${env:NOPE}', says: 'NOPE, which is not set' },
    { when: 'a variable that is empty', reference: '${env:EMPTY}', says: 'EMPTY, which is not set' },
    { when: 'a file that does not exist', reference: '${file:nope}', says: 'nope, which does not exist' },
    { when: 'a file that is blank', reference: '${file:blank}', says: 'blank, which is empty' },
  ])('refuses $when, and never shows it', async ({ reference, says }) => {
    const failure = await readSecret(io, reference, '/etc/app', 'sources.ci.token').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(says);
    expect(String(failure)).not.toContain('ghp_abcdef');
  });
});
