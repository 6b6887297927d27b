import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { fakeIo } from '../test-io.js';
import { isSecretReference, readSecret } from './secret.js';

const { io } = fakeIo({
  env: { TOKEN: ' abc \n', EMPTY: '' },
  files: { '/etc/app/token': 'xyz\n', '/etc/app/blank': ' ' },
});

const USE = {
  where: 'sources.ci.token',
  url: 'https://host.example/api',
  config: { path: '/etc/app/tardy.config.yaml', folder: '/etc/app', confinedTo: undefined },
};

describe('readSecret', () => {
  it.each([
    { when: 'an environment variable', reference: '${env:TOKEN}', expected: 'abc' },
    { when: 'a file beside the config', reference: '${file:token}', expected: 'xyz' },
    { when: 'a file by its full path', reference: '${file:/etc/app/token}', expected: 'xyz' },
  ])('follows $when', async ({ reference, expected }) => {
    expect(isSecretReference(reference)).toBe(true);
    expect(await readSecret(io, reference, USE)).toBe(expected);
  });

  it.each([
    { when: 'a literal secret', reference: 'ghp_abcdef', says: 'sources.ci.token is a literal value' },
    { when: 'text around a reference', reference: 'Bearer ${env:TOKEN}', says: 'literal value' },
    { when: 'a variable that is not set', reference: '${env:NOPE}', says: 'NOPE, which is not set' },
    { when: 'a variable that is empty', reference: '${env:EMPTY}', says: 'EMPTY, which is not set' },
    { when: 'a file that does not exist', reference: '${file:nope}', says: 'nope, which does not exist' },
    { when: 'a file that is blank', reference: '${file:blank}', says: 'blank, which is empty' },
  ])('refuses $when, and never shows it', async ({ reference, says }) => {
    const failure = await readSecret(io, reference, USE).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(says);
    expect(String(failure)).not.toContain('ghp_abcdef');
  });
});

describe('a config that was found', () => {
  const found = { ...USE, config: { ...USE.config, confinedTo: '/etc/app' } };
  const read = (reference: string, env: Readonly<Record<string, string>>, url = USE.url) =>
    readSecret(fakeIo({ env, files: { '/etc/app/token': 'xyz' } }).io, reference, { ...found, url });

  it.each([
    { when: 'GitHub ties it to its API', name: 'GITHUB_TOKEN', url: 'https://api.github.com/', env: {} },
    {
      when: 'the job ties it to an API',
      name: 'GITHUB_TOKEN',
      url: 'https://ghe.example/api/v3/',
      env: { GITHUB_API_URL: 'https://ghe.example/api/v3' },
    },
    {
      when: 'GitLab ties it to its server',
      name: 'CI_JOB_TOKEN',
      url: 'https://git.example/lab/',
      env: { CI_SERVER_URL: 'https://git.example/lab' },
    },
    { when: 'it is allowed', name: 'MY', url: USE.url, env: { TARDY_ALLOW_SECRETS: 'MY@https://host.example' } },
    {
      when: 'it is one of those allowed',
      name: 'MY',
      url: USE.url,
      env: { TARDY_ALLOW_SECRETS: 'A@https://a.example, MY@https://host.example/x' },
    },
  ])('may use a variable where $when', async ({ name, url, env }) => {
    expect(await read(`\${env:${name}}`, { ...env, [name]: 'abc' }, url)).toBe('abc');
  });

  it.each([
    { when: 'nothing ties it', name: 'MY', url: USE.url, env: {} },
    { when: 'it is tied elsewhere', name: 'GITHUB_TOKEN', url: 'https://evil.example/', env: {} },
    {
      when: 'the job ties it to another API',
      name: 'GITHUB_TOKEN',
      url: 'https://api.github.com/',
      env: { GITHUB_API_URL: 'https://ghe.example' },
    },
    { when: 'the scheme differs', name: 'GITHUB_TOKEN', url: 'http://api.github.com/', env: {} },
    { when: 'the port differs', name: 'GITHUB_TOKEN', url: 'https://api.github.com:8443/', env: {} },
    { when: 'the host only ends alike', name: 'GITHUB_TOKEN', url: 'https://evil-api.github.com/', env: {} },
    {
      when: 'another variable is allowed',
      name: 'MY',
      url: USE.url,
      env: { TARDY_ALLOW_SECRETS: 'OTHER@https://host.example' },
    },
    {
      when: 'another origin is allowed',
      name: 'MY',
      url: USE.url,
      env: { TARDY_ALLOW_SECRETS: 'MY@https://other.example' },
    },
  ])('may not use a variable where $when', async ({ name, url, env }) => {
    const failure = await read(`\${env:${name}}`, { ...env, [name]: 's3cret' }, url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure).toMatchObject({
      message: expect.stringContaining(name),
      hint: expect.stringContaining('TARDY_ALLOW_SECRETS'),
    });
    expect(String(failure)).not.toContain('s3cret');
  });

  it('may not use a file', async () => {
    await expect(read('${file:token}', {})).rejects.toThrow(/only a config named with --config/);
  });

  it.each(['MY', '@https://host.example', 'MY@host.example', 'MY@file:///etc'])(
    'refuses TARDY_ALLOW_SECRETS=%s',
    async (text) => {
      await expect(read('${env:MY}', { MY: 'abc', TARDY_ALLOW_SECRETS: text })).rejects.toThrow(
        'TARDY_ALLOW_SECRETS is invalid',
      );
    },
  );
});
