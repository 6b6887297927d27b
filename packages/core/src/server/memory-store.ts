import { classify } from '../classify.js';
import { countTabs, passesFilter, type JudgedRun, type RunFilter } from '../query.js';
import { runKey, type Instant, type Run } from '../run.js';
import { summarize } from '../summary.js';
import { runToWire } from '../wire.js';
import { REQUEST_INSTANTS } from './list-parameters.js';
import type { Position, RunStore, StoreContext, StoreEvent, StoreFilter, StoreQuery } from './run-store.js';
import { inScope } from './viewer.js';

/** A store that a host fills itself. */
export type MemoryStore = RunStore & {
  /** Adds a run, or replaces the one of the same source, id and attempt. An unchanged run causes no event. */
  put(run: Run): void;
  /** Forgets a run. */
  remove(run: Pick<Run, 'source' | 'id' | 'attempt'>): void;
  /** Says whether all runs are here, which holds until it is called. A change makes viewers read again. */
  setComplete(complete: boolean): void;
};

type Row = { readonly run: Run; readonly position: Position };

/** How many events are kept for clients that resume. */
const HISTORY = 1000;

/**
 * Keeps runs in memory: for tests and for hosts with some thousand runs. `now` gives a position to runs that have no time at
 * all. Events are known to this store only: whoever resumes at another one, or after a restart, gets a `reset`.
 */
export function memoryStore(runs: Iterable<Run>, { now }: { readonly now: () => Instant }): MemoryStore {
  const rows = new Map<string, Row>();
  const listeners = new Set<(event: StoreEvent) => void>();
  // Events in their order, each after the place of the one before. Places are random, so that they reveal nothing.
  let history: StoreEvent[] = [{ kind: 'place', at: crypto.randomUUID() }];
  let complete = true;
  for (const run of runs) keep(run);

  function keep(run: Run): void {
    const key = runKey(run);
    rows.set(key, { run, position: rows.get(key)?.position ?? { at: positionTime(run, now), key } });
  }

  function announce(event: StoreEvent): void {
    history.push(event);
    // Cut at intervals: to shift an array at each event would take longer than the event.
    if (history.length > 2 * HISTORY) history = history.slice(-HISTORY);
    for (const listener of [...listeners]) listener(event);
  }

  function announceRun(kind: 'run' | 'gone', run: Run): void {
    announce({ kind, at: crypto.randomUUID(), run });
  }

  /** What happened after a place; a `reset` where that is not known. */
  function since(after: string | undefined): readonly StoreEvent[] {
    const at = history.at(-1)?.at ?? '';
    if (after === undefined) return [{ kind: 'place', at }];
    const index = history.findIndex((event) => event.at === after);
    return index < 0 ? [{ kind: 'reset', at }] : [...history.slice(index + 1), { kind: 'place', at }];
  }

  function judged({ scope, policy, now: at }: StoreContext, filter: StoreFilter): (JudgedRun & Row)[] {
    const slice: RunFilter = { ...filter, tab: 'all', sort: { key: 'queued', descending: false } };
    return [...rows.values()].flatMap((row) => {
      if (!inScope(row.run, scope)) return [];
      if (filter.statuses !== undefined && !filter.statuses.includes(row.run.status)) return [];
      const candidate = { ...row, freshness: classify(row.run, policy, at) };
      return passesFilter(candidate, slice) ? [candidate] : [];
    });
  }

  async function list(query: StoreQuery) {
    const turn = query.order === 'newest_first' ? -1 : 1;
    const { after } = query;
    const passing = judged(query, query.filter);
    const beyond = passing
      .filter(({ position }) => after === undefined || turn * comparePositions(position, after) > 0)
      .sort((a, b) => turn * comparePositions(a.position, b.position));
    const ofTabs = judged(query, { ...query.filter, statuses: undefined, problemClass: undefined });
    return {
      rows: beyond.slice(0, query.limit).map(({ run, position }) => ({ ok: true as const, run, position })),
      total: passing.length,
      counts: countTabs(ofTabs, { tab: 'all', sort: { key: 'queued', descending: false } }),
      complete,
    };
  }

  return {
    filtersProblemClass: true,
    list,
    async get({ id, source }, { scope }) {
      const found = [...rows.values()]
        .filter(({ run }) => run.id === id && (source === undefined || run.source === source) && inScope(run, scope))
        .sort((a, b) => b.run.attempt - a.run.attempt || comparePositions(b.position, a.position))[0];
      return found === undefined ? undefined : { ok: true, run: found.run };
    },
    async summary(query) {
      return { ...summarize(judged(query, query.filter), query.since), issues: [], complete };
    },
    subscribe(listener, after) {
      for (const event of since(after)) listener(event);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    put(run) {
      const before = rows.get(runKey(run))?.run;
      if (before !== undefined && JSON.stringify(runToWire(before)) === JSON.stringify(runToWire(run))) return;
      const moved =
        before !== undefined && (before.tenant?.id !== run.tenant?.id || before.workspace?.id !== run.workspace?.id);
      if (moved) announceRun('gone', before);
      keep(run);
      announceRun('run', run);
    },
    remove(reference) {
      const row = rows.get(runKey(reference));
      if (row === undefined) return;
      rows.delete(runKey(reference));
      announceRun('gone', row.run);
    },
    setComplete(all) {
      if (all === complete) return;
      complete = all;
      announce({ kind: 'reset', at: crypto.randomUUID() });
    },
  };
}

/** Within what a cursor can hold; runs beyond it share its ends and differ in their keys. */
function positionTime(run: Run, now: () => Instant): Instant {
  const { first, last } = REQUEST_INSTANTS;
  return Math.min(Math.max(Math.floor(run.queuedAt ?? run.startedAt ?? now()), first), last);
}

function comparePositions(a: Position, b: Position): number {
  return a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
