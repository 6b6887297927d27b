import { formatInstant, type Run } from '@tardy/core';
import type { RunStore, StoreEvent, StoreQuery } from '@tardy/core/server';
import type { Database, Row } from './database.js';
import { conditionsOf } from './run-conditions.js';
import { countRuns, countWithTabs, summaryOf } from './run-figures.js';
import { readRow, SELECT_RUN } from './run-row.js';

/** The run table as the run API reads it, and a way to say that a run has changed. */
export type SqlRunStore = RunStore & {
  /** Tells everyone who listens. Only runs that are written in this process are told of. */
  readonly announce: (run: Run) => void;
};

/** How many changes are told again to someone who resumes; beyond that, reading the list anew is cheaper. */
const REPLAY_LIMIT = 1000;

/** Reads runs with SQL, and has them judged by the database too: the policy is compiled into each query. */
export function sqlRunStore(database: Database, now: () => number): SqlRunStore {
  const listeners = new Set<(event: StoreEvent) => void>();

  return {
    filtersProblemClass: true,

    async list(query) {
      const [rows, figures] = await Promise.all([
        database.query(...pageQuery(query)),
        // Who reads on has the figures by tab already.
        query.after === undefined
          ? countWithTabs(database, query, query.filter)
          : countRuns(database, query, query.filter).then((total) => ({ total, counts: undefined })),
      ]);
      return { rows: rows.map(storedRun), ...figures };
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
