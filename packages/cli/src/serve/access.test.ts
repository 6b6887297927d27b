import { describe, expect, it } from 'vitest';
import { NOON } from '../test-io.js';
import { Access, isLoopback } from './access.js';

const TOKEN = 'a-token-of-some-length';
const DAY = 86_400_000;

function accessOf(fields: Partial<ConstructorParameters<typeof Access>[0]> = {}) {
  const clock = { now: NOON };
  const access = new Access({
    token: TOKEN,
    hostNames: ['wall.example'],
    corsOrigins: [],
    now: () => clock.now,
    ...fields,
  });
  return { access, clock };
}

function request(headers: Record<string, string> = {}): Request {
  return new Request('http://127.0.0.1:8787/', { headers });
}

function cookieOf(access: Access): string {
  return access.sessionCookie(request()).split(';')[0] ?? '';
}

describe('the host that a request names', () => {
  it.each([
    '127.0.0.1:8787',
    '[::1]:8787',
    'localhost',
    'LOCALHOST:8787',
    'tardy.localhost:80',
    '10.0.0.7:8787',
    'wall.example',
    'Wall.Example:8787',
    'wall.example.',
  ])('%s is known', (host) => expect(accessOf().access.isKnownHost(host)).toBe(true));

  it.each([
    '',
    'evil.example',
    'evil.example:8787',
    'localhost.evil.example',
    'wall.example.evil.example',
    '127.0.0.1.evil.example',
    'evil.example#localhost',
    'localhost/evil',
    'user@localhost',
    'evil.example?localhost',
  ])('%s is not', (host) => expect(accessOf().access.isKnownHost(host)).toBe(false));
});

describe('who may read', () => {
  it('is everybody where there is no token', () => {
    expect(accessOf({ token: undefined }).access.mayRead(request())).toBe(true);
  });

  it.each([
    ['nothing', {}, false],
    ['the token', { Authorization: `Bearer ${TOKEN}` }, true],
    ['the token under a scheme in lower case', { Authorization: `bearer ${TOKEN}` }, true],
    ['a prefix of it', { Authorization: `Bearer ${TOKEN.slice(0, -1)}` }, false],
    ['more than it', { Authorization: `Bearer ${TOKEN}x` }, false],
    ['it under another scheme', { Authorization: `Basic ${TOKEN}` }, false],
    ['it as a cookie', { Cookie: `tardy_session_8787=${TOKEN}` }, false],
    ['a cookie without a signature', { Cookie: `tardy_session_8787=${NOON + DAY}` }, false],
    ['a cookie with an empty signature', { Cookie: `tardy_session_8787=${NOON + DAY}.` }, false],
  ] as [string, Record<string, string>, boolean][])('shows %s: %s %s', (_, headers, expected) => {
    expect(accessOf().access.mayRead(request(headers))).toBe(expected);
  });
});

describe('a session', () => {
  it('lasts for 30 days, is renewed after half of them, and cannot be prolonged by hand', () => {
    const { access, clock } = accessOf();
    const cookie = cookieOf(access);
    const may = (Cookie: string) => access.mayRead(request({ Cookie }));
    expect([may(cookie), may(`other=1; ${cookie}`), access.renewal(request({ Cookie: cookie }))]).toEqual([
      true,
      true,
      undefined,
    ]);
    clock.now += 15 * DAY;
    expect(access.renewal(request({ Cookie: cookie }))).toBeUndefined();
    clock.now += 1;
    const renewed = access.renewal(request({ Cookie: cookie }))?.split(';')[0] ?? '';
    clock.now += 15 * DAY - 2;
    expect(may(cookie)).toBe(true);
    clock.now += 1;
    expect([may(cookie), may(renewed)]).toEqual([false, true]);
    expect(may(cookie.replace(/=\d+/, `=${NOON + 99 * DAY}`))).toBe(false);
  });

  it('ends with its token', () => {
    const cookie = cookieOf(accessOf().access);
    expect(accessOf({ token: `${TOKEN}-2` }).access.mayRead(request({ Cookie: cookie }))).toBe(false);
    expect(accessOf().access.mayRead(request({ Cookie: cookie }))).toBe(true);
  });

  it('is out of reach of scripts and of other sites, and of plain HTTP behind a proxy with TLS', () => {
    const { access } = accessOf();
    expect(access.sessionCookie(request())).toMatch(/; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
    expect(access.sessionCookie(request({ 'X-Forwarded-Proto': 'https' }))).toMatch(/; Secure$/);
    expect(access.noCookie(request())).toMatch(/^tardy_session_8787=; Path=\/; Max-Age=0;/);
  });
});

describe('pages of other origins', () => {
  const { access } = accessOf({ corsOrigins: ['https://portal.example'] });

  it('may read if they are listed', () => {
    expect(access.corsHeaders(request({ Origin: 'https://portal.example' }))).toMatchObject({
      'Access-Control-Allow-Origin': 'https://portal.example',
      Vary: 'Origin',
    });
  });

  it.each(['https://portal.example.evil.example', 'http://portal.example', 'https://PORTAL.example', 'null'])(
    'may not otherwise: %s',
    (Origin) => expect(access.corsHeaders(request({ Origin }))).not.toHaveProperty('Access-Control-Allow-Origin'),
  );
});

describe('a loopback address', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['128.0.0.1', false],
    ['host.example', false],
    ['127.0.0.1.evil.example', false],
  ])('%s: %s', (host, expected) => expect(isLoopback(host)).toBe(expected));
});
