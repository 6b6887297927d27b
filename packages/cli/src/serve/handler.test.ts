import { classify, trustPolicy, type Run } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import { ATTACKS } from '../output/test-attacks.js';
import { fakeIo, NOON } from '../test-io.js';
import { Access } from './access.js';
import { readAssets } from './assets.js';
import { createHandler } from './handler.js';
import { LiveRuns } from '../live/live-runs.js';
import { SourceFeed, unread } from '../live/source-feed.js';
import { statusOf, type Status } from '../live/status.js';

const TOKEN = 'a-token-of-some-length';
const BASE = 'http://127.0.0.1:8787';
const POLICY = trustPolicy({ version: 1 });
const RUN: Run = {
  id: 'op/1?',
  source: 'host',
  type: 'sync',
  title: 'Sync',
  tenant: { id: '7', name: 'Fabrikam' },
  status: 'running',
  outcome: 'pending',
  attempt: 1,
  labels: {},
  startedAt: NOON - 3_600_000,
  heartbeatAt: NOON - 1_800_000,
};

async function server(fields: { token?: string; wall?: boolean; error?: { code: string; message: string } } = {}) {
  const { io } = fakeIo();
  const runs = new LiveRuns({ given: undefined, sources: 1, now: () => NOON, scrub: io.scrub, patienceMs: 60_000 });
  const report = {
    ...unread('host', 'runs'),
    complete: fields.error === undefined,
    runs: 1,
    error: fields.error ?? null,
  };
  const feed = new SourceFeed(
    { opened: [], close: async () => {} },
    {
      open: async () => ({ opened: [], close: async () => {} }),
      read: async () => ({
        sources: [report],
        totals: {
          active: 1,
          queued: 0,
          running: 1,
          held: 0,
          fresh: 0,
          late: 0,
          likelyStale: 1,
          unknown: 0,
          followUp: 0,
          followUpLately: 0,
        },
        runs: [{ run: RUN, freshness: classify(RUN, POLICY, NOON), now: NOON, sourceIndex: 0 }],
        evidence: [],
        basis: [{ policy: POLICY, clockOffsetMs: 0, requests: 1 }],
      }),
      everyMs: 30_000,
      requestsPerMinute: 60,
      now: () => NOON,
    },
  );
  const reading = await feed.read();
  if (reading !== undefined) runs.accept(0, reading);
  const errors: unknown[] = [];
  const world = { statusFails: false };
  const handle = createHandler({
    runs,
    status: () => {
      if (world.statusFails) throw new Error('boom');
      return statusOf(runs, [feed], NOON);
    },
    access: new Access({
      token: fields.token,
      hostNames: [],
      corsOrigins: ['https://portal.example'],
      now: () => NOON,
    }),
    assets: await readAssets(io),
    title: 'Night <shift>',
    rotateMs: 20_000,
    wall: fields.wall ?? false,
    now: () => NOON,
    scrub: (text) => text.replaceAll('s3cret', '***'),
    onError: (error) => errors.push(error),
  });
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has('Host')) headers.set('Host', '127.0.0.1:8787');
    return handle(new Request(BASE + path, { ...init, headers }));
  };
  return { ask, errors, world };
}

const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
  headers,
});

describe('the pages', () => {
  it.each([
    ['/', 'ops-attention'],
    ['/?tenant=7', 'tenant="7"'],
    ['/runs', 'sync-url="push"'],
    ['/run?id=op_1&source=host', 'run-id="op_1"'],
    ['/wall', 'data-rotate="20000"'],
  ])('%s has %s', async (path, content) => {
    const { ask } = await server();
    const response = await ask(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(content);
  });

  it('show the wall first if that is wanted', async () => {
    const { ask } = await server({ wall: true });
    expect(await (await ask('/')).text()).toContain('data-page="wall"');
  });

  it.each(['/nothing', '/run', '/assets/../package.json', '/assets/page.css'])('are not at %s', async (path) => {
    const { ask } = await server();
    expect((await ask(path)).status).toBe(404);
  });

  it.each(ATTACKS)('escape what the URL holds: $name', async ({ text: attack }) => {
    const { ask } = await server();
    const text = encodeURIComponent(attack.replace(/\p{Cs}/gu, ''));
    expect(text).not.toBe('');
    for (const path of [`/?tenant=${text}`, `/run?id=${text}&source=${text}`, `/login?to=/${text}`]) {
      const body = await (await ask(path)).text();
      expect(body.match(/<script/g)).toHaveLength(2);
      expect(body).not.toMatch(/<(?:img|svg|iframe|b)\b/i);
      expect(body).toContain('Night &lt;shift&gt;');
    }
  });

  it('allow own files only, no frame and no markup from text', async () => {
    const { ask } = await server();
    for (const path of [
      '/',
      '/wall',
      '/runs',
      '/login',
      '/status',
      '/api/runs',
      '/healthz',
      '/nothing',
      '/favicon.svg',
    ]) {
      const { headers } = await ask(path);
      const policy = headers.get('Content-Security-Policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
    }
  });

  it('load files whose names change with their content, packed where the browser can unpack', async () => {
    const { ask } = await server();
    const [path = ''] = /\/assets\/page-style-\w+\.css/.exec(await (await ask('/')).text()) ?? [];
    const packed = await ask(path, { headers: { 'Accept-Encoding': 'br, gzip' } });
    expect([packed.status, packed.headers.get('Content-Encoding')]).toEqual([200, 'gzip']);
    expect(await (await ask(path)).text()).toBe('/* page-style.css */');
  });

  it.each(['POST', 'PUT', 'DELETE'])('take no %s', async (method) => {
    const { ask } = await server();
    const response = await ask('/', { method });
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('have an icon for each verdict', async () => {
    const { ask } = await server();
    const icons = await Promise.all(
      ['fresh', 'late', 'stale', 'unknown', 'nonsense'].map(async (verdict) =>
        (await ask(`/favicon.svg?verdict=${verdict}`)).text(),
      ),
    );
    expect(new Set(icons).size).toBe(4);
    expect(icons[4]).toBe(icons[3]);
  });
});

describe('a server that was reached by a name that is not its own', () => {
  it.each(['/', '/api/runs', '/status', '/healthz', '/login'])('answers nothing at %s', async (path) => {
    const { ask } = await server();
    const response = await ask(path, { headers: { Host: 'evil.example' } });
    expect(response.status).toBe(421);
    expect(await response.text()).not.toContain('Sync');
  });
});

describe('the run API', () => {
  it('lists the runs and says nothing has changed to whoever has them', async () => {
    const { ask } = await server();
    const first = await ask('/api/runs');
    expect(await first.json()).toMatchObject({ complete: true, runs: [{ id: 'op/1?', source: 'host' }] });
    const tag = first.headers.get('ETag') ?? '';
    expect((await ask('/api/runs', { headers: { 'If-None-Match': tag } })).status).toBe(304);
  });

  it('gives one run, the policy and the totals', async () => {
    const { ask } = await server();
    expect(await (await ask(`/api/runs/${encodeURIComponent(RUN.id)}`)).json()).toMatchObject({ title: 'Sync' });
    expect(await (await ask('/api/policy')).json()).toHaveProperty('digest');
    expect(await (await ask('/api/runs/summary')).json()).toMatchObject({
      complete: true,
      totals: { likely_stale: 1 },
    });
  });

  it('says that runs may be missing while a source fails', async () => {
    const { ask } = await server({ error: { code: 'unavailable', message: 'HTTP 503' } });
    expect(await (await ask('/api/runs')).json()).toMatchObject({ complete: false, runs: [{ id: 'op/1?' }] });
    expect(await (await ask('/api/runs/summary')).json()).toMatchObject({ complete: false });
  });

  it('lets listed origins read, and those only', async () => {
    const { ask } = await server({ token: TOKEN });
    const allowed = { Origin: 'https://portal.example' };
    const preflight = await ask('/api/runs', { method: 'OPTIONS', headers: allowed });
    expect([preflight.status, preflight.headers.get('Access-Control-Allow-Origin')]).toEqual([
      204,
      'https://portal.example',
    ]);
    const read = await ask('/api/runs', { headers: { ...allowed, Authorization: `Bearer ${TOKEN}` } });
    expect([read.status, read.headers.get('Access-Control-Allow-Origin')]).toEqual([200, 'https://portal.example']);
    const other = await ask('/api/runs', { method: 'OPTIONS', headers: { Origin: 'https://evil.example' } });
    expect(other.headers.get('Access-Control-Allow-Origin')).toBeNull();
    expect(read.headers.get('Access-Control-Allow-Credentials')).toBeNull();
  });
});

describe('the status', () => {
  it('is the worst state in the words of the core, with the sources', async () => {
    const { ask } = await server();
    const response = await ask('/status');
    expect(await response.json()).toMatchObject({
      verdict: 'stale',
      tone: 'danger',
      words: '1 likely stuck of 1 active run in 1 source.',
      attention: 1,
      complete: true,
      sources: [{ state: 'current', reason: null }],
      tenants: [{ id: '7', name: 'Fabrikam', active: 1, attention: 1 }],
    });
    const tag = response.headers.get('ETag') ?? '';
    expect((await ask('/status', { headers: { 'If-None-Match': tag } })).status).toBe(304);
  });

  it('says why a source fails, without its secrets', async () => {
    const { ask } = await server({ error: { code: 'unauthorized', message: 'HTTP 401 for s3cret' } });
    const status = (await (await ask('/status')).json()) as Status;
    expect(status).toMatchObject({ complete: false, sources: [{ state: 'failing', reason: 'HTTP 401 for ***' }] });
    expect(status.words).toContain('there may be more');
  });

  it('that fails is a 500 without details', async () => {
    const { ask, errors, world } = await server();
    world.statusFails = true;
    const response = await ask('/status');
    expect([response.status, await response.text()]).toEqual([500, 'The server failed. See its log.\n']);
    expect(errors).toHaveLength(1);
  });
});

describe('with a token', () => {
  it.each(['/', '/runs', '/wall', '/run?id=1', '/nothing'])('the page %s sends to sign in, and back', async (path) => {
    const { ask } = await server({ token: TOKEN });
    const response = await ask(path);
    expect([response.status, response.headers.get('Location')]).toEqual([303, `/login?to=${encodeURIComponent(path)}`]);
    const signed = await ask('/login', form({ token: TOKEN, to: path }));
    expect([signed.status, signed.headers.get('Location')]).toEqual([303, path]);
    const [Cookie = ''] = (signed.headers.get('Set-Cookie') ?? '').split(';');
    expect((await ask(path, { headers: { Cookie } })).status).toBe(path === '/nothing' ? 404 : 200);
  });

  it.each(['/api/runs', '/api/policy', '/api/runs/summary', '/api/runs/events', '/api/runs/x', '/status'])(
    '%s is refused without it, and given with it',
    async (path) => {
      const { ask } = await server({ token: TOKEN });
      const refused = await ask(path);
      expect([refused.status, refused.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
      expect(await refused.text()).not.toContain('Sync');
      const given = await ask(path, { headers: { Authorization: `Bearer ${TOKEN}` } });
      expect(given.status).toBe(path === '/api/runs/x' ? 404 : 200);
      await given.body?.cancel();
    },
  );

  it('a wrong one signs nobody in', async () => {
    const { ask } = await server({ token: TOKEN });
    const response = await ask('/login', form({ token: 'wrong', to: '/runs' }));
    expect([response.status, response.headers.get('Set-Cookie')]).toEqual([401, null]);
    expect(await response.text()).toContain('That is not the token.');
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/login', ''])(
    'nobody is sent to %j after signing in',
    async (to) => {
      const { ask } = await server({ token: TOKEN });
      const response = await ask('/login', form({ token: TOKEN, to }));
      expect(response.headers.get('Location')).toBe('/');
    },
  );

  it('a form of another site is refused, and so is one that is too long', async () => {
    const { ask } = await server({ token: TOKEN });
    const foreign = await ask('/login', form({ token: TOKEN }, { Origin: 'https://evil.example' }));
    expect([foreign.status, foreign.headers.get('Set-Cookie')]).toEqual([403, null]);
    expect((await ask('/login', form({ token: 'x'.repeat(9000) }))).status).toBe(413);
    expect((await ask('/logout', form({}, { Origin: 'null' }))).status).toBe(403);
  });

  it('signing out ends the session', async () => {
    const { ask } = await server({ token: TOKEN });
    const response = await ask('/logout', form({}, { Origin: BASE }));
    expect(response.headers.get('Set-Cookie')).toContain('Max-Age=0');
  });

  it('a probe needs none, and learns nothing', async () => {
    const { ask } = await server({ token: TOKEN });
    expect(await (await ask('/healthz')).text()).toBe('ok\n');
  });
});
