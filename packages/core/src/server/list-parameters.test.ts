import { describe, expect, it } from 'vitest';
import { NOON, run, SECOND, testHost } from './test-host.js';

describe('GET /runs', () => {
  const host = testHost([
    run('held', { hold: 'approval', heartbeatAt: undefined }),
    run('stale', { heartbeatAt: NOON - 20 * SECOND, title: 'Nightly BACKUP' }),
    run('waiting', { status: 'queued', startedAt: undefined, heartbeatAt: undefined, type: 'sync', source: 'ci' }),
    run('failed', { status: 'completed', outcome: 'failed', queuedAt: NOON - 7200 * SECOND }),
    run('done', { status: 'completed', outcome: 'succeeded', tenant: { id: '8', name: 'Northwind' } }),
  ]);

  it.each([
    { query: 'status=running', ids: ['held', 'stale'] },
    { query: 'status=running,queued', ids: ['held', 'stale', 'waiting'] },
    { query: 'status=running&status=completed', ids: ['done', 'failed', 'held', 'stale'] },
    { query: 'problem_class=active_stale_attention', ids: ['stale'] },
    { query: 'problem_class=terminal_follow_up', ids: ['failed'] },
    { query: 'problem_class=none', ids: ['done', 'held', 'waiting'] },
    { query: 'problem_class=none&status=completed', ids: ['done'] },
    { query: 'tenant_id=8', ids: ['done'] },
    { query: 'workspace_id=contoso&type=sync', ids: ['waiting'] },
    { query: 'source=ci', ids: ['waiting'] },
    { query: 'q=nightly%20backup', ids: ['stale'] },
    { query: 'q=northw', ids: ['done'] },
    { query: 'since=2026-11-23T11:00:00Z', ids: ['done', 'held', 'stale', 'waiting'] },
    { query: 'since=2026-11-23T12:00:00%2B01:00', ids: ['done', 'held', 'stale', 'waiting'] },
    { query: 'since=0001-01-01T00:00:00Z', ids: ['done', 'failed', 'held', 'stale', 'waiting'] },
    { query: 'since=9999-12-31T23:59:59.999Z', ids: [] },
    { query: 'q=&activeTab=completed', ids: ['done', 'failed', 'held', 'stale', 'waiting'] },
  ])('finds $ids for ?$query', async ({ query, ids }) => {
    const body = await (await host.get(`/runs?${query}`)).json();
    expect(body.runs.map(({ id }: { id: string }) => id).sort()).toEqual(ids);
  });

  it.each([
    { parameter: 'status', query: 'status=stuck' },
    { parameter: 'status', query: 'status=running,stuck' },
    { parameter: 'status', query: 'status=running,' },
    { parameter: 'problem_class', query: 'problem_class=late' },
    { parameter: 'limit', query: 'limit=0' },
    { parameter: 'limit', query: 'limit=501' },
    { parameter: 'limit', query: 'limit=1e2' },
    { parameter: 'limit', query: 'limit=-1' },
    { parameter: 'limit', query: 'limit=10&limit=20' },
    { parameter: 'sort', query: 'sort=severity' },
    { parameter: 'sort', query: 'sort=-heartbeat' },
    { parameter: 'since', query: 'since=yesterday' },
    { parameter: 'since', query: 'since=2026-11-23T12:00:00' },
    { parameter: 'since', query: 'since=2026-11-23T12:00:00+01:00' },
    { parameter: 'since', query: 'since=0000-06-01T00:00:00Z' },
    { parameter: 'since', query: 'since=0001-01-01T00:00:00%2B00:01' },
    { parameter: 'since', query: 'since=9999-12-31T23:59:59-00:01' },
    { parameter: 'q', query: `q=${'x'.repeat(201)}` },
    { parameter: 'q', query: 'q=%00' },
    { parameter: 'source', query: 'source=a%00b' },
    { parameter: 'type', query: `type=${'x'.repeat(513)}` },
    { parameter: 'tenant_id', query: 'tenant_id=7&tenant_id=8' },
    { parameter: 'cursor', query: 'cursor=abc' },
    { parameter: 'cursor', query: 'cursor=%F0%9F%92%A5' },
    { parameter: 'cursor', query: `cursor=${'A'.repeat(49_153)}` },
  ])('refuses ?$query and names $parameter', async ({ parameter, query }) => {
    const response = await host.get(`/runs?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = await response.json();
    expect(problem).toMatchObject({ status: 400, parameter, detail: expect.stringContaining(parameter) });
  });

  it.each([
    'status',
    'problem_class',
    'tenant_id',
    'workspace_id',
    'type',
    'source',
    'since',
    'sort',
    'limit',
    'cursor',
  ])('does not take an empty %s for an absent one', async (parameter) => {
    const response = await host.get(`/runs?${parameter}=`);
    expect([response.status, (await response.json()).parameter]).toEqual([400, parameter]);
  });

  it.each([
    ['/runs/summary', ['tenant_id', 'workspace_id', 'since']],
    ['/runs/events', ['tenant_id', 'workspace_id', 'type', 'source']],
    ['/runs/held', ['source']],
  ] as const)('does so in %s too', async (path, parameters) => {
    expect(parameters.length).toBeGreaterThan(0);
    for (const parameter of parameters) {
      const response = await host.get(`${path}?${parameter}=`);
      expect([response.status, (await response.json()).parameter]).toEqual([400, parameter]);
    }
  });

  it('counts characters, not UTF-16 units', async () => {
    expect((await host.get(`/runs?q=${encodeURIComponent('🌊'.repeat(200))}`)).status).toBe(200);
    expect((await host.get(`/runs?q=${encodeURIComponent('🌊'.repeat(201))}`)).status).toBe(400);
  });

  it.each([
    { what: 'year 0', since: '0000-06-01T00:00:00Z' },
    { what: 'no time', since: 'noon' },
  ])('refuses a summary since $what', async ({ since }) => {
    const response = await host.get(`/runs/summary?since=${since}`);
    expect([response.status, (await response.json()).parameter]).toEqual([400, 'since']);
  });

  it('gives 100 runs by default', async () => {
    const many = testHost(Array.from({ length: 150 }, (_, index) => run(`r${index}`)));
    const body = await (await many.get('/runs')).json();
    expect([body.runs.length, body.total]).toEqual([100, 150]);
  });
});
