import { describe, expect, it } from 'vitest';
import { headerReader } from './received-headers.js';
import { backoffMs, isRateLimit, isRetryable, statedWaitMs } from './retry-timing.js';

const NOW = Date.UTC(2030, 0, 1, 12);
const http = (ms: number): string => new Date(ms).toUTCString();

describe('statedWaitMs', () => {
  it.each([
    ['nothing', {}, undefined],
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['no seconds at all', { 'retry-after': '0' }, 0],
    ['a date, by our clock', { 'retry-after': http(NOW + 5_000) }, 5_000],
    ['a date, by the clock of the server', { 'retry-after': http(NOW + 65_000), date: http(NOW + 60_000) }, 5_000],
    ['a date that has passed', { 'retry-after': http(NOW - 5_000) }, 0],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['a number beyond reason', { 'retry-after': '9'.repeat(40) }, undefined],
    ['a limit used up', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 7) }, 7_000],
    ['a limit used up, reset given as a wait', { 'ratelimit-remaining': '0', 'ratelimit-reset': '9' }, 9_000],
    ['a limit not used up', { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': String(NOW / 1000 + 7) }, undefined],
    [
      'both: Retry-After wins',
      { 'retry-after': '2', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 7) },
      2_000,
    ],
  ])('reads %s', (_name, headers, waitMs) => {
    expect(statedWaitMs(headerReader(headers), NOW)).toBe(waitMs);
  });
});

describe('isRateLimit', () => {
  it.each([
    [429, {}, true],
    [403, {}, false],
    [403, { 'x-ratelimit-remaining': '12' }, false],
    [403, { 'x-ratelimit-remaining': '0' }, true],
    [403, { 'retry-after': '60' }, true],
    [503, { 'retry-after': '60' }, false],
  ])('%i with %o: %s', (status, headers, limited) => {
    expect(isRateLimit(status, headerReader(headers))).toBe(limited);
  });
});

describe('backoffMs', () => {
  it('doubles the span with each attempt and takes a random part of it', () => {
    expect([1, 2, 3, 4].map((tried) => backoffMs(tried, 1))).toEqual([500, 1000, 2000, 4000]);
    expect(backoffMs(3, 0.25)).toBe(500);
    expect(backoffMs(3, 0)).toBe(0);
  });

  it('has a maximum', () => {
    expect(backoffMs(60, 1)).toBe(8_000);
  });
});

describe('isRetryable', () => {
  it('is true for overload and gateways only', () => {
    expect([400, 401, 403, 404, 408, 429, 500, 501, 502, 503, 504].filter(isRetryable)).toEqual([429, 502, 503, 504]);
  });
});
