import { mergeRuns, runKey, type Freshness, type Instant, type Run } from '@tardy/core';
import type { RunChange, StoreRun } from './ops-store.js';

type Judge = (run: Run) => Freshness;

/** The runs that were read, each once, with their verdicts. A row stays the same object until it differs. */
export class JudgedRows {
  rows: readonly StoreRun[] = [];
  /** No verdict differs before this instant. */
  nextFlipAt = Infinity;
  #read: readonly Run[] = [];
  /** The index of the row of each key. */
  #places = new Map<string, number>();
  /** The indexes of rows that were read more than once. */
  readonly #copies = new Map<number, number[]>();

  /** Takes what was read; returns the runs whose state differs. */
  take(read: readonly Run[], now: Instant, judge: Judge): RunChange[] {
    const differing = differences(this.#read, read);
    this.#read = read;
    if (differing === undefined) return this.#takeOthers(judge);
    const changes: RunChange[] = [];
    const rows = [...this.rows];
    const runs = new Map(differing.map((run) => [this.#places.get(runKey(run)) ?? -1, run]));
    for (const [place, run] of runs) {
      const copies = this.#copies.get(place)?.flatMap((index) => read[index] ?? []);
      const merged = (copies && mergeRuns(copies)[0]) ?? run;
      rows[place] = this.#judged(merged, rows[place], judge, changes);
    }
    this.rows = rows;
    return changes.concat(this.flip(now, judge));
  }

  /** Judges again the runs that are due, and only those; returns the ones whose state differs. */
  flip(now: Instant, judge: Judge): RunChange[] {
    const changes: RunChange[] = [];
    if (now < this.nextFlipAt) return changes;
    this.nextFlipAt = Infinity;
    this.rows = this.rows.map((row) => {
      const at = row.freshness.nextChangeAt ?? Infinity;
      if (now >= at) return this.#judged(row.run, row, judge, changes);
      if (at < this.nextFlipAt) this.nextFlipAt = at;
      return row;
    });
    return changes;
  }

  /** Takes a list of other runs than before, or in another order. */
  #takeOthers(judge: Judge): RunChange[] {
    const before = this.rows;
    const placesBefore = this.#places;
    const runs: Run[] = [];
    this.#places = new Map();
    this.#copies.clear();
    const firsts: number[] = [];
    for (const [index, run] of this.#read.entries()) {
      const key = runKey(run);
      const place = this.#places.get(key);
      if (place === undefined) {
        this.#places.set(key, runs.push(run) - 1);
        firsts.push(index);
      } else {
        const copies = this.#copies.get(place) ?? [firsts[place] ?? 0];
        this.#copies.set(place, [...copies, index]);
        for (const merged of mergeRuns([runs[place] ?? run, run])) runs[place] = merged;
      }
    }
    this.nextFlipAt = Infinity;
    const changes: RunChange[] = [];
    const keys = this.#places.keys();
    this.rows = runs.map((run) => {
      const place = placesBefore.get(keys.next().value ?? '');
      return this.#judged(run, place === undefined ? undefined : before[place], judge, changes);
    });
    return changes;
  }

  #judged(run: Run, seen: StoreRun | undefined, judge: Judge, changes: RunChange[]): StoreRun {
    const freshness = judge(run);
    const from = seen?.freshness.state;
    if (from !== freshness.state) changes.push({ run, from, to: freshness.state });
    this.nextFlipAt = Math.min(this.nextFlipAt, freshness.nextChangeAt ?? Infinity);
    return { run, freshness, previous: furthest(run, seen) };
  }
}

/** The runs of a list that differ from those at the same places before; `undefined` where it lists other runs. */
export function differences(before: readonly Run[], after: readonly Run[]): Run[] | undefined {
  if (before.length !== after.length) return undefined;
  const differing: Run[] = [];
  for (const [index, run] of after.entries()) {
    const seen = before[index];
    if (seen === run) continue;
    if (seen?.id !== run.id || seen.attempt !== run.attempt || seen.source !== run.source) return undefined;
    differing.push(run);
  }
  return differing;
}

/** An earlier copy of the same attempt with more progress than this one, if any. */
function furthest(run: Run, seen: StoreRun | undefined): Run | undefined {
  const done = (candidate: Run | undefined) => candidate?.progress?.processed ?? -1;
  const best = done(seen?.previous) > done(seen?.run) ? seen?.previous : seen?.run;
  return done(best) > done(run) ? best : undefined;
}
