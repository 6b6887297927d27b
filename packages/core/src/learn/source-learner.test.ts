import { describe, expect, it } from 'vitest';
import { parseDuration } from '../duration.js';
import { createPolicy } from '../policy.js';
import { DAY, HOUR, MINUTE } from '../test-runs.js';
import { learnedRules } from './learned-rules.js';
import { DEFAULT_LEARN_OPTIONS, type LearnedClock } from './levels.js';
import type { HistoryRow } from './history-row.js';
import { isBroken, SourceLearner } from './source-learner.js';
import { aRow, ciRows, historyOf, START } from './test-history.js';

function lessonOf(
  rows: readonly HistoryRow[],
  clock: LearnedClock = 'run',
  options = DEFAULT_LEARN_OPTIONS,
  keepCut = false,
) {
  const history = historyOf(rows);
  const learner = new SourceLearner(history, history.groups, clock, options, keepCut);
  learner.learnUntil(Infinity);
  return learner.lesson();
}

function verdictOf(rows: readonly HistoryRow[]) {
  const verdict = lessonOf(rows).types[0]?.verdict;
  return verdict?.learned === false ? verdict.refusal : verdict;
}

/** So many runs a day of so many minutes each. */
const regular = (count: number, perDay: number, fields: Partial<HistoryRow> & { minutes?: number } = {}) =>
  Array.from({ length: count }, (_, index) =>
    aRow({
      ...fields,
      id: String(index),
      startedAt: START + Math.floor(index / perDay) * DAY + (index % perDay) * MINUTE,
    }),
  );

describe('what is learned for a type', () => {
  it('is two thresholds with everything that they are made of', () => {
    const [proposal] = lessonOf(ciRows({ days: 100, hangEvery: 200 })).types;
    expect(proposal).toMatchObject({
      source: 'ci',
      type: 'build',
      clock: 'run',
      runs: 1990,
      days: 100,
      leftOut: { cut: 10 },
      limit: 6 * HOUR,
      verdict: {
        learned: true,
        late: { share: 0.99, margin: 1.1, by: 'margin', survival: undefined, bound: { isLongest: false } },
        stale: { share: 0.995, margin: 1.5, by: 'margin', tested: { exceedances: 0 } },
      },
    });
    const { verdict } = proposal ?? {};
    if (verdict?.learned !== true) throw new Error('nothing was learned');
    for (const { value, margin, bound } of [verdict.late, verdict.stale]) {
      expect(value).toBeGreaterThanOrEqual(margin * bound.value);
      expect(value).toBeLessThanOrEqual(margin * bound.value + MINUTE);
    }
    expect(verdict.late.value).toBeLessThan(verdict.stale.value);
  });

  it.each([
    ['fewer than 20 runs', regular(19, 1), { reason: 'few_runs', runs: 19, needed: 20 }],
    ['fewer than 5 days', regular(100, 25), { reason: 'few_days', days: 4, needed: 5 }],
    ['fewer than 20 replayed ones', regular(39, 4), { reason: 'few_tested', tested: 19, needed: 20 }],
    [
      'runs that outgrow every margin',
      regular(200, 4).map((row, index) =>
        index % 50 === 49 ? { ...row, endedAt: (row.startedAt ?? 0) + 10 ** (index / 50) * HOUR } : row,
      ),
      { reason: 'long_runs', margin: 3, runs: 180, exceedances: 4 },
    ],
  ])('is refused for %s', (_, rows, refusal) => {
    expect(verdictOf(rows)).toEqual(refusal);
  });

  it('begins with the 40th run on the 10th day', () => {
    expect(verdictOf(regular(40, 4))).toMatchObject({ learned: true, stale: { value: 30 * MINUTE, margin: 3 } });
  });

  it('is never shorter than a monitor can see', () => {
    expect(verdictOf(regular(400, 4, { minutes: 0.1 }))).toMatchObject({
      late: { value: 2 * MINUTE, by: 'floor' },
      stale: { value: 5 * MINUTE, by: 'floor' },
    });
  });

  it('ends before the system would end the run itself', () => {
    expect(verdictOf(regular(100, 4, { minutes: 200, limit: 6 * HOUR }))).toMatchObject({
      stale: { value: 324 * MINUTE, by: 'limit' },
    });
  });

  it('is late when it is stale, where late cannot be learned or would be longer', () => {
    const rows = regular(400, 4).map((row, index) =>
      index > 100 && index % 40 === 0 ? { ...row, endedAt: (row.startedAt ?? 0) + 20.1 * MINUTE } : row,
    );
    const verdict = verdictOf(rows.slice(0, 130));
    expect(verdict).toMatchObject({ learned: true });
    if (verdict === undefined || !('late' in verdict)) throw new Error('nothing was learned');
    expect(verdict.late.value).toBeLessThanOrEqual(verdict.stale.value);
  });

  it('takes many cancelled runs for longer than they were', () => {
    const rows = ciRows({ days: 60 });
    const cancelled = rows.filter((_, index) => index % 4 === 0);
    const some = [
      ...rows,
      ...cancelled.map((row): HistoryRow => ({
        ...row,
        id: `${row.id} c`,
        outcome: 'cancelled',
        endedAt: (row.startedAt ?? 0) + 18 * MINUTE,
      })),
    ];
    const without = verdictOf(rows);
    const withThem = verdictOf(some);
    if (!('stale' in (without ?? {})) || !('stale' in (withThem ?? {}))) throw new Error('nothing was learned');
    expect(without).toMatchObject({ stale: { survival: undefined } });
    expect(withThem).toMatchObject({ stale: { survival: expect.any(Number) as number } });
  });

  it('knows hung runs by their limit, and by the company of others where none is stated', () => {
    const marked = verdictOf(ciRows({ hangEvery: 200 }));
    const unmarked = verdictOf(ciRows({ hangEvery: 200, limited: false }));
    expect(marked).toMatchObject({ learned: true });
    expect(unmarked).toMatchObject({ learned: true, stale: { by: 'margin' } });
    const lesson = lessonOf(ciRows({ hangEvery: 200, limited: false }));
    expect(lesson).toMatchObject({ limits: 'apparent', types: [{ leftOut: { cut: 10 } }] });
  });

  it('still ends before the limit where hung runs are learned from', () => {
    const lesson = lessonOf(ciRows({ hangEvery: 100 }), 'run', DEFAULT_LEARN_OPTIONS, true);
    expect(lesson.types[0]?.verdict).toMatchObject({ learned: true, stale: { value: 324 * MINUTE, by: 'limit' } });
  });

  it('needs successes only where no limit is known and there are any', () => {
    const failed = regular(100, 4, { outcome: 'failed' });
    expect(lessonOf(failed).types[0]?.runs).toBe(100);
    expect(lessonOf([...failed, aRow({ type: 'other' })]).types[0]).toMatchObject({ runs: 0, leftOut: { ended: 100 } });
    expect(lessonOf([...failed, aRow({ type: 'other', limit: HOUR })]).types[0]?.runs).toBe(100);
  });
});

describe('what is learned for all types of a source', () => {
  it('is a rule before those of the types, at least twice the bound', () => {
    const lesson = lessonOf([
      ...ciRows({ type: 'a' }),
      ...ciRows({ type: 'b', median: 30, seed: 2 }),
      aRow({ type: 'rare' }),
    ]);
    expect(lesson.all).toMatchObject({ type: undefined, runs: 4001, verdict: { learned: true, stale: { margin: 2 } } });
    const rules = learnedRules([lesson], DEFAULT_LEARN_OPTIONS).map(({ rule }) => rule);
    expect(rules.map(({ match }) => match)).toEqual([
      { source: 'ci' },
      { source: 'ci', type: 'a' },
      { source: 'ci', type: 'b' },
    ]);
    expect(() => createPolicy({ version: 1, rules })).not.toThrow();
  });

  it('puts types whose names match others first', () => {
    const lesson = lessonOf([...ciRows({ type: 'a' }), ...ciRows({ type: 'a*' }), ...ciRows({ type: 'b?' })]);
    expect(learnedRules([lesson], DEFAULT_LEARN_OPTIONS).map(({ rule }) => rule.match['type'])).toEqual([
      undefined,
      'a*',
      'b?',
      'a',
    ]);
  });

  it('is all there is for the queue, from first attempts only', () => {
    const rows = ciRows().map((row, index): HistoryRow => ({
      ...row,
      queuedAt: (row.startedAt ?? 0) - (index % 60) * 1000,
      attempt: index % 100 === 99 ? 2 : 1,
    }));
    const lesson = lessonOf([...rows, aRow({ id: 'unknown' }), aRow({ id: 'x', queuedAt: START + MINUTE })], 'queue');
    expect(lesson).toMatchObject({ types: [], all: { runs: 1980, clock: 'queue', verdict: { learned: true } } });
    expect(learnedRules([lesson], DEFAULT_LEARN_OPTIONS).map(({ rule }) => rule)).toEqual([
      { match: { source: 'ci' }, queue: { late: '2m', stale: '5m' } },
    ]);
  });

  it('is learned for silence from what was seen of runs that ended by themselves', () => {
    const rows = ciRows({ hangEvery: 100 }).map((row, index): HistoryRow => ({
      ...row,
      silence: (200 + (index % 10)) * 1000,
    }));
    const lesson = lessonOf(rows, 'silence');
    expect(lesson.all).toMatchObject({
      runs: 1980,
      verdict: { learned: true, stale: { value: 7 * MINUTE, margin: 2 } },
    });
    expect(lessonOf(ciRows(), 'silence').all.verdict).toMatchObject({
      learned: false,
      refusal: { reason: 'few_runs', runs: 0 },
    });
  });
});

describe('a source whose types break the target together', () => {
  // Each type is regular for 240 runs, then one run in 10 takes longer, too rarely to be noticed in one type.
  const types = Array.from({ length: 30 }, (_, type) =>
    regular(260, 4, { type: `t${type}` }).map((row, index) => {
      const isLong = index > 240 && (index + type) % 10 === 0;
      return isLong ? { ...row, endedAt: (row.startedAt ?? 0) + 25 * MINUTE } : row;
    }),
  ).flat();

  it('gets a larger margin than the proved one, with which they would have kept it', () => {
    const lesson = lessonOf(types);
    expect(lesson.widened).toContain('stale');
    expect(lesson.lived.stale.runs).toBeGreaterThan(500);
    expect(lesson.lived.stale.exceedances).toBe(0);
    const margins = lesson.types.map(({ verdict }) => (verdict.learned ? verdict.stale.margin : undefined));
    expect(margins).not.toContain(2);
  });

  it.each([
    // Chance alone explains these.
    { runs: 1000, exceedances: 0, broken: false },
    { runs: 1000, exceedances: 4, broken: false },
    { runs: 0, exceedances: 0, broken: false },
    { runs: 1000, exceedances: 5, broken: true },
    { runs: 4999, exceedances: 8, broken: false },
    // Five were to be expected, and no more.
    { runs: 5000, exceedances: 5, broken: false },
    { runs: 5000, exceedances: 6, broken: true },
  ])('is told from bad luck: $exceedances in $runs', ({ broken, ...tested }) => {
    expect(isBroken(tested, 0.001)).toBe(broken);
  });
});

it('never gives a threshold below 20 runs or without its evidence, whatever the history', () => {
  for (const size of [1, 5, 19, 20, 39, 40, 200, 2000]) {
    const lesson = lessonOf(ciRows({ days: size, perDay: 1, sigma: 0.8, seed: size }));
    for (const { runs, verdict } of [lesson.all, ...lesson.types]) {
      if (!verdict.learned) continue;
      expect(runs).toBeGreaterThanOrEqual(20);
      expect(verdict.stale.tested.runs).toBeGreaterThanOrEqual(20);
    }
  }
  expect.hasAssertions();
});

it('says of a rule when it was learned, from what, and for which promise', () => {
  const lesson = lessonOf(ciRows({ days: 100, hangEvery: 200 }));
  const [, { rule } = { rule: undefined }] = learnedRules([lesson], DEFAULT_LEARN_OPTIONS, Date.UTC(2026, 10, 28, 13));
  expect(rule?.learned).toMatchObject({
    at: '2026-11-28',
    since: '2026-01-05',
    runs: 1990,
    target: { late: 0.005, stale: 0.001 },
  });
  const took = (rule?.learned?.took ?? []).map((text) => parseDuration(text) ?? NaN);
  expect(took).toHaveLength(11);
  expect(took).toEqual([...took].sort((one, other) => one - other));
  expect(took[3]).toBeGreaterThan(9 * MINUTE);
  expect(took[3]).toBeLessThan(11 * MINUTE);
});
