import type { StoreFilter, StoreQuery } from '@tardy/core/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from './database.js';
import { DEMO_POLICY } from './demo-policy.js';
import { verdictAt } from './run-conditions.js';
import { createTables } from './schema.js';
import { sqlRunStore } from './sql-run-store.js';
import { testDatabases } from './test-databases.js';
import { NOON } from './test-runs.js';

const TENANT = 't17';
const RUNS = 60_000;

/** Many ended runs, few of which failed; few active ones, spread over many tenants. */
const FILL = [
  `insert into tenants (id, workspace_id, name) select 't' || n, 'contoso', 'Tenant ' || n from generate_series(1, 200) n`,
  `insert into operation_runs (id, workspace_id, tenant_id, type, title, status, outcome, queued_at, started_at, heartbeat_at, ended_at)
   select 'op_' || n, 'contoso', 't' || 1 + abs(hashint4(n)) % 200, case n % 3 when 0 then 'tenant_backup' else 'sync' end, 'Operation ' || n,
     case when n % 60 > 0 then 'completed' when n % 180 = 0 then 'queued' else 'running' end,
     case when n % 60 = 0 then 'pending' when n % 25 = 1 then 'failed' else 'succeeded' end,
     at, at + interval '1 second', at + interval '30 seconds', case when n % 60 > 0 then at + interval '1 minute' end
   from (select n, timestamptz '2026-11-23 12:00:00+00' - n * interval '1 second' as at from generate_series(1, ${RUNS}) n) runs`,
  'analyze',
];

/** The plan for any values, as the demo's servers use it: `explain` alone would show the one for these values. */
const EXPLAIN_GENERIC = `
  create function explain_generic(statement text, parameters int) returns setof text language plpgsql
  set plan_cache_mode = force_generic_plan as $$
  begin
    execute 'prepare explained as ' || statement;
    return query execute 'explain execute explained'
      || case when parameters > 0 then '(' || rtrim(repeat('null,', parameters), ',') || ')' else '' end;
    deallocate explained;
  end $$`;

describe.each(testDatabases())('with many runs in $name', ({ open }) => {
  let database: Database;
  const plans: { sql: string; plan: string }[] = [];

  beforeAll(async () => {
    database = await open();
    await createTables(database);
    for (const statement of [...FILL, EXPLAIN_GENERIC]) await database.query(statement);
  }, 120_000);
  afterAll(() => database.close());

  const explain = async (sql: string, values: readonly unknown[] = []) => {
    const lines = await database.query('select explain_generic($1, $2) as line', [sql, values.length]);
    plans.push({ sql, plan: lines.map(({ line }) => String(line)).join('\n') });
  };
  /** A store that records the plan of each of its queries. */
  const store = () =>
    sqlRunStore({
      ...database,
      query: async (sql, values) => {
        await explain(sql, values);
        return database.query(sql, values);
      },
    });
  const query = (scope: StoreQuery['scope'], filter: StoreFilter): StoreQuery => ({
    scope,
    policy: DEMO_POLICY,
    now: NOON,
    filter,
    order: 'newest_first',
    after: undefined,
    limit: 101,
  });
  const ofTenant = { tenants: [TENANT], workspaces: [] };
  const readThrough = () => {
    const all = plans.splice(0);
    expect(all.map(({ plan }) => plan).join('\n')).toContain('on operation_runs');
    return all.filter(({ plan }) => plan.includes('Seq Scan on operation_runs'));
  };

  it.each([
    { what: 'the active runs of a tenant', filter: { tenantId: TENANT, statuses: ['queued', 'running'] } },
    { what: 'what needs attention in a tenant', filter: { tenantId: TENANT, problemClass: 'active_stale_attention' } },
    { what: 'what needs a follow-up in a tenant', filter: { tenantId: TENANT, problemClass: 'terminal_follow_up' } },
    { what: 'all runs of a tenant', filter: { tenantId: TENANT } },
  ] satisfies { what: string; filter: StoreFilter }[])(
    'finds $what by an index, and counts the tabs by one',
    async (one) => {
      const { rows, counts } = await store().list(query(ofTenant, one.filter));
      expect(rows.length).toBeGreaterThan(0);
      expect(counts?.['all']).toBeGreaterThan(100);
      expect(readThrough()).toEqual([]);
    },
  );

  it('finds what needs attention anywhere, worst first, by an index', async () => {
    const verdict = verdictAt(DEMO_POLICY, '$1');
    await explain(
      `select r.id, verdict.state from operation_runs r cross join ${verdict.lateral}
       where r.status <> 'completed' and verdict.problem_class = 'active_stale_attention'
       order by ${verdict.worstFirst}, r.id limit 100`,
      [new Date(NOON).toISOString()],
    );
    expect(readThrough()).toEqual([]);
  });

  it.each([
    { what: 'of all tenants', scope: 'everything' as const },
    { what: 'of one tenant', scope: ofTenant },
  ])('adds up the totals $what by indexes', async ({ scope }) => {
    const { totals } = await store().summary({ ...query(scope, {}), since: NOON - 3_600_000 });
    expect(totals.active).toBeGreaterThan(0);
    expect(totals.followUp).toBeGreaterThan(0);
    expect(readThrough()).toEqual([]);
  });
});
