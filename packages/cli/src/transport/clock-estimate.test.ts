import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapBetween, boundsFromResponse, estimateOffset, narrowBounds, type OffsetBounds } from './clock-estimate.js';
import { headerReader } from './received-headers.js';

const START = Date.UTC(2030, 0, 1, 12);

/** The `Date` that a server writes when its clock stands at `ms`. */
const dateOf = (ms: number): string => new Date(Math.floor(ms / 1000) * 1000).toUTCString();

/** A response of a server whose clock is `offsetMs` ahead of ours. */
function sample(offsetMs: number, sentAtMs: number, thereMs: number, backMs: number): OffsetBounds {
  const headers = headerReader({ date: dateOf(sentAtMs + thereMs + offsetMs) });
  const bounds = boundsFromResponse(headers, sentAtMs, sentAtMs + thereMs + backMs);
  if (bounds === undefined) throw new Error('a response with a Date gives bounds');
  return bounds;
}

const journey = fc.record({
  at: fc.integer({ min: START, max: START + 600_000 }),
  thereMs: fc.integer({ min: 0, max: 3_000 }),
  backMs: fc.integer({ min: 0, max: 3_000 }),
});
const offset = fc.integer({ min: -7_200_000, max: 7_200_000 });

it.each([
  [{ lowMs: 0, highMs: 10 }, { lowMs: 5, highMs: 20 }, 0],
  [{ lowMs: 0, highMs: 10 }, { lowMs: 10, highMs: 20 }, 0],
  [{ lowMs: 0, highMs: 10 }, { lowMs: 17, highMs: 20 }, 7],
])('%j and %j are %d ms apart, in either order', (one, other, gap) => {
  expect(gapBetween(one, other)).toBe(gap);
  expect(gapBetween(other, one)).toBe(gap);
});

describe('clock estimate', () => {
  it('stays within its stated error, and each sample makes it no worse', () => {
    fc.assert(
      fc.property(offset, fc.array(journey, { minLength: 1, maxLength: 30 }), (offsetMs, journeys) => {
        let known: OffsetBounds | undefined;
        expect(journeys.length).toBeGreaterThan(0);
        let lastWidth = Infinity;
        for (const { at, thereMs, backMs } of journeys) {
          known = narrowBounds(known, sample(offsetMs, at, thereMs, backMs));
          expect(known.lowMs).toBeLessThanOrEqual(offsetMs);
          expect(known.highMs).toBeGreaterThanOrEqual(offsetMs);
          expect(known.highMs - known.lowMs).toBeLessThanOrEqual(lastWidth);
          lastWidth = known.highMs - known.lowMs;
          const estimate = estimateOffset(known);
          expect(Math.abs(estimate.offsetMs - offsetMs)).toBeLessThanOrEqual(estimate.uncertaintyMs);
        }
      }),
    );
  });

  it('narrows below a second with responses from different parts of one', () => {
    let known: OffsetBounds | undefined;
    for (let part = 0; part < 1000; part += 100) known = narrowBounds(known, sample(5_432, START + part, 5, 5));
    const { offsetMs, uncertaintyMs } = estimateOffset(known ?? { lowMs: 0, highMs: 0 });
    expect(uncertaintyMs).toBeLessThanOrEqual(60);
    expect(Math.abs(offsetMs - 5_432)).toBeLessThanOrEqual(uncertaintyMs);
  });

  it('reports no offset if the responses show none', () => {
    expect(estimateOffset({ lowMs: -40, highMs: 990 })).toEqual({ offsetMs: 0, uncertaintyMs: 990 });
    expect(estimateOffset({ lowMs: 1, highMs: 1001 })).toEqual({ offsetMs: 501, uncertaintyMs: 500 });
  });

  it('starts over when a clock was set', () => {
    const later = { lowMs: 60_000, highMs: 61_000 };
    expect(narrowBounds({ lowMs: -10, highMs: 900 }, later)).toEqual(later);
  });

  it.each([
    ['no Date', {}, 0],
    ['a Date that is none', { date: 'yesterday' }, 0],
    ['a response from a cache', { date: dateOf(START), age: '12' }, 0],
    ['a local clock that was set back', { date: dateOf(START) }, -1],
  ])('learns nothing from %s', (_name, headers, tookMs) => {
    expect(boundsFromResponse(headerReader(headers), START, START + tookMs)).toBeUndefined();
  });

  it('accepts an Age of 0', () => {
    expect(boundsFromResponse(headerReader({ date: dateOf(START), age: '0' }), START, START + 10)).toEqual({
      lowMs: -10,
      highMs: 999,
    });
  });
});
