import { describe, expect, it } from 'vitest';
import { githubApi, withinRateLimit } from './api.js';
import { fetchFrom } from '../testing/fetch.js';

describe('githubApi', () => {
  it.each([
    [undefined, 'https://api.github.com/'],
    ['https://github.com', 'https://api.github.com/'],
    ['https://git.example.com', 'https://git.example.com/api/v3/'],
    ['https://git.example.com/api/v3', 'https://git.example.com/api/v3/'],
    ['https://api.octocorp.ghe.com', 'https://api.octocorp.ghe.com/'],
  ])('of %s is %s', (server, api) => {
    expect(githubApi(server)).toBe(api);
  });
});

describe('withinRateLimit', () => {
  it('asks no more once the requests of the hour are used up, and says until when', async () => {
    let left = 2;
    const { fetch, asked } = fetchFrom(() => ({
      body: {},
      headers: { 'x-ratelimit-remaining': String(--left), 'x-ratelimit-reset': '1795424400' },
    }));
    const heeding = withinRateLimit(fetch);
    const ask = () => heeding({ url: 'https://api.github.com/' });
    await ask();
    await ask();
    await expect(ask()).rejects.toMatchObject({
      code: 'rate_limited',
      message: 'GitHub allows no more requests before 2026-11-23T09:00:00Z.',
    });
    expect(asked).toHaveLength(2);
  });

  it('counts those under way', async () => {
    const { fetch, asked } = fetchFrom(() => ({ body: {}, headers: { 'x-ratelimit-remaining': '2' } }));
    const heeding = withinRateLimit(fetch);
    const ask = () => heeding({ url: 'https://api.github.com/' });
    await ask();
    const results = await Promise.allSettled([ask(), ask(), ask()]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(asked).toHaveLength(3);
  });

  it('continues where GitHub reports no limit', async () => {
    const { fetch, asked } = fetchFrom(() => ({ body: {} }));
    const heeding = withinRateLimit(fetch);
    for (let time = 0; time < 3; time++) await heeding({ url: 'https://api.github.com/' });
    expect(asked).toHaveLength(3);
  });

  it.each([[{}], [{ 'x-ratelimit-reset': 'soon' }]])('asks no more whatever else the headers say: %j', async (more) => {
    const { fetch } = fetchFrom(() => ({ body: {}, headers: { 'x-ratelimit-remaining': '0', ...more } }));
    const heeding = withinRateLimit(fetch);
    await heeding({ url: 'https://api.github.com/' });
    await expect(heeding({ url: 'https://api.github.com/' })).rejects.toThrow('GitHub allows no more requests.');
  });
});
