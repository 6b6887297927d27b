import { formatInstant } from '@tardy/core';
import type { RunStore, StoreQuery } from '@tardy/core/server';
import type { Database, Row } from './database.js';
import { conditionsOf } from './run-conditions.js';
import type { RunChanges } from './run-changes.js';
import { countRuns, countWithTabs, summaryOf } from './run-totals.js';
import { readRow, SELECT_RUN } from './run-row.js';

/**
 * Reads runs with SQL and lets the database judge them: the policy is compiled into each query. `changes` feed the event
 * streams; without them there are none.
 */
export function sqlRunStore(database: Database, changes?: RunChanges): RunStore {
  return {
    filtersProblemClass: true,

    async list(query) {
      const [rows, counted] = await Promise.all([
        database.query(...pageQuery(query)),
        // The counts by tab came with the first page.
        query.after === undefined
          ? countWithTabs(database, query, query.filter)
          : countRuns(database, query, query.filter).then((total) => ({ total, counts: undefined })),
      ]);
      return { rows: rows.map(storedRun), ...counted };
    },

    async get({ id, source }, context) {
      const { where, values } = conditionsOf(context, { source });
      const [row] = await database.query(`${SELECT_RUN} where ${where} and r.id = $${values.length + 1}`, [
        ...values,
        id,
      ]);
      return row === undefined ? undefined : readRow(row);
    },

    summary: (query) => summaryOf(database, query),

    ...(changes === undefined ? {} : { subscribe: changes.subscribe }),
  };
}

/** One page by keyset: the index finds the position directly, however far down. */
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

function storedRun(row: Row) {
  // The table holds none that is beyond what a cursor can hold.
  const at = (row['queued_at'] as Date).getTime();
  return { ...readRow(row), position: { at, key: String(row['id']) } };
}
