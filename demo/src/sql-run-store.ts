import { classify, formatInstant, summarize, type Run } from '@tardy/core';
import type { RunStore, StoreContext, StoreEvent, StoreFilter, StoreQuery } from '@tardy/core/server';
import type { Database, Row } from './database.js';
import { readRow, SELECT_RUN, SOURCE } from './run-row.js';

/** The run table as the run API reads it, and a way to say that a run has changed. */
export type SqlRunStore = RunStore & {
  /** Tells everyone who listens. Only runs that are written in this process are told of. */
  readonly announce: (run: Run) => void;
};

/** How many changes are told again to someone who resumes; beyond that, reading the list anew is cheaper. */
const REPLAY_LIMIT = 1000;

/**
 * Reads runs with SQL. Problem classes are left to the kit, which judges row by row: the active rows are few, and the partial
 * index gives just those.
 */
export function sqlRunStore(database: Database, now: () => number): SqlRunStore {
  const listeners = new Set<(event: StoreEvent) => void>();

  return {
    async list(query) {
      const { where, values } = conditionsOf(query, query.filter);
      const [counted] = await database.query(
        `select count(*)::int as total from operation_runs r where ${where}`,
        values,
      );
      const rows = await database.query(...pageQuery(query));
      return { rows: rows.map(storedRun), total: Number(counted?.['total']) };
    },

    async get({ id, source }, context) {
      const { where, values } = conditionsOf(context, { source });
      const [row] = await database.query(`${SELECT_RUN} where ${where} and r.id = $${values.length + 1}`, [
        ...values,
        id,
      ]);
      return row === undefined ? undefined : readRow(row);
    },

    async summary(query) {
      // One row of each tenant besides those that count, so that a tenant where all is calm is there with zeros.
      const { where, values } = conditionsOf(query, query.filter);
      const rows = await database.query(
        `${SELECT_RUN} where ${where} and (
           r.status <> 'completed' or r.reconciliation is not null
           or r.outcome in ('failed', 'blocked', 'partially_succeeded')
           or r.id in (select min(id) from operation_runs group by workspace_id, tenant_id))
         order by r.queued_at, r.id`,
        values,
      );
      const parsed = rows.map(readRow);
      const judged = parsed.flatMap((row) =>
        row.ok ? [{ run: row.run, freshness: classify(row.run, query.policy, query.now) }] : [],
      );
      return { ...summarize(judged, query.since), issues: parsed.flatMap((row) => (row.ok ? [] : [row.issue])) };
    },

    subscribe(listener, after) {
      if (after === undefined) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      }
      // What happens while the past is being read waits, so that an old state never follows a newer one.
      const waiting: StoreEvent[] = [];
      let told: (event: StoreEvent) => void = (event) => waiting.push(event);
      const relay = (event: StoreEvent) => told(event);
      listeners.add(relay);
      void changesSince(database, after).then(
        (changes) => {
          for (const event of [...(changes ?? [{ kind: 'reset', at: now() } as const]), ...waiting]) listener(event);
          told = listener;
        },
        () => {
          listener({ kind: 'reset', at: now() });
          told = listener;
        },
      );
      return () => listeners.delete(relay);
    },

    announce(run) {
      const event: StoreEvent = { kind: 'run', at: now(), run };
      for (const listener of [...listeners]) listener(event);
    },
  };
}

/** One page by keyset: the index leads straight to the place, however far down. */
function pageQuery(query: StoreQuery): [string, unknown[]] {
  const { where, values } = conditionsOf(query, query.filter);
  const [beyond, direction] = query.order === 'newest_first' ? ['<', 'desc'] : ['>', 'asc'];
  const parts = [where];
  if (query.after !== undefined) {
    values.push(formatInstant(query.after.at), query.after.key);
    parts.push(`(r.queued_at, r.id) ${beyond} ($${values.length - 1}::timestamptz, $${values.length})`);
  }
  values.push(query.limit);
  const order = `order by r.queued_at ${direction}, r.id ${direction}`;
  return [`${SELECT_RUN} where ${parts.join(' and ')} ${order} limit $${values.length}`, values];
}

/** Scope and filters, with the meaning that core's `passesFilter` gives them. */
function conditionsOf(
  { scope }: Pick<StoreContext, 'scope'>,
  filter: StoreFilter,
): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const parts = ['true'];
  const add = (sql: (place: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    parts.push(sql(`$${values.length}`));
  };
  if (scope !== 'everything') {
    values.push(scope.tenants, scope.workspaces);
    parts.push(`(r.tenant_id = any($1::text[]) or (r.tenant_id is null and r.workspace_id = any($2::text[])))`);
  }
  add((place) => `r.tenant_id = ${place}`, filter.tenantId);
  add((place) => `r.workspace_id = ${place}`, filter.workspaceId);
  add((place) => `r.type = ${place}`, filter.type);
  add((place) => `${place}::text = '${SOURCE}'`, filter.source);
  add((place) => `r.status = any(${place}::text[])`, filter.statuses);
  add(
    (place) => `r.queued_at >= ${place}::timestamptz`,
    filter.since === undefined ? undefined : formatInstant(filter.since),
  );
  add(
    (place) =>
      `position(lower(${place}) in lower(concat_ws(chr(10), r.title, r.type, r.id, r.tenant_id,
         (select name from tenants where id = r.tenant_id)))) > 0`,
    filter.q,
  );
  return { where: parts.join(' and '), values };
}

function storedRun(row: Row) {
  const queuedAt = row['queued_at'];
  return {
    ...readRow(row),
    position: { at: queuedAt instanceof Date ? queuedAt.getTime() : 0, key: String(row['id']) },
  };
}

async function changesSince(database: Database, after: number): Promise<StoreEvent[] | undefined> {
  const rows = await database.query(
    `${SELECT_RUN} where r.updated_at >= $1::timestamptz order by r.updated_at limit $2`,
    [formatInstant(after), REPLAY_LIMIT + 1],
  );
  if (rows.length > REPLAY_LIMIT) return undefined;
  return rows.flatMap((row): StoreEvent[] => {
    const parsed = readRow(row);
    const at = row['updated_at'];
    return parsed.ok && at instanceof Date ? [{ kind: 'run', at: at.getTime(), run: parsed.run }] : [];
  });
}
