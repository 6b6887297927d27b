import { describe, expect, it } from 'vitest';
import { policyDigest } from '../digest.js';
import { trustPolicy } from '../policy.js';
import { NOON, POLICY, run, SECOND, testHost } from './test-host.js';

const stale = run('stale', { heartbeatAt: NOON - 10 * SECOND });
const failed = run('failed', { status: 'completed', outcome: 'failed', endedAt: NOON - 5 * SECOND });

describe('the run API', () => {
  it('lists facts in wire form, without verdicts', async () => {
    const response = await testHost([stale]).get('/runs');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const body = await response.json();
    expect(body).toMatchObject({ complete: true, total: 1, now: '2026-11-23T12:00:00Z' });
    expect(body.counts).toMatchObject({ all: 1, active: 1, active_stale_attention: 1, completed: 0 });
    expect(body.runs[0]).toMatchObject({ id: 'stale', heartbeat_at: '2026-11-23T11:59:50Z', tenant: { id: '7' } });
    expect(body.runs[0]).not.toHaveProperty('freshness');
    expect(body).not.toHaveProperty('next');
  });

  it('gives one run, whatever its id holds', async () => {
    const host = testHost([run('a/b ü')]);
    const response = await host.get(`/runs/${encodeURIComponent('a/b ü')}`);
    expect(await response.json()).toMatchObject({ id: 'a/b ü', type: 'backup' });
  });

  it('gives the newest attempt, of the source that is named', async () => {
    const host = testHost([run('x', { attempt: 2 }), run('x'), run('x', { source: 'other', attempt: 3 })]);
    expect(await (await host.get('/runs/x?source=host')).json()).toMatchObject({ attempt: 2 });
    expect(await (await host.get('/runs/x')).json()).toMatchObject({ attempt: 3, source: 'other' });
  });

  it('sums up by tenant', async () => {
    const response = await testHost([stale, failed, run('fresh', { tenant: { id: '8' } })]).get('/runs/summary');
    const body = await response.json();
    expect(body.totals).toMatchObject({ active: 2, likely_stale: 1, fresh: 1, follow_up: 1, follow_up_lately: 1 });
    expect(body.tenants).toMatchObject([
      { id: '7', name: 'Fabrikam', workspace_id: 'contoso', active: 1 },
      { id: '8', active: 1 },
    ]);
    expect(body).toMatchObject({ complete: true, since: '2026-11-22T12:00:00Z', now: '2026-11-23T12:00:00Z' });
  });

  it('takes the time range of recent runs from `since`', async () => {
    const response = await testHost([failed]).get('/runs/summary?since=2026-11-23T11:59:56Z');
    expect((await response.json()).totals).toMatchObject({ follow_up: 1, follow_up_lately: 0 });
  });

  it('publishes the resolved policy with its digest', async () => {
    const document = await (await testHost([]).get('/policy')).json();
    expect(document.digest).toBe(policyDigest(POLICY));
    expect(trustPolicy(document).thresholdsFor(stale)).toMatchObject({ silenceStale: 10_000, runLate: 360_000 });
  });

  it.each([
    { path: '/runs', as: 'nobody', status: 401 },
    { path: '/policy', as: 'nobody', status: 401 },
    { path: '/runs/stale', as: 'nobody', status: 401 },
    { path: '/nothing', as: 'root', status: 404 },
    { path: '', as: 'root', status: 404 },
    { path: '/runs/', as: 'root', status: 404 },
    { path: `/runs/${'x'.repeat(4096)}`, as: 'root', status: 404 },
    { path: `/runs/${encodeURIComponent('🌊'.repeat(4096))}`, as: 'root', status: 404 },
    { path: '/openapi.json', as: 'root', status: 404 },
  ])('responds with $status to $path as $as', async ({ path, as, status }) => {
    const response = await testHost([stale]).get(path, as);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, type: 'about:blank' });
  });

  it.each([
    { what: 'longer than the limit', id: 'x'.repeat(4097), detail: 'id is longer than 4096 characters' },
    { what: 'not UTF-8', id: '%ff', detail: 'id is not percent-encoded UTF-8' },
    { what: 'not percent-encoded', id: '%zz', detail: 'id is not percent-encoded UTF-8' },
    { what: 'with a NUL', id: 'a%00', detail: 'id contains a NUL character' },
  ])('refuses an id that is $what', async ({ id, detail }) => {
    const response = await testHost([stale]).get(`/runs/${id}`);
    expect(await response.json()).toMatchObject({ status: 400, parameter: 'id', detail });
  });

  it('challenges only as the host says', async () => {
    const bare = await testHost([]).get('/runs', 'nobody');
    const challenged = await testHost([], { challenge: 'Bearer realm="ops"' }).get('/runs', 'nobody');
    expect(bare.headers.get('www-authenticate')).toBeNull();
    expect(challenged.headers.get('www-authenticate')).toBe('Bearer realm="ops"');
  });

  it('refuses to write', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const response = await testHost([stale]).get('/runs', 'root', { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });

  it('gives the OpenAPI document to anybody where the host has one', async () => {
    const response = await testHost([], { openapi: { openapi: '3.1.0' } }).get('/openapi.json', 'nobody');
    expect(await response.json()).toEqual({ openapi: '3.1.0' });
  });

  it('keeps responses out of caches and dates them all', async () => {
    const host = testHost([stale]);
    for (const path of ['/runs', '/runs/stale', '/runs/summary', '/policy', '/runs/none', '/runs?limit=0']) {
      const { headers } = await host.get(path);
      expect(headers.get('cache-control')).toBe('private, no-store');
      expect(headers.get('vary')).toBe('Authorization, Cookie');
      expect(headers.get('date')).toBe('Mon, 23 Nov 2026 12:00:00 GMT');
    }
  });

  it.each(['/runs', '/runs/stale', '/runs/summary', '/policy', '/runs/none'])(
    'responds to HEAD %s as to GET, without a body',
    async (path) => {
      const host = testHost([stale]);
      const head = await host.get(path, 'root', { method: 'HEAD' });
      const get = await host.get(path);
      expect(await head.text()).toBe('');
      expect([head.status, ...head.headers]).toEqual([get.status, ...get.headers]);
    },
  );

  it('hides from the caller why the store failed, and reports it to the host', async () => {
    const broken = () => Promise.reject(new Error('password is hunter2'));
    const host = testHost([], {}, (store) => ({ ...store, list: broken, get: broken, summary: broken }));
    for (const path of ['/runs', '/runs/x', '/runs/summary']) {
      const response = await host.get(path);
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('hunter2');
    }
    expect(host.errors).toHaveLength(3);
  });

  it('responds with 500 where authorize fails', async () => {
    const host = testHost([stale], { authorize: () => Promise.reject(new Error('no session store')) });
    expect((await host.get('/runs')).status).toBe(500);
  });
});

describe('a row that cannot be read', () => {
  const host = testHost([run('good')], {}, (store) => ({
    ...store,
    list: async (query) => {
      const page = await store.list(query);
      const issue = { id: 'bad', reason: 'queued_at must be an RFC 3339 time' };
      return { rows: [{ ok: false, issue, position: { at: NOON, key: 'bad' } }, ...page.rows] };
    },
    get: async () => ({ ok: false, issue: { id: 'bad', reason: 'status is missing' } }),
    summary: async (query) => ({
      ...(await store.summary(query)),
      issues: [{ id: 'bad', reason: 'status is missing' }],
    }),
  }));

  it.each(['/runs', '/runs?problem_class=active_stale_attention', '/runs/summary'])(
    'is named in %s, which is not complete',
    async (path) => {
      const body = await (await host.get(path)).json();
      expect(body.complete).toBe(false);
      expect(body.issues).toMatchObject([{ id: 'bad', reason: expect.stringContaining(' ') }]);
    },
  );

  it('takes no other row with it', async () => {
    expect((await (await host.get('/runs')).json()).runs).toMatchObject([{ id: 'good' }]);
  });

  it('says so on its own page', async () => {
    const response = await host.get('/runs/bad');
    expect([response.status, (await response.json()).detail]).toEqual([
      500,
      expect.stringContaining('status is missing'),
    ]);
  });
});
