import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPolicy } from '@tardy/core';
import { startHost, type Host } from './host.js';
import { PEOPLE, type Person } from './people.js';
import { bytesOf, idsInStream, idsOnPages, requester, type Requester, type Via } from './test-requests.js';
import { buildWorker } from './test-worker.js';

/** What each user may read, and what they are a member of without reading. */
const SIGHT: Readonly<Record<Person, { reads: readonly string[]; knows: readonly string[] }>> = {
  omar: { reads: ['7', '8', 'contoso'], knows: [] },
  dana: { reads: ['7', 'contoso'], knows: [] },
  vera: { reads: [], knows: ['8', 'contoso'] },
  tess: { reads: ['9', 'tailspin'], knows: [] },
};

/** Every call and page that names a tenant, a workspace or a run, at `{}`. */
const BY_TENANT = [
  '/api/runs?tenant_id={}',
  '/api/runs?tenant_id={}&status=queued&type=tenant_backup&sort=queued&limit=1',
  '/api/runs?tenant_id={}&problem_class=none&q=secret&since=2020-01-01T00:00:00Z',
  '/api/runs?tenant_id={}&limit=0',
  '/api/runs?tenant_id={}&cursor=nonsense',
  '/api/runs/summary?tenant_id={}',
  '/api/runs/events?tenant_id={}',
  '/admin/tenants/{}',
  '/admin/tenants/{}/members',
  '/admin/operations?tenant_id={}',
  '/admin/operations?tenant_id={}&activeTab=active_stale_attention&problemClass=active_stale_attention',
];
const BY_WORKSPACE = [
  '/api/runs?workspace_id={}',
  '/api/runs/summary?workspace_id={}',
  '/api/runs/events?workspace_id={}',
  '/admin/workspaces/{}',
  '/admin/operations?workspace_id={}',
];
const BY_RUN = ['/api/runs/{}', '/api/runs/{}?source=demo', '/admin/operations/{}'];

const people = PEOPLE.map(({ id }) => id);
const runs = new Map<string, string>();
let host: Host;
let ask: Requester;

beforeAll(async () => {
  host = await startHost({
    port: 0,
    workerFile: await buildWorker(),
    policy: createPolicy({ version: 1 }),
    restMs: 100,
    onError: (error) => expect.unreachable(String(error)),
  });
  for (const tenant of ['7', '8', '9']) runs.set(tenant, await orderFor(tenant));
  for (const tenant of ['7', '7', '8', '9']) await orderFor(tenant);
  ask = requester(host);
}, 60_000);
afterAll(() => host.stop());

/** Held for approval, so that nothing changes while the tests look. */
function orderFor(tenant: string): Promise<string> {
  return host.order({ tenant, type: 'tenant_backup', title: `The secret of ${tenant}`, by: 'omar', approval: true });
}
function isMember(person: Person, owner: string): boolean {
  const { reads, knows } = SIGHT[person];
  return reads.includes(owner) || knows.includes(owner);
}

/** An invalid parameter is refused before anything is looked up, whoever is calling. */
function statusFor(person: Person, path: string, owner: string): number {
  if (path.includes('limit=0')) return 400;
  if (!isMember(person, owner)) return 404;
  if (path.endsWith('/members')) return 200;
  if (!SIGHT[person].reads.includes(owner)) return 403;
  return path.includes('cursor=nonsense') ? 400 : 200;
}

type Row = { path: string; owner: string; named: string; nobodys: string };

function rowsFor(paths: readonly string[], owners: readonly string[], nobodys: string): Row[] {
  return paths.flatMap((path) => owners.map((owner) => ({ path, owner, named: owner, nobodys })));
}

describe.each(people)('what %s sees', (person) => {
  describe.each(['token', 'session'] as const)('by %s', (via) => {
    it.each([
      ...rowsFor(BY_TENANT, ['7', '8', '9'], '404'),
      ...rowsFor(BY_WORKSPACE, ['contoso', 'tailspin'], 'void'),
      ...rowsFor(BY_RUN, ['7', '8', '9'], 'op_none').map((row) => ({ ...row, named: 'run' })),
    ])('$path of $owner', async ({ path, owner, named, nobodys }) => {
      const name = named === 'run' ? (runs.get(owner) ?? '') : named;
      const response = await ask(person, via, path.replace('{}', name));
      expect(response.status).toBe(statusFor(person, path, owner));
      await response.body?.cancel();
      if (isMember(person, owner)) return;
      const [theirs, none] = await Promise.all([
        ask(person, via, path.replace('{}', name)).then(bytesOf),
        ask(person, via, path.replace('{}', nobodys)).then(bytesOf),
      ]);
      // oxlint-disable-next-line vitest/no-conditional-expect -- The table decides; the status was expected above.
      expect(theirs).toBe(none);
    });
  });

  it('sees on the pages no name of what is not theirs', async () => {
    const names: Readonly<Record<string, string>> = { '7': 'Fabrikam', '8': 'Northwind', '9': 'Wingtip' };
    const { reads, knows } = SIGHT[person];
    const home = await ask(person, 'session', '/admin', { redirect: 'follow' });
    // The strip names every user; it is not part of the product.
    const markup = (await home.text()).replace(/<aside[^]*<\/aside>/, '');
    for (const [id, name] of Object.entries(names)) {
      expect(markup.includes(name)).toBe(reads.includes(id) || knows.includes(id));
    }
  });

  it('starts, kills and closes only where they may read', async () => {
    expect(runs.size).toBeGreaterThan(0);
    for (const [tenant, id] of runs) {
      const { reads, knows } = SIGHT[person];
      const refused = knows.includes(tenant) ? 403 : 404;
      const may = reads.includes(tenant);
      for (const via of ['token', 'session'] satisfies Via[]) {
        const post = async (path: string, body = '') =>
          (await ask(person, via, path, { method: 'POST', body, redirect: 'manual' })).status;
        expect(await post(`/demo/runs/${id}/kill`)).toBe(may ? 409 : refused);
        expect(await post(`/demo/runs/${id}/close`)).toBe(may ? 409 : refused);
        expect(await post('/demo/kill', `tenant=${tenant}`)).toBe(may ? 409 : refused);
      }
    }
    const unread = [...runs.keys()].filter((id) => !SIGHT[person].reads.includes(id));
    const starts = unread.map(async (tenant) => {
      const body = `tenant=${tenant}&type=tenant_backup`;
      return (await ask(person, 'token', '/demo/runs', { method: 'POST', body })).status;
    });
    expect(await Promise.all(starts)).toEqual(unread.map((tenant) => (isMember(person, tenant) ? 403 : 404)));
  });
});

describe.each(people.filter((person) => SIGHT[person].reads.length > 0))('%s', (person) => {
  it('lists, counts and pages over what they may read, and nothing else', async () => {
    const all = await idsOnPages(ask, person, '/api/runs?');
    const mine = SIGHT[person].reads.filter((id) => runs.has(id));
    const body = (await (await ask(person, 'token', '/api/runs')).json()) as {
      total: number;
      runs: { tenant: { id: string } }[];
    };
    expect([...new Set(body.runs.map(({ tenant }) => tenant.id))].sort()).toEqual(mine);
    expect([body.total, all?.length]).toEqual([body.runs.length, body.runs.length]);
    for (const filter of ['q=secret', 'problem_class=none', 'status=queued', 'type=tenant_backup', 'source=demo']) {
      const ids = await idsOnPages(ask, person, `/api/runs?${filter}&`);
      expect(ids).toEqual(all);
    }
    const summary = (await (await ask(person, 'token', '/api/runs/summary')).json()) as {
      totals: { active: number };
      tenants: { id: string }[];
    };
    expect(summary.tenants.map(({ id }) => id).sort()).toEqual(mine);
    expect(summary.totals.active).toBe(body.runs.length);
  });

  it('sees nothing more with the cursor of another user', async () => {
    const [first] = [await (await ask('omar', 'token', '/api/runs?limit=1')).json()] as [{ next: string }];
    const response = await ask(person, 'token', `/api/runs?limit=500&cursor=${encodeURIComponent(first.next)}`);
    const body = (await response.json()) as { runs: { tenant: { id: string } }[] };
    const all = await idsOnPages(ask, person, '/api/runs?');
    // All of theirs that are older than omar's newest run.
    expect(body.runs.length).toBeGreaterThanOrEqual((all?.length ?? 0) - 1);
    expect(body.runs.length).toBeGreaterThan(0);
    expect(new Set(body.runs.map(({ tenant }) => tenant.id))).toEqual(
      new Set(SIGHT[person].reads.filter((id) => runs.has(id))),
    );
  });
});

describe('events', () => {
  it('reach only those who may read the run', async () => {
    const open = people.filter((person) => SIGHT[person].reads.length > 0);
    const streams = open.map((person) => idsInStream(ask, person));
    await Promise.all(streams.map(({ opened }) => opened));
    const made = new Map<string, string>();
    for (const tenant of ['7', '8', '9']) made.set(tenant, await orderFor(tenant));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(open.length).toBeGreaterThan(0);
    for (const [index, person] of open.entries()) {
      const wanted = [...made].flatMap(([tenant, id]) => (SIGHT[person].reads.includes(tenant) ? [id] : []));
      expect(await streams[index]?.close()).toEqual(wanted);
    }
  });
});

describe('nobody', () => {
  it.each(['/api/runs', '/api/runs/op_0001', '/api/runs/summary', '/api/runs/events', '/api/policy'])(
    'has to sign in for %s',
    async (path) => {
      expect((await fetch(host.origin + path)).status).toBe(401);
      const headers = { Cookie: 'tardy_demo_session=guessed', Authorization: 'Bearer guessed' };
      expect((await fetch(host.origin + path, { headers })).status).toBe(401);
    },
  );

  it.each(['/admin', '/admin/tenants/7', '/admin/tenants/404', '/admin/operations/op_0001', '/anything'])(
    'is redirected to sign in by %s',
    async (path) => {
      const response = await fetch(host.origin + path, { redirect: 'manual' });
      expect([response.status, response.headers.get('Location')]).toEqual([
        303,
        `/sign-in?return=${encodeURIComponent(path.startsWith('/admin') ? path : '/admin')}`,
      ]);
    },
  );
});
