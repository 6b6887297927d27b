import { expect } from '@esm-bundle/chai';
import { classify, createPolicy, mergeRuns, parseRun, runKey, type Freshness, type Run } from '@tardy/core';
import { T0 } from '../test-environment.js';
import { done, fresh, late, soonLate, stuck } from '../test-runs.js';
import { JudgedRows } from './judged-rows.js';

const policy = createPolicy({ version: 1 });
const judge = (run: Run): Freshness => classify(run, policy, T0);

function run(kind: unknown, id: string, more: object = {}): Run {
  const parsed = parseRun({ ...(kind as object), id, ...more }, 's');
  if (!parsed.ok) throw new Error(parsed.issue.reason);
  return parsed.run;
}

const [a, b, c, d] = [run(fresh, 'a'), run(fresh, 'b'), run(late, 'c'), run(done, 'd')];

describe('JudgedRows', () => {
  // Each list follows the one before it, in one and the same table.
  const lists: readonly (readonly [string, readonly Run[]])[] = [
    ['a first list', [a, b, c]],
    ['the same list', [a, b, c]],
    ['one run that differs', [a, run(stuck, 'b'), c]],
    ['a run read twice, last the newer copy', [a, run(stuck, 'b'), c, run(late, 'a')]],
    ['the same, where the first copy has ended', [run(done, 'a'), run(stuck, 'b'), c, run(late, 'a')]],
    ['the same, where only the last copy differs', [run(done, 'a'), run(stuck, 'b'), c, run(stuck, 'a')]],
    ['the same, where both copies are active', [run(late, 'a'), run(stuck, 'b'), c, run(fresh, 'a')]],
    ['another order', [c, b, a]],
    ['another run in the place of one', [c, d, a]],
    ['another attempt in the place of one', [c, d, run(fresh, 'a', { attempt: 2 })]],
    ['nothing', []],
    ['all again', [a, b, c, d]],
  ];

  it('holds each run once with its verdict, and reports what differs, after any list', () => {
    const table = new JudgedRows();
    for (const [what, list] of lists) {
      const before = new Map(table.rows.map((row) => [runKey(row.run), row]));
      const changes = table.take(list, T0, judge);
      const expected = mergeRuns(list);
      expect(
        table.rows.map(({ run: one }) => one),
        what,
      ).to.deep.equal(expected);
      expect(
        table.rows.map(({ freshness }) => freshness),
        what,
      ).to.deep.equal(expected.map(judge));
      const differing = expected.filter((one) => before.get(runKey(one))?.freshness.state !== judge(one).state);
      expect(
        changes.map((change) => runKey(change.run)),
        what,
      ).to.have.members(differing.map(runKey));
      const next = Math.min(...expected.map((one) => judge(one).nextChangeAt ?? Infinity));
      expect(table.nextFlipAt, what).to.be.at.most(next);
    }
  });

  it('keeps the rows of runs that are the same objects', () => {
    const table = new JudgedRows();
    table.take([a, b, c], T0, judge);
    const [first, second, third] = table.rows;
    table.take([a, run(late, 'b'), c], T0, judge);
    expect(table.rows[0]).to.equal(first);
    expect(table.rows[1]).not.to.equal(second);
    expect(table.rows[2]).to.equal(third);
  });

  it('judges what is due when it takes a list in which nothing differs', () => {
    const table = new JudgedRows();
    const soon = run(soonLate, 'soon');
    table.take([a, soon], T0, judge);
    const at = judge(soon).nextChangeAt ?? 0;
    const changes = table.take([a, soon], at, (one) => classify(one, policy, at));
    expect(changes.map(({ run: one, from, to }) => [one.id, from, to])).to.deep.equal([['soon', 'fresh', 'late']]);
    expect(table.nextFlipAt).to.be.above(at);
  });

  it('remembers the most progress of a run', () => {
    const table = new JudgedRows();
    const at = (processed: number) => run(fresh, 'a', { progress: { processed, total: 40 } });
    for (const processed of [10, 30, 20]) table.take([at(processed)], T0, judge);
    expect(table.rows[0]?.previous?.progress?.processed).to.equal(30);
    table.take([at(31)], T0, judge);
    expect(table.rows[0]?.previous).to.equal(undefined);
  });
});
