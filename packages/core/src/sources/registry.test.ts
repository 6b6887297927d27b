import { describe, expect, it } from 'vitest';
import { fixture } from './testing/fixtures.js';
import { SOURCE_KINDS, sourceKind } from './registry.js';
import { parseSourceUri } from './source-uri.js';

describe('parseSourceUri', () => {
  it.each([
    ['-', { kind: 'stdin', rest: '' }],
    ['file:report.json', { kind: 'file', rest: 'report.json' }],
    ['file:C:\\reports\\a.json', { kind: 'file', rest: 'C:\\reports\\a.json' }],
    ['github:octo-org/octo-repo', { kind: 'github', rest: 'octo-org/octo-repo' }],
    ['GitHub:octo-org/octo-repo', { kind: 'github', rest: 'octo-org/octo-repo' }],
    ['runs:https://host.example/api', { kind: 'runs', rest: 'https://host.example/api' }],
  ])('reads %s', (text, uri) => {
    expect(parseSourceUri(text)).toEqual(uri);
  });

  it.each([
    [
      'report.json',
      /^"report.json" is no source: write airbyte:https:\/\/host.example\/api\/public\/v1, airflow:.*file:report.json, or - for standard input.$/,
    ],
    ['svn:repo', /^Unknown kind of source "svn"\. Known kinds: airbyte, airflow, argo, .*temporal.*\.$/],
    ['constructor:x', 'Unknown kind of source "constructor". Known kinds: airbyte, airflow, argo, '],
    [
      'https://host.example/api',
      'Say what kind of API it is: runs:https://host.example/api for a run API, or a config with kind: http.',
    ],
    ['file:', 'A file is written file:report.json'],
  ])('says of %s what to write', (text, message) => {
    expect(() => parseSourceUri(text)).toThrow(message);
  });

  it.each([
    'runs:https://me:s3cret@host.example/api',
    'https://me:s3cret@host.example/api',
    'svn:https://s3cret@host.example',
  ])('refuses credentials in %s, without repeating them', (text) => {
    expect(() => parseSourceUri(text)).toThrow(/^Credentials in a URL are refused/);
    expect(() => parseSourceUri(text)).not.toThrow(/s3cret/);
  });
});

describe('kinds', () => {
  it('open a source from a URI', async () => {
    const { source, credentialHeaders } = await sourceKind('github').openUri('octo', 'octo-org/octo-repo');
    expect(source).toMatchObject({ name: 'octo', kind: 'github', address: 'https://api.github.com/' });
    expect(credentialHeaders('t0ken')).toEqual({ authorization: 'Bearer t0ken' });
    const runs = await sourceKind('runs').openUri('host', 'https://host.example/api');
    expect(runs.source.address).toBe('https://host.example/api/');
  });

  it.each([
    ['prefect', 'https://host.example/api', 'https://host.example/api/'],
    ['mlflow', 'http://host.example:5000', 'http://host.example:5000/'],
    ['dagster', 'https://org.dagster.cloud/prod', 'https://org.dagster.cloud/prod/'],
    ['airflow', 'http://host.example:8080', 'http://host.example:8080/'],
  ])('open %s from a URI, and refuse what is not a URL', async (kind, rest, address) => {
    const { source, withToken } = await sourceKind(kind).openUri('one', rest);
    expect(source).toMatchObject({ name: 'one', kind, address });
    expect(withToken('user:password')).toMatchObject({ name: 'one', kind, address });
    await expect(sourceKind(kind).openUri('one', 'host.example')).rejects.toThrow(
      `Write it as ${kind}:https://host.example`,
    );
  });

  it.each([
    ['runs', 'host.example/api', 'Not a valid URL. Write it as runs:https://host.example/api'],
    ['runs', 'ftp://host.example/api', 'Only http and https URLs are supported.'],
    ['runs', 'https://host.example/api?key=1', 'The base URL of an API cannot have a query (?…).'],
    ['github', 'octo/', 'Write a repository as github:owner/repo, and all of an owner as github:owner'],
    ['http', '//host', 'needs a config file; a URI cannot describe it'],
  ])('%s refuses the URI %s', async (kind, rest, message) => {
    await expect(sourceKind(kind).openUri('x', rest)).rejects.toThrow(message);
  });

  it('open a source from a config', async () => {
    const github = { repository: 'octo-org/octo-repo', url: 'https://git.example.com' };
    expect((await sourceKind('github').open('octo', github)).source.address).toBe('https://git.example.com/api/v3/');
    const all = await sourceKind('github').open('all', { owner: 'octo-org', pushed: '90d' });
    expect(all.source.address).toBe('https://api.github.com/');
    const slurm = await sourceKind('http').open('cluster', fixture('slurm/mapping.json'));
    expect(slurm.credentialHeaders('jwt')).toEqual({ 'x-slurm-user-token': 'jwt' });
  });

  it.each([
    ['runs', { url: 'https://me:s3cret@host.example/' }, '  url: Credentials in a URL are refused'],
    ['runs', { url: 'https://host.example/', token: 's3cret' }, '  token: unknown field'],
    ['github', { repository: 'octo' }, '  repository: must be written owner/repo'],
    ['github', { owner: 'octo/repo' }, '  owner: must be the name of an organisation or a user'],
    ['github', { owner: 'octo', repository: 'octo/repo' }, '  config: needs either repository (owner/repo) or owner'],
    ['github', { repository: 'octo/repo', pushed: '90d' }, '  config: needs either repository (owner/repo) or owner'],
    ['github', { owner: 'octo', pushed: '3 months' }, '  pushed: must be a duration such as 90d or 36h'],
    ['http', {}, '  url: '],
  ])('%s refuses a config, and names the place but not what stands there', async (kind, config, message) => {
    await expect(sourceKind(kind).open('x', config)).rejects.toThrow(message);
    await expect(sourceKind(kind).open('x', config)).rejects.not.toThrow(/s3cret/);
  });

  it.each(Object.entries(SOURCE_KINDS))('%s has a strict schema', async (_, kind) => {
    const result = (await kind.schema()).safeParse({ nonsense: true });
    expect(result.error?.issues.some(({ code }) => code === 'unrecognized_keys')).toBe(true);
  });
});
