import { createPolicy } from '@tardy/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from './api-client.js';
import { startHost, type Host } from './host.js';
import { newSwitches } from './switches.js';
import { requester, signIn, type Requester } from './test-requests.js';
import { buildWorker } from './test-worker.js';

const SESSION_MS = 1_800_000;
let host: Host;
let ask: Requester;

beforeAll(async () => {
  host = await startHost({
    port: 0,
    workerFile: await buildWorker(),
    policy: createPolicy({ version: 1, defaults: { silence: { late: '200ms', stale: '400ms' } } }),
    restMs: 5000,
    sessionMs: SESSION_MS,
    onError: (error) => expect.unreachable(String(error)),
  });
}, 60_000);
beforeEach(() => {
  // Without the sessions that an earlier test has ended.
  ask = requester(host);
  Object.assign(host.switches, newSwitches());
});
afterAll(() => host.stop());

const get = (path: string, headers: Record<string, string>) =>
  fetch(host.origin + path, { headers, redirect: 'manual' });

async function post(path: string, values: Record<string, string> = {}) {
  return ask('omar', 'session', path, { method: 'POST', body: new URLSearchParams(values) });
}

describe('a session', () => {
  it('is a cookie that scripts cannot read and other sites do not send', async () => {
    const body = new URLSearchParams({ person: 'dana', return: '/admin/operations?tenant_id=7' });
    const response = await fetch(`${host.origin}/session`, { method: 'POST', body, redirect: 'manual' });
    expect(response.headers.get('Location')).toBe('/admin/operations?tenant_id=7');
    expect(response.headers.get('Set-Cookie')).toMatch(
      /^tardy_demo_session=[\w-]{24}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1800$/,
    );
  });

  it('opens the API and the pages until it expires', async () => {
    const headers = { Cookie: await signIn(host.origin, 'dana') };
    expect((await get('/api/runs', headers)).status).toBe(200);
    expect((await get('/admin/tenants/7', headers)).status).toBe(200);
    // An hour later.
    host.switches.clock = '3600000';
    expect((await get('/api/runs', headers)).status).toBe(401);
    expect((await get('/admin/tenants/7', headers)).status).toBe(303);
  });

  it('ends at once on sign-out', async () => {
    const headers = { Cookie: await signIn(host.origin, 'dana') };
    await fetch(`${host.origin}/session/end`, { method: 'POST', headers, redirect: 'manual' });
    expect((await get('/api/runs', headers)).status).toBe(401);
  });

  it.each(['https://elsewhere.example/', '//elsewhere.example', 'javascript:alert(1)', '/api/runs', '/session/end'])(
    'never leads to %s',
    async (target) => {
      const body = new URLSearchParams({ person: 'dana', return: target });
      const response = await fetch(`${host.origin}/session`, { method: 'POST', body, redirect: 'manual' });
      expect(response.headers.get('Location')).toBe('/admin');
    },
  );

  it.each(['/session', '/session/end', '/demo/person', '/demo/switch', '/demo/expire'])(
    'is not for pages of other hosts: %s',
    async (path) => {
      const headers = { Origin: 'https://elsewhere.example', Cookie: await signIn(host.origin, 'omar') };
      const body = new URLSearchParams({ person: 'dana', api: '500' });
      expect((await fetch(host.origin + path, { method: 'POST', headers, body, redirect: 'manual' })).status).toBe(403);
      expect(host.switches.api).toBe('normal');
    },
  );

  it('begins only for users of the demo', async () => {
    const body = new URLSearchParams({ person: 'root' });
    const response = await fetch(`${host.origin}/session`, { method: 'POST', body, redirect: 'manual' });
    expect([response.status, response.headers.get('Set-Cookie')]).toEqual([200, null]);
  });
});

describe('every page', () => {
  it.each(['/sign-in', '/admin/tenants/7', '/admin/tenants/404', '/admin/workspaces/contoso', '/admin/operations'])(
    'allows only its own files: %s',
    async (path) => {
      const { headers } = await ask('omar', 'session', path);
      const policy = headers.get('Content-Security-Policy');
      for (const directive of [
        `default-src 'self'`,
        `style-src 'self'`,
        `script-src 'self'`,
        `require-trusted-types-for 'script'`,
      ]) {
        expect(policy).toContain(directive);
      }
      expect(policy).not.toContain('unsafe');
      expect(headers.get('Cache-Control')).toBe('private, no-store');
    },
  );
});

describe('the control strip', () => {
  it('breaks the API for browsers only', async () => {
    const status = async (via: 'session' | 'token') => (await ask('omar', via, '/api/runs')).status;
    for (const api of ['500', '429', '401', '403', '404'] as const) {
      expect((await post('/demo/switch', { api })).status).toBe(200);
      expect([await status('session'), await status('token')]).toEqual([Number(api), 200]);
    }
    expect((await post('/demo/switch', { api: 'normal' })).status).toBe(200);
    expect(await status('session')).toBe(200);
  });

  it.each([{ api: 'toString' }, { clock: '5' }, { policy: 'none' }, { reconciler: '' }, { colour: 'red' }, {}])(
    'refuses an unknown switch: %j',
    async (values) => {
      expect((await post('/demo/switch', values as Record<string, string>)).status).toBe(400);
    },
  );

  it('chooses the policy that the API publishes', async () => {
    const digest = async () =>
      ((await (await ask('omar', 'token', '/api/policy')).json()) as { digest: string }).digest;
    const fast = await digest();
    await post('/demo/switch', { policy: 'normal' });
    expect(await digest()).not.toBe(fast);
  });

  it('lets the reconciler of the host close stale runs, and leaves the lineage', async () => {
    const id = await host.order({ tenant: '7', type: 'baseline_compare', by: 'dana' });
    await until('a worker to die with it', async () => (await host.killWorkerOf(id)) !== undefined, 10_000);
    const run = async () =>
      (await (await ask('omar', 'token', `/api/runs/${id}`)).json()) as {
        status: string;
        url: string;
        reconciliation?: { reason: string; from: string };
      };
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await run()).toMatchObject({ status: 'running', url: `${host.origin}/admin/operations/${id}` });
    host.switches.reconciler = true;
    await until('the reconciler', async () => (await run()).status === 'completed', 10_000);
    expect((await run()).reconciliation).toMatchObject({
      from: 'running',
      reason: expect.stringContaining('closed by the reconciler') as string,
    });
  }, 30_000);
});
