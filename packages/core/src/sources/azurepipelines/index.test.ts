import { describe, expect, it } from 'vitest';
import { sourceKind } from '../registry.js';
import { azurepipelines } from './index.js';

const JOB = { TF_BUILD: 'True', SYSTEM_COLLECTIONURI: 'https://dev.azure.com/acme/', SYSTEM_TEAMPROJECT: 'Web shop' };

describe('Azure Pipelines', () => {
  it('knows the project of its own job', () => {
    expect(azurepipelines.ciJob?.({ ...JOB, SYSTEM_ACCESSTOKEN: 't' })).toEqual({
      place: 'Web shop',
      config: { url: 'https://dev.azure.com/acme/Web%20shop' },
      tokenVariable: 'SYSTEM_ACCESSTOKEN',
      headerVariables: {},
    });
    expect(azurepipelines.ciJob?.(JOB)?.tokenVariable).toBeUndefined();
    expect(azurepipelines.ciJob?.({ ...JOB, TF_BUILD: undefined })).toBeUndefined();
  });

  it.each([
    [{}, 'https://dev.azure.com'],
    [{ SYSTEM_COLLECTIONURI: 'https://host.example/collection/' }, 'https://host.example/collection/'],
  ])('ties its tokens to the collection of %j', (environment, url) => {
    expect(azurepipelines.secretUrls?.(environment)).toEqual({ AZURE_DEVOPS_EXT_PAT: url, SYSTEM_ACCESSTOKEN: url });
  });

  it.each([
    ['dev.azure.com', 'acme/web/_git/shop', 'https://dev.azure.com/acme/web'],
    ['ssh.dev.azure.com', 'v3/acme/web/shop', 'https://dev.azure.com/acme/web'],
    ['dev.azure.com', 'acme', undefined],
    ['github.com', 'acme/web', undefined],
  ])('recognises the remote %s/%s', (host, path, url) => {
    expect(azurepipelines.traces?.gitRemote?.({ host, path })).toEqual(url === undefined ? undefined : { url });
  });

  it.each([
    ['https://dev.azure.com/acme/web/_build?definitionId=12', 'azurepipelines:https://dev.azure.com/acme/web'],
    ['https://dev.azure.com/acme', undefined],
    ['https://host.example/acme/web', undefined],
  ])('recognises the page %s', (page, uri) => {
    expect(azurepipelines.uriOfPage?.(new URL(page))).toBe(uri);
  });

  it('sends a token as a password without a user', async () => {
    const { credentialHeaders } = await sourceKind('azurepipelines').openUri('ops', 'https://dev.azure.com/acme/web');
    expect(credentialHeaders('t')).toEqual({ authorization: `Basic ${Buffer.from(':t').toString('base64')}` });
  });
});
