import { classify, type ProblemClass } from '../classify.js';
import type { RunStatus } from '../run.js';
import { runToWire, type RunIssue } from '../wire.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { ListParameters } from './list-parameters.js';
import type { Position, RunStore, StoreContext, StorePage, StoredRun, StoreQuery } from './run-store.js';
import { inScope } from './viewer.js';

/** Batch size, and the most batches for one page, where the kit filters by problem class itself. */
const READ_AHEAD = { rows: 500, times: 20 } as const;

/**
 * The body of `GET /runs`, apart from its `now`.
 *
 * A page may hold fewer runs than its limit, even none, and still have a `next`: follow `next` to read everything.
 */
export async function listRuns(
  store: RunStore,
  parameters: ListParameters,
  context: StoreContext,
  secret: string | undefined,
): Promise<Record<string, unknown>> {
  const { filter, order, limit, cursor, slice } = parameters;
  const after = cursor === undefined ? undefined : decodeCursor(cursor, { slice, secret });
  const query: StoreQuery = { ...context, filter, order, after, limit: limit + 1 };
  const storeFilters = filter.problemClass === undefined || store.filtersProblemClass === true;
  const page = storeFilters ? await readPage(store, query, limit) : await readJudgedPage(store, query, limit);

  const runs: Record<string, unknown>[] = [];
  const issues: RunIssue[] = [];
  for (const row of page.rows) {
    if (!row.ok) issues.push(row.issue);
    else if (inScope(row.run, context.scope)) runs.push(runToWire(row.run));
    else throw new Error(`The store listed run ${row.run.id}, which is outside the requested scope.`);
  }
  return {
    runs,
    ...(page.next === undefined ? {} : { next: encodeCursor(page.next, { slice, secret }) }),
    ...(page.total === undefined ? {} : { total: page.total }),
    ...(page.counts === undefined ? {} : { counts: page.counts }),
    complete: page.complete !== false && issues.length === 0,
    ...(issues.length === 0 ? {} : { issues: issues.map(issueToWire) }),
  };
}

/** The wire form of an issue. */
export function issueToWire({ id, reason }: RunIssue): Record<string, unknown> {
  return { ...(id === undefined ? {} : { id }), reason };
}

type Page = StorePage & { readonly next: Position | undefined };

async function readPage(store: RunStore, query: StoreQuery, limit: number): Promise<Page> {
  const page = await store.list(query);
  const rows = page.rows.slice(0, limit);
  return { ...page, rows, next: page.rows.length > limit ? rows.at(-1)?.position : undefined };
}

/** Reads until the page is full, judging row by row; stops early rather than read a complete table for one request. */
async function readJudgedPage(store: RunStore, query: StoreQuery, limit: number): Promise<Page> {
  const { problemClass, ...rest } = query.filter;
  const filter = { ...rest, statuses: rest.statuses ?? statusesOf(problemClass) };
  const rows: StoredRun[] = [];
  let after = query.after;
  let complete: boolean | undefined;
  for (let time = 0; time < READ_AHEAD.times; time++) {
    const page = await store.list({ ...query, filter, after, limit: READ_AHEAD.rows });
    complete = page.complete === false ? false : complete;
    for (const row of page.rows) {
      const wanted = !row.ok || classify(row.run, query.policy, query.now).problemClass === problemClass;
      if (wanted && rows.length === limit) return { rows, next: after, complete };
      if (wanted) rows.push(row);
      after = row.position;
    }
    if (page.rows.length < READ_AHEAD.rows) return { rows, next: undefined, complete };
  }
  return { rows, next: after, complete };
}

/** The only statuses in which a run can have the class, so that a store need not read the rest. */
function statusesOf(problemClass: ProblemClass | undefined): readonly RunStatus[] | undefined {
  if (problemClass === 'active_stale_attention') return ['queued', 'running'];
  return problemClass === 'terminal_follow_up' ? ['completed'] : undefined;
}
