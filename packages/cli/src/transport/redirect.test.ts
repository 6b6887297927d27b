import { describe, expect, it } from 'vitest';
import { decideRedirect, isRedirect, MAX_REDIRECTS, type RedirectRequest } from './redirect.js';

const asked = (location: string | null, changes: Partial<RedirectRequest> = {}): RedirectRequest => ({
  from: new URL('https://host/a/b'),
  status: 302,
  location,
  method: 'GET',
  credentialed: true,
  origin: 'https://host',
  taken: 0,
  ...changes,
});

describe('decideRedirect', () => {
  it.each([
    ['a relative path', asked('c'), 'https://host/a/c', 'GET'],
    ['the same origin, spelled out', asked('https://HOST:443/x#y'), 'https://host/x', 'GET'],
    ['another host without credentials', asked('https://other/x', { credentialed: false }), 'https://other/x', 'GET'],
    ['the start page from there', asked('/', { from: new URL('https://host/?a') }), 'https://host/', 'GET'],
    ['a POST on 307', asked('/x', { status: 307, method: 'POST' }), 'https://host/x', 'POST'],
    ['a POST on 301', asked('/x', { status: 301, method: 'POST' }), 'https://host/x', 'POST'],
    ['a POST on 303', asked('/x', { status: 303, method: 'POST' }), 'https://host/x', 'GET'],
  ] as const)('follows to %s', (_name, request, href, method) => {
    const decision = decideRedirect(request);
    expect(decision.kind === 'follow' ? { ...decision, url: decision.url.href } : decision).toEqual({
      kind: 'follow',
      url: href,
      method,
    });
  });

  it.each([
    ['another host', asked('https://other/x')],
    ['another port', asked('https://host:8443/x')],
    ['a host that only starts the same', asked('https://host.evil/x')],
    ['another scheme', asked('https://host/a', { from: new URL('http://host/a'), origin: 'http://host' })],
  ])('refuses to take credentials to %s', (_name, request) => {
    expect(decideRedirect(request)).toMatchObject({ why: expect.stringContaining('must not get the credentials') });
  });

  it.each([
    ['no Location', asked(null)],
    ['a Location that is no URL', asked('https://')],
    ['a downgrade', asked('http://host/a')],
    ['a downgrade elsewhere', asked('http://other/a')],
    ['another scheme', asked('file:///etc/passwd')],
    ['a user name', asked('https://user@host/a')],
    ['a password', asked('https://:pass@host/a')],
    ['the start page', asked('/')],
    ['the start page of another host', asked('https://other?next=/a/b', { credentialed: false })],
    ['one too many', asked('/x', { taken: MAX_REDIRECTS })],
    ['a query that would leave', asked('https://other/x', { status: 308, method: 'POST', credentialed: false })],
  ])('refuses %s', (_name, request) => {
    expect(decideRedirect(request).kind).toBe('refuse');
  });
});

describe('isRedirect', () => {
  it('knows the redirect statuses', () => {
    const statuses = [200, 300, 301, 302, 303, 304, 305, 307, 308, 400];
    expect(statuses.filter(isRedirect)).toEqual([301, 302, 303, 307, 308]);
  });
});
