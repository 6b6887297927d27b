import { expect } from '@esm-bundle/chai';
import {
  classify,
  countTabs,
  createPolicy,
  DEFAULT_FILTER,
  parseRun,
  queryRuns,
  SORT_KEYS,
  type RunFilter,
} from '@tardy/core';
import type { StoreRun } from '../store/ops-store.js';
import { T0 } from '../test-environment.js';
import { done, failed, fresh, late, queued, reconciled, soonLate, stuck } from '../test-runs.js';
import { HeldRows, ListSlice } from './list-slice.js';

const policy = createPolicy({ version: 1 });
const KINDS = [done, failed, fresh, late, queued, reconciled, soonLate, stuck];

function row(kind: number, index: number): StoreRun {
  const parsed = parseRun({ ...KINDS[kind % KINDS.length], id: `r${index}`, title: `Run ${index % 7}` }, 's');
  if (!parsed.ok) throw new Error(parsed.issue.reason);
  return { run: parsed.run, freshness: classify(parsed.run, policy, T0) };
}

describe('ListSlice', () => {
  const before = Array.from({ length: 300 }, (_, index) => row(index, index));
  const filters: RunFilter[] = SORT_KEYS.flatMap((key) =>
    (['all', 'active_stale_attention'] as const).map((tab) => ({ tab, sort: { key, descending: key === 'started' } })),
  );

  for (const filter of filters) {
    it(`exchanges the rows that differ as if it had sorted again: ${filter.tab}, ${filter.sort.key}`, () => {
      const slice = new ListSlice();
      slice.update(before, filter);
      let runs = before;
      for (const changes of [1, 5, 60, 200]) {
        runs = runs.map((one, index) => (index % Math.floor(300 / changes) === 0 ? row(index + changes, index) : one));
        slice.update(runs, filter);
        expect(slice.rows.map(({ run }) => run.id)).to.deep.equal(queryRuns(runs, filter).map(({ run }) => run.id));
        expect(slice.counts).to.deep.equal(countTabs(runs, filter));
      }
    });
  }

  it('does nothing when nothing differs', () => {
    const slice = new ListSlice();
    slice.update(before, DEFAULT_FILTER);
    const { rows } = slice;
    slice.update([...before], DEFAULT_FILTER);
    expect(slice.rows).to.equal(rows);
  });
});

describe('HeldRows', () => {
  it('keeps places, updates rows, drops what is gone, and counts what waits', () => {
    const [a, b, c] = [row(0, 0), row(1, 1), row(2, 2)];
    const held = new HeldRows();
    held.hold([a, b, c], [c, a]);
    const later = row(3, 2);
    expect(held.rows([row(5, 9), b, later], [a, b, c])).to.deep.equal([later]);
    expect(held.pending([row(5, 9), row(5, 8), b, later])).to.equal(2);
  });
});
