import { describe, expect, it } from 'vitest';
import { bytesOf, run, testHost } from './test-host.js';

const runs = [
  run('seven'),
  run('eight', { tenant: { id: '8', name: 'Northwind' } }),
  run('shared', { tenant: undefined }),
  run('nine', { workspace: { id: 'tailspin' }, tenant: { id: '9' } }),
  run('ownerless', { workspace: undefined, tenant: undefined }),
];

describe('what is not the caller’s', () => {
  it.each([
    { theirs: '/runs/nine', nobodys: '/runs/none' },
    { theirs: '/runs/eight', nobodys: '/runs/none' },
    { theirs: '/runs?tenant_id=9', nobodys: '/runs?tenant_id=404' },
    { theirs: '/runs?workspace_id=tailspin', nobodys: '/runs?workspace_id=void' },
    { theirs: '/runs?tenant_id=7&workspace_id=tailspin', nobodys: '/runs?tenant_id=7&workspace_id=void' },
    { theirs: '/runs/summary?tenant_id=9', nobodys: '/runs/summary?tenant_id=404' },
    { theirs: '/runs/events?tenant_id=9', nobodys: '/runs/events?tenant_id=404' },
    { theirs: '/runs?tenant_id=9&limit=0', nobodys: '/runs?tenant_id=404&limit=0' },
  ])('gets the same bytes for $theirs as for $nobodys', async ({ theirs, nobodys }) => {
    const host = testHost(runs);
    for (const method of ['GET', 'HEAD', 'POST']) {
      const [one, other] = await Promise.all([
        host.get(theirs, 'dana', { method }).then(bytesOf),
        host.get(nobodys, 'dana', { method }).then(bytesOf),
      ]);
      expect(one).toBe(other);
      expect(one).toMatch(method === 'POST' ? /^405/ : theirs.includes('limit') ? /^400/ : /^404/);
    }
  });

  it('costs the store as many steps as what does not exist', async () => {
    const calls: string[] = [];
    const host = testHost(runs, {}, (store) => ({
      ...store,
      list: (query) => (calls.push('list'), store.list(query)),
      get: (reference, context) => (calls.push('get'), store.get(reference, context)),
      summary: (query) => (calls.push('summary'), store.summary(query)),
    }));
    const steps = async (path: string) => {
      calls.length = 0;
      await host.get(path, 'dana');
      return calls.join();
    };
    expect(await steps('/runs/nine')).toBe(await steps('/runs/none'));
    expect(await steps('/runs?tenant_id=9')).toBe(await steps('/runs?tenant_id=404'));
    expect(await steps('/runs/summary?tenant_id=9')).toBe(await steps('/runs/summary?tenant_id=404'));
  });

  it('changes no total, no tag and no page of the caller’s', async () => {
    const alone = testHost(runs.slice(0, 1));
    const among = testHost(runs);
    for (const path of [
      '/runs',
      '/runs/summary',
      '/runs?limit=1',
      '/runs?problem_class=none',
      '/policy',
      '/runs/seven',
    ]) {
      expect(await bytesOf(await among.get(path, 'dana'))).toBe(await bytesOf(await alone.get(path, 'dana')));
    }
  });

  it('is not named by the policy', async () => {
    const host = testHost(runs);
    const of = async (as: string) => (await host.get('/policy', as)).json();
    expect((await of('dana')).rules).toEqual([{ match: { tenant: ['7'] }, run: { late: '6m' } }]);
    expect((await of('stranger')).rules).toEqual([]);
    expect((await of('root')).rules).toHaveLength(2);
    expect((await of('dana')).digest).not.toBe((await of('root')).digest);
  });

  it('never leaves the kit, even where a store forgets the scope', async () => {
    const host = testHost(runs, {}, (store) => ({
      ...store,
      list: (query) => store.list({ ...query, scope: 'everything' }),
      get: (reference, context) => store.get(reference, { ...context, scope: 'everything' }),
    }));
    for (const path of ['/runs', '/runs/nine']) {
      const response = await host.get(path, 'dana');
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('nine');
    }
  });
});

describe('what is the caller’s', () => {
  it.each([
    { as: 'dana', path: '/runs', ids: ['seven'] },
    { as: 'dana', path: '/runs?workspace_id=contoso', ids: ['seven'] },
    { as: 'omar', path: '/runs', ids: ['eight', 'seven', 'shared'] },
    { as: 'omar', path: '/runs?workspace_id=contoso', ids: ['eight', 'seven', 'shared'] },
    { as: 'omar', path: '/runs?workspace_id=contoso&tenant_id=8', ids: ['eight'] },
    { as: 'half', path: '/runs', ids: ['seven'] },
    { as: 'stranger', path: '/runs', ids: [] },
    { as: 'root', path: '/runs', ids: ['eight', 'nine', 'ownerless', 'seven', 'shared'] },
    { as: 'root', path: '/runs?tenant_id=404', ids: [] },
  ])('$as sees $ids in $path', async ({ as, path, ids }) => {
    const body = await (await testHost(runs).get(path, as)).json();
    expect(body.runs.map(({ id }: { id: string }) => id).sort()).toEqual(ids);
    expect(body.total).toBe(ids.length);
  });

  it('sums over the tenants that a workspace operator sees, and only those', async () => {
    const body = await (await testHost(runs).get('/runs/summary?workspace_id=contoso', 'omar')).json();
    expect(body.totals.active).toBe(3);
    expect(body.tenants.map(({ id }: { id?: string }) => id)).toEqual(['7', '8', undefined]);
  });

  it('shows an empty list, not 404, for a tenant that has no runs yet', async () => {
    const response = await testHost([]).get('/runs?tenant_id=7', 'dana');
    expect([response.status, (await response.json()).runs]).toEqual([200, []]);
  });
});

describe('a member who lacks the capability', () => {
  it.each([
    { as: 'mute', path: '/runs' },
    { as: 'mute', path: '/runs?tenant_id=7' },
    { as: 'mute', path: '/runs?workspace_id=contoso' },
    { as: 'mute', path: '/runs/summary' },
    { as: 'mute', path: '/runs/events' },
    { as: 'mute', path: '/runs/seven' },
    { as: 'half', path: '/runs/eight' },
    { as: 'half', path: '/runs?tenant_id=8' },
  ])('gets 403 for $path as $as', async ({ as, path }) => {
    const response = await testHost(runs).get(path, as);
    expect([response.status, (await response.json()).detail]).toEqual([403, expect.stringContaining('runs:read')]);
  });

  it('gets 404 for what is beyond the membership', async () => {
    expect((await testHost(runs).get('/runs/nine', 'mute')).status).toBe(404);
  });

  it('does not learn why a row cannot be read', async () => {
    const host = testHost(runs, {}, (store) => ({
      ...store,
      get: async (_, { scope }) =>
        scope === 'everything' || scope.tenants.includes('7')
          ? { ok: false, issue: { id: 'seven', reason: 'status is missing' } }
          : undefined,
    }));
    expect((await host.get('/runs/seven', 'mute')).status).toBe(403);
    expect((await host.get('/runs/seven', 'dana')).status).toBe(500);
    expect((await host.get('/runs/seven', 'stranger')).status).toBe(404);
  });
});
