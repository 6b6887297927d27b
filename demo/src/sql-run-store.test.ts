import { createRunApi, memoryStore, type RunStore, type Viewer } from '@tardy/core/server';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from './database.js';
import { DEMO_POLICY } from './demo-policy.js';
import { createTables } from './schema.js';
import { sqlRunStore } from './sql-run-store.js';
import { testDatabases } from './test-databases.js';
import { fillTable, NOON, someRuns } from './test-runs.js';

const now = () => NOON;
const everything: Viewer = 'everything';
const dana: Viewer = { memberships: [{ workspace: 'contoso', tenant: '7', mayRead: true }] };
const omar: Viewer = {
  memberships: [
    { workspace: 'contoso', mayRead: true },
    { workspace: 'contoso', tenant: '7', mayRead: true },
    { workspace: 'contoso', tenant: '8', mayRead: true },
  ],
};

type Body = {
  readonly runs: readonly { readonly id: string }[];
  readonly next?: string;
  readonly total?: number;
  readonly counts?: object;
};

function apiOver(store: RunStore, viewer: Viewer) {
  const onError = (error: unknown) => {
    throw error;
  };
  const handle = createRunApi({ store, policy: DEMO_POLICY, now, authorize: () => viewer, onError });
  return async (path: string) => (await handle(new Request(`http://host.example${path}`))).json() as Promise<Body>;
}

/** Follows the list to its end. */
async function allPages(get: (path: string) => Promise<Body>, query: string): Promise<Body['runs']> {
  const runs: Body['runs'][number][] = [];
  let cursor = '';
  do {
    const page = await get(`/runs?${query}${cursor}`);
    runs.push(...page.runs);
    cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
  } while (cursor !== '');
  return runs;
}

const queries = [
  'limit=3',
  'limit=2&sort=queued',
  'limit=2&status=running,queued',
  'limit=2&problem_class=active_stale_attention',
  'limit=2&problem_class=terminal_follow_up',
  'limit=3&problem_class=none&sort=queued',
  'tenant_id=7',
  'workspace_id=contoso&type=tenant_backup',
  'source=demo',
  'source=other',
  'q=BACK%20UP%20100%25',
  'q=_',
  'q=northwind',
  'since=2026-11-23T11:59:45Z&limit=4',
];

describe.each(testDatabases())('the run table in $name', ({ open }) => {
  let database: Database;
  let store: RunStore;

  beforeAll(async () => {
    database = await open();
    await createTables(database);
    store = sqlRunStore(database);
  }, 60_000);
  afterAll(() => database.close());

  it('gives the pages that the same runs in memory give', async () => {
    await fc.assert(
      fc.asyncProperty(
        someRuns,
        fc.constantFrom(everything, omar, dana),
        fc.constantFrom(...queries),
        async (runs, viewer, query) => {
          await fillTable(database, runs);
          const unlimited = query.replace(/limit=\d+/, 'limit=500');
          const sql = await allPages(apiOver(store, viewer), query);
          const memory = await apiOver(memoryStore(runs, { now }), viewer)(`/runs?${unlimited}`);
          const order = query.includes('sort=queued') ? sql : [...sql].reverse();
          expect(order.map(({ id }) => id)).toEqual([...order].sort(byPlace).map(({ id }) => id));
          expect(byId(sql)).toEqual(byId(memory.runs));
          const { total, counts } = await apiOver(store, viewer)(`/runs?${query}`);
          expect({ total, counts }).toEqual({ total: memory.total, counts: memory.counts });
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('gives the totals that the same runs in memory give', async () => {
    await fc.assert(
      fc.asyncProperty(someRuns, fc.constantFrom(everything, omar, dana), async (runs, viewer) => {
        await fillTable(database, runs);
        const sql = await apiOver(store, viewer)('/runs/summary');
        const memory = await apiOver(memoryStore(runs, { now }), viewer)('/runs/summary');
        expect(ownersSorted(sql)).toEqual(ownersSorted(memory));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('gives a run back as it is, to those who may see it', async () => {
    const [runs] = fc.sample(fc.array(someRuns, { minLength: 3, maxLength: 3 }), { numRuns: 1, seed: 7 });
    const all = (runs ?? []).flat().map((run, index) => ({ ...run, id: `op_${index}` }));
    await fillTable(database, all);
    for (const viewer of [everything, omar, dana]) {
      const memory = memoryStore(all, { now });
      for (const { id } of [...all, { id: 'none' }]) {
        expect(await apiOver(store, viewer)(`/runs/${id}`)).toEqual(await apiOver(memory, viewer)(`/runs/${id}`));
      }
    }
  });

  it('reports a row that cannot be read, and all others', async () => {
    await database.query('delete from operation_runs');
    await database.query(
      `insert into operation_runs (id, workspace_id, type, title, status, outcome, queued_at, heartbeat_at) values
         ('good', 'contoso', 'x', 'x', 'running', 'pending', now(), null),
         ('bad', 'contoso', 'x', 'x', 'running', 'pending', now(), 'infinity')`,
    );
    const get = apiOver(store, everything);
    expect(await get('/runs')).toMatchObject({ runs: [{ id: 'good' }], complete: false, issues: [{ id: 'bad' }] });
    expect(await get('/runs/summary')).toMatchObject({
      complete: false,
      issues: [{ id: 'bad' }],
      totals: { active: 1 },
    });
    for (const status of ['active_stale_attention', 'none']) {
      expect(await get(`/runs?problem_class=${status}`)).toMatchObject({ issues: [{ id: 'bad' }] });
    }
  });
});

function byId(runs: Body['runs']): Body['runs'] {
  return [...runs].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function byPlace(a: { id: string; queued_at?: string }, b: { id: string; queued_at?: string }): number {
  const [one, other] = [a, b].map(({ id, queued_at: queued = '' }) => `${queued} ${id}`) as [string, string];
  return one < other ? -1 : 1;
}

function ownersSorted(body: unknown) {
  const { workspaces, tenants, ...rest } = body as Record<string, unknown[]>;
  const sorted = (owners: unknown[] = []) => owners.map((owner) => JSON.stringify(owner)).sort();
  return { ...rest, workspaces: sorted(workspaces), tenants: sorted(tenants) };
}
