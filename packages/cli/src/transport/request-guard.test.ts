import type { SourceRequest } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { RequestGuard } from './request-guard.js';

const base = 'https://host/';

function admitAll(requests: readonly SourceRequest[], maxRequests = 100, refuseRepeats = true): void {
  const guard = new RequestGuard({ maxRequests, refuseRepeats });
  for (const request of requests) guard.admit(request, new URL(request.url, base));
}

describe('RequestGuard', () => {
  it.each<[string, SourceRequest, SourceRequest]>([
    ['another page', { url: 'a?page=1' }, { url: 'a?page=2' }],
    [
      'another query',
      { url: 'a', method: 'POST', body: { after: 1 } },
      { url: 'a', method: 'POST', body: { after: 2 } },
    ],
    ['another header', { url: 'a', headers: { 'x-page': '1' } }, { url: 'a', headers: { 'x-page': '2' } }],
    ['a deliberate second look', { url: 'a' }, { url: 'a', headers: { 'Cache-Control': 'no-cache' } }],
  ])('admits %s', (_name, first, second) => {
    expect(() => admitAll([first, second])).not.toThrow();
  });

  it.each<[string, SourceRequest, SourceRequest]>([
    ['the same page', { url: 'a?page=1' }, { url: 'https://host/a?page=1' }],
    [
      'the same query',
      { url: 'a', method: 'POST', body: { q: 'x'.repeat(999) } },
      { url: 'a', method: 'POST', body: { q: 'x'.repeat(999) } },
    ],
  ])('notices %s', (_name, first, second) => {
    expect(() => admitAll([first, second])).toThrow(expect.objectContaining({ code: 'truncated' }));
    expect(() => admitAll([first, second], 100, false)).not.toThrow();
  });

  it('counts', () => {
    const requests = Array.from({ length: 6 }, (_, i) => ({ url: `a?page=${i}` }));
    expect(() => admitAll(requests, 6)).not.toThrow();
    expect(() => admitAll(requests, 5)).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});
