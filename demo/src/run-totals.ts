import { emptyTotals, formatInstant, type OwnerTotals, type RunIssue, type Tab, type Totals } from '@tardy/core';
import type { StoreContext, StoredSummary, StoreFilter, SummaryQuery } from '@tardy/core/server';
import type { Database, Row } from './database.js';
import { conditionsOf, verdictAt } from './run-conditions.js';
import { readRow, SELECT_RUN } from './run-row.js';

/** So many rows are counted at most: to know that there are 10,000 more takes longer than it is worth. */
const COUNT_LIMIT = 10_000;

/** How many runs pass the filter; `undefined` for more than anyone counts. */
export async function countRuns(
  database: Database,
  context: StoreContext,
  filter: StoreFilter,
): Promise<number | undefined> {
  const { where, values } = conditionsOf(context, filter);
  const [row] = await database.query(`select ${boundedCount(where)} as total`, values);
  return counted(row, 'total');
}

/** The same with the counts by tab under the other filters, except counts that are too large. */
export async function countWithTabs(
  database: Database,
  context: StoreContext,
  filter: StoreFilter,
): Promise<{ readonly total: number | undefined; readonly counts: Readonly<Record<string, number>> }> {
  const { where, values } = conditionsOf(context, { ...filter, statuses: undefined, problemClass: undefined });
  const { isOfClass } = verdictAt(context.policy, `$${values.push(formatInstant(context.now))}`);
  const tabs = {
    active: `r.status <> 'completed'`,
    active_stale_attention: isOfClass.active_stale_attention,
    terminal_follow_up: isOfClass.terminal_follow_up,
    completed: `r.status = 'completed'`,
  } satisfies Partial<Record<Tab, string>>;
  const selected = Object.entries(tabs).map(([tab, one]) => `${boundedCount(`${where} and ${one}`)} as ${tab}`);
  selected.push(`${boundedCount(conditionsOf(context, filter, values).where)} as total`);
  const [row] = await database.query(`select ${selected.join(', ')}`, values);
  const known = Object.keys(tabs).flatMap((tab) => {
    const count = counted(row, tab);
    return count === undefined ? [] : [[tab, count] as const];
  });
  const { active, completed } = Object.fromEntries(known);
  const all = active === undefined || completed === undefined ? {} : { all: active + completed };
  return { total: counted(row, 'total'), counts: { ...all, ...Object.fromEntries(known) } };
}

/** The totals of the summary, judged and counted in the database, in one statement so that they belong to one instant. */
export async function summaryOf(database: Database, query: SummaryQuery): Promise<StoredSummary> {
  const { where, values } = conditionsOf(query, query.filter);
  const verdict = verdictAt(query.policy, `$${values.push(formatInstant(query.now))}`);
  const since = `$${values.push(formatInstant(query.since))}::timestamptz`;
  const state = (name: string) => `count(*) filter (where verdict.state = '${name}')::int`;
  const kind = (condition: string) => `count(*) filter (where verdict.state is not null and ${condition})::int`;
  const zeros = Object.keys(emptyTotals())
    .map(() => '0')
    .join(', ');
  const rows = await database.query(
    `select totals.*, w.name as workspace_name, t.name as tenant_name from (
       select r.workspace_id, r.tenant_id, count(verdict.state)::int as active,
         ${kind(`r.hold is null and r.status = 'queued'`)} as queued,
         ${kind(`r.hold is null and r.status = 'running'`)} as running, ${kind('r.hold is not null')} as held,
         ${state('fresh')} as fresh, ${state('late')} as late, ${state('likely_stale')} as "likelyStale",
         ${state('unknown')} as unknown, 0 as "followUp", 0 as "followUpLately",
         array_agg(r.id) filter (where verdict.state is null) as unreadable
       from operation_runs r cross join ${verdict.lateral}
       where ${where} and r.status <> 'completed' group by r.workspace_id, r.tenant_id
       union all
       select r.workspace_id, r.tenant_id, 0, 0, 0, 0, 0, 0, 0, 0, count(*)::int,
         count(*) filter (where coalesce(r.reconciled_at, r.ended_at) >= ${since})::int, null
       from operation_runs r
       where ${where} and ${verdict.isOfClass.terminal_follow_up} group by r.workspace_id, r.tenant_id
       union all
       select o.workspace_id, o.id, ${zeros}, null from tenants o
       where exists (select from operation_runs r where ${where} and r.tenant_id = o.id and r.workspace_id = o.workspace_id)
       union all
       select o.id, null, ${zeros}, null from workspaces o
       where exists (select from operation_runs r where ${where} and r.tenant_id is null and r.workspace_id = o.id)
     ) totals join workspaces w on w.id = totals.workspace_id left join tenants t on t.id = totals.tenant_id
     order by totals.workspace_id, totals.tenant_id nulls first`,
    values,
  );
  const ids = rows.flatMap((row) => (row['unreadable'] ?? []) as readonly string[]);
  return { ...addedUp(rows), issues: ids.length === 0 ? [] : await issuesOf(database, ids) };
}

function addedUp(rows: readonly Row[]): Omit<StoredSummary, 'issues'> {
  const totals = emptyTotals();
  const workspaces = new Map<string, ReturnType<typeof ownerOf>>();
  const tenants = new Map<string, ReturnType<typeof ownerOf> & { workspaceId: string }>();
  for (const row of rows) {
    const workspaceId = row['workspace_id'] as string;
    const tenantId = (row['tenant_id'] as string | null) ?? undefined;
    const key = JSON.stringify([workspaceId, tenantId]);
    const workspace = workspaces.get(workspaceId) ?? ownerOf(workspaceId, row['workspace_name']);
    const tenant = tenants.get(key) ?? { ...ownerOf(tenantId, row['tenant_name']), workspaceId };
    workspaces.set(workspaceId, workspace);
    tenants.set(key, tenant);
    for (const name of Object.keys(totals) as (keyof Totals)[]) {
      const count = Number(row[name]);
      for (const sum of [totals, workspace, tenant]) sum[name] += count;
    }
  }
  return { totals, workspaces: [...workspaces.values()], tenants: [...tenants.values()] };
}

function ownerOf(id: string | undefined, name: unknown) {
  const owner: Pick<OwnerTotals, 'id' | 'name'> = { id, name: typeof name === 'string' ? name : undefined };
  return { ...emptyTotals(), ...owner };
}

async function issuesOf(database: Database, ids: readonly string[]): Promise<RunIssue[]> {
  const rows = await database.query(`${SELECT_RUN} where r.id = any($1::text[]) order by r.id limit 500`, [ids]);
  return rows.map(readRow).flatMap((row) => (row.ok ? [] : [row.issue]));
}

function boundedCount(where: string): string {
  return `(select count(*)::int from (select from operation_runs r where ${where} limit ${COUNT_LIMIT + 1}) as bounded)`;
}

function counted(row: Row | undefined, name: string): number | undefined {
  const count = Number(row?.[name] ?? 0);
  return count > COUNT_LIMIT ? undefined : count;
}
