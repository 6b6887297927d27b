import { describe, expect, it } from 'vitest';
import { sourceKind } from '../registry.js';
import { fetchFrom } from '../testing/fetch.js';

describe('a kind that a mapping describes', () => {
  it.each(['https://host.example/below', 'https://host.example/below/'])('reads below %s', async (url) => {
    const { source, credentialHeaders } = await sourceKind('rundeck').openUri('ops', url);
    expect(source).toMatchObject({ name: 'ops', kind: 'rundeck' });
    expect(credentialHeaders('t')).toEqual({ 'x-rundeck-auth-token': 't' });
    const { fetch, asked } = fetchFrom(() => ({ status: 404, body: {} }));
    expect(await source.get('7', fetch)).toBeUndefined();
    expect(asked[0]?.url).toBe('https://host.example/below/api/41/execution/7');
  });

  it('is configured by its URL alone', async () => {
    const open = (config: unknown) => sourceKind('awx').open('ops', config);
    expect((await open({ url: 'https://host.example' })).source.address).toBe(
      'https://host.example/api/v2/unified_jobs/',
    );
    await expect(open({ url: 'https://host.example', items: 'x' })).rejects.toThrow('items: unknown field');
    await expect(open({ url: 'ftp://host.example' })).rejects.toThrow('Only http and https URLs are supported.');
    await expect(sourceKind('awx').openUri('ops', 'host.example')).rejects.toThrow(
      'Write it as awx:https://host.example',
    );
  });
});
