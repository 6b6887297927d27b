import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../test-runs.js';
import { Learner } from './learner.js';
import { DEFAULT_LEARN_OPTIONS } from './levels.js';
import type { Samples } from './samples.js';

const LEAST = { late: 1, stale: 1 };

/** Samples of a type: each list of minutes is a day. */
function samples(days: readonly (readonly number[])[], limit?: number): Samples {
  const rows = days.flatMap((minutes, day) =>
    minutes.map((value, at) => ({ end: day * DAY + at, value: value * MINUTE })),
  );
  return {
    ended: {
      ends: Float64Array.from(rows, ({ end }) => end),
      values: Float64Array.from(rows, ({ value }) => value),
    },
    censored: { ends: new Float64Array(), values: new Float64Array() },
    cut: [],
    leftOut: {},
    limit,
  };
}

const days = (count: number, minutes: readonly number[]) => Array.from({ length: count }, () => minutes);
const usual = [8, 9, 10, 11];

function learned(parts: readonly (readonly number[])[], limit?: number): Learner {
  const learner = new Learner(samples(parts, limit), DEFAULT_LEARN_OPTIONS, LEAST);
  learner.learnUntil(Infinity);
  return learner;
}

describe('a learner', () => {
  it('knows only the runs that ended before', () => {
    const learner = new Learner(samples([[5], [7, 6], [50]]), DEFAULT_LEARN_OPTIONS, LEAST);
    learner.learnUntil(DAY);
    expect([learner.runs, learner.days, learner.valueAt(1)]).toEqual([1, 1, 5 * MINUTE]);
    learner.learnUntil(2 * DAY);
    expect([learner.runs, learner.days]).toEqual([3, 2]);
    expect([1, 2, 3].map((position) => learner.valueAt(position) / MINUTE)).toEqual([5, 6, 7]);
    learner.learnUntil(2 * DAY);
    expect(learner.runs).toBe(3);
  });

  it('takes the longest for the bound while there are few, and says so', () => {
    expect(learned(days(5, usual)).bound('stale')).toEqual({ value: 11 * MINUTE, rank: 20, isLongest: true });
    expect(learned(days(150, usual)).bound('late')).toEqual({ value: 11 * MINUTE, rank: 599, isLongest: false });
    expect(learned(days(150, usual)).bound('stale')).toEqual({ value: 11 * MINUTE, rank: 600, isLongest: false });
  });

  it('replays each day against what the days before had shown, once these are enough', () => {
    const learner = learned([...days(5, usual), [21, 22, 23, 34], ...days(2, usual)]);
    // The bound was 11 min then: with 1.5, 2 and 3 times that, 16.5, 22 and 33 min.
    expect([0, 1, 2].map((margin) => learner.tested('stale', margin))).toEqual([
      { runs: 12, exceedances: 4 },
      { runs: 12, exceedances: 3 },
      { runs: 12, exceedances: 1 },
    ]);
  });

  it('forgets the days before the last ones with runs', () => {
    const learner = learned([...days(5, usual), [100], ...days(60, usual)]);
    expect(learner.tested('stale', 2)).toEqual({ runs: 240, exceedances: 0 });
    const earlier = learned([...days(5, usual), [100], ...days(59, usual)]);
    expect(earlier.tested('stale', 2)).toEqual({ runs: 237, exceedances: 1 });
  });

  it.each([
    [20, undefined],
    [39, undefined],
    [40, 2],
    [219, 2],
    [220, 1],
    [1019, 1],
    [1020, 0],
  ])('with %i regular runs proves the margin %s', (runs, margin) => {
    // 20 of them are needed before the first day is replayed; all on one of the last days would prove as much.
    const rest = Array.from({ length: 20 }, (_, day) =>
      Array.from({ length: Math.floor((runs - 20 + day) / 20) }, () => 10),
    );
    const learner = learned([...days(5, usual), ...rest]);
    expect(learner.runs).toBe(runs);
    expect(learner.provedMargin('stale')).toBe(margin);
  });

  it('proves no margin that the last days broke, and none below the least', () => {
    const broken = (minutes: number) => learned([...days(5, usual), ...days(60, [...usual]), [minutes]]);
    expect(broken(17).provedMargin('stale')).toBe(1);
    expect(broken(22).provedMargin('stale')).toBe(2);
    expect(broken(33).provedMargin('stale')).toBeUndefined();
    const wide = new Learner(samples([...days(5, usual), ...days(60, usual)]), DEFAULT_LEARN_OPTIONS, {
      late: 1,
      stale: 3,
    });
    wide.learnUntil(Infinity);
    expect(wide.provedMargin('stale')).toBe(2);
  });

  it('counts what the thresholds of each day would have done', () => {
    // 240 tested runs before the last day, so a margin of 2 was in force; on the first 5 days there was none.
    const learner = learned([...days(5, usual), ...days(60, usual), [21, 22, 23]]);
    expect(learner.lived('stale')).toEqual({ runs: 223, exceedances: 2 });
  });

  it('keeps to the shortest threshold and to the limit of the system, and leaves out what hung', () => {
    const short = learned([...days(5, [1, 1, 1, 1]), [4.9, 5]]);
    expect([0, 1, 2].map((margin) => short.tested('stale', margin).exceedances)).toEqual([1, 1, 1]);
    // 3 x 200 min would be past 0.9 x 6 h; 6 h itself has hung.
    const long = learned([...days(5, [200, 200, 200, 200]), [323, 324, 356, 357, 361]], 6 * HOUR);
    expect(long.tested('stale', 2)).toEqual({ runs: 3, exceedances: 2 });
  });
});
