import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../test-runs.js';
import { endingOf, type Ending } from './ending.js';
import type { HistoryRow } from './history-row.js';
import { limitsOf, type LimitOrigin } from './limits.js';
import { aRow, historyOf } from './test-history.js';

function limitsOfRows(rows: readonly HistoryRow[]) {
  const history = historyOf(rows.map((row, index) => ({ ...row, id: String(index) })));
  return { history, limits: limitsOf(history, history.groups) };
}

const many = (count: number, row: (index: number) => HistoryRow) =>
  Array.from({ length: count }, (_, index) => row(index));

describe('whose the limits are', () => {
  it.each<[string, HistoryRow[], LimitOrigin]>([
    ['none is stated', many(100, () => aRow()), 'none'],
    ['all are the same', many(100, () => aRow({ limit: 6 * HOUR })), 'system'],
    [
      'they differ by type',
      many(100, (index) => aRow({ type: `t${index % 2}`, limit: (1 + (index % 2)) * HOUR })),
      'system',
    ],
    ['it was raised once', many(100, (index) => aRow({ limit: index < 50 ? HOUR : 2 * HOUR })), 'system'],
    ['they differ by rounding', many(100, (index) => aRow({ limit: HOUR + (index % 7) * 1000 })), 'system'],
    ['they change from run to run', many(100, (index) => aRow({ limit: (1 + (index % 3)) * HOUR })), 'requested'],
    [
      '3 changes among 100 pairs',
      many(101, (index) => aRow({ limit: index < 50 || index % 25 > 0 ? HOUR : 2 * HOUR })),
      'requested',
    ],
  ])('%s', (_, rows, origin) => {
    expect(limitsOfRows(rows).limits.origin).toBe(origin);
  });

  it('gives a run that states none the limit of its type', () => {
    const { limits } = limitsOfRows([
      aRow(),
      aRow({ limit: HOUR }),
      aRow({ limit: HOUR }),
      aRow({ limit: 2 * HOUR }),
      aRow({ type: 'test' }),
    ]);
    expect([0, 1, 3, 4].map(limits.of)).toEqual([2 * HOUR, HOUR, 2 * HOUR, NaN]);
  });

  it('sees a limit that nobody states: failures that end together, long after any success', () => {
    const hung = (minutes: number) => aRow({ outcome: 'failed', minutes });
    const usual = many(50, (index) =>
      aRow({ minutes: 5 + (index % 10), outcome: index % 5 === 0 ? 'failed' : 'succeeded' }),
    );
    const seen = limitsOfRows([...usual, hung(361), hung(360.4), hung(362)]).limits;
    expect(seen.origin).toBe('apparent');
    expect(seen.of(0)).toBe(360.4 * MINUTE);
    expect(limitsOfRows([...usual, hung(361), hung(360)]).limits.origin).toBe('none');
    expect(limitsOfRows([...usual, hung(361), hung(360), hung(372)]).limits.origin).toBe('none');
    expect(limitsOfRows([...usual, aRow({ minutes: 200 }), hung(361), hung(360), hung(362)]).limits.origin).toBe(
      'none',
    );
    expect(
      limitsOfRows([...usual, hung(361), hung(360), hung(362), ...many(4, (i) => hung(100 * (i + 5)))]).limits.origin,
    ).toBe('none');
    expect(limitsOfRows([hung(361), hung(360), hung(362)]).limits.origin).toBe('none');
  });
});

describe('what a run of the history is', () => {
  const limit = 6 * HOUR;
  it.each<[string, Partial<HistoryRow> & { minutes?: number }, Ending]>([
    ['succeeded', {}, 'ended'],
    ['failed', { outcome: 'failed' }, 'ended'],
    ['ended somehow', { outcome: 'unknown' }, 'ended'],
    ['cancelled', { outcome: 'cancelled' }, 'cancelled'],
    ['skipped', { outcome: 'skipped' }, 'skipped'],
    ['not ended', { outcome: 'pending', endedAt: undefined, seenAt: aRow().endedAt }, 'active'],
    ['closed as stuck', { cut: true }, 'cut'],
    ['seen on hold', { held: true }, 'held'],
    ['without a start', { startedAt: undefined, endedAt: 5 }, 'unusable'],
    ['without an end', { endedAt: undefined }, 'unusable'],
    ['ended before its start', { minutes: -1 }, 'unusable'],
    ['failed at 99 % of its limit', { outcome: 'failed', minutes: 0.99 * 360 }, 'cut'],
    ['failed before that', { outcome: 'failed', minutes: 0.99 * 360 - 0.01 }, 'ended'],
    ['cancelled at its limit', { outcome: 'cancelled', minutes: 361 }, 'cut'],
    ['failed 5 % after its limit', { outcome: 'failed', minutes: 1.05 * 360 }, 'cut'],
    [
      'failed long after its limit: it cannot have run all that time',
      { outcome: 'failed', minutes: 1.05 * 360 + 0.01 },
      'held',
    ],
    ['succeeded long after its limit', { minutes: 25 * 60 }, 'held'],
    ['succeeded at its limit', { minutes: 360 }, 'ended'],
  ])('%s', (_, fields, ending) => {
    const { history, limits } = limitsOfRows([aRow({ limit, ...fields }), aRow({ limit })]);
    expect(endingOf(history, 0, limits)).toBe(ending);
  });

  it('gives a system five minutes to end a run with a short limit', () => {
    const ending = (minutes: number) => {
      const { history, limits } = limitsOfRows([aRow({ outcome: 'failed', minutes, limit: 10 * MINUTE })]);
      return endingOf(history, 0, limits);
    };
    expect([ending(15), ending(15.1)]).toEqual(['cut', 'held']);
  });

  it('ended by itself where a limit was requested and not enforced', () => {
    const { history, limits } = limitsOfRows(
      many(10, (index) => aRow({ outcome: 'failed', minutes: 4000, limit: (1 + (index % 2)) * DAY })),
    );
    expect(limits.origin).toBe('requested');
    expect([endingOf(history, 0, limits), endingOf(history, 1, limits)]).toEqual(['ended', 'ended']);
  });
});
