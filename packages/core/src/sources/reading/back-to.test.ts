import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import { DAY, HOUR } from '../../test-runs.js';
import type { SourcePage } from '../source.js';
import { backTo } from './back-to.js';

const NOW = Date.UTC(2026, 10, 23, 9);
const PAGE = 10;

/** Ended runs, one an hour, that took some hours each; the latest first. */
const hourly = (count: number, hours = 1): Run[] =>
  Array.from({ length: count }, (_, index) => {
    const startedAt = NOW - index * HOUR - hours * HOUR;
    const about = { id: String(index), source: 'ci', type: 'build', title: 'Build', attempt: 1, labels: {} };
    return { ...about, status: 'completed', outcome: 'succeeded', startedAt, endedAt: startedAt + hours * HOUR };
  });

/** How many runs are read of a list, a page beyond the one that decides not included. */
async function readOf(runs: readonly Run[], days: number | undefined, order?: 'ended' | 'unknown'): Promise<number> {
  async function* pages(): AsyncGenerator<SourcePage, void> {
    for (let at = 0; at < runs.length; at += PAGE) yield { runs: runs.slice(at, at + PAGE), issues: [] };
  }
  const endedSince = days === undefined ? undefined : NOW - days * DAY;
  let read = 0;
  for await (const page of backTo({ endedSince }, pages(), order)) read += page.runs.length;
  return read;
}

describe('a list of ended runs', () => {
  it('is read to its end where nothing says how far it is needed', async () => {
    expect(await readOf(hourly(600), undefined, 'ended')).toBe(600);
    expect(await readOf(hourly(600), undefined)).toBe(600);
  });

  it('in the order of its ends is read up to a page of runs that ended before', async () => {
    // 48 runs ended within two days, the one at the very instant included: five pages with them, and one without.
    expect(await readOf(hourly(600), 2, 'ended')).toBe(60);
  });

  it('that comes by its starts is read a week further', async () => {
    // 9 days are 216 runs, the first of which started an hour ago.
    expect(await readOf(hourly(600), 2)).toBe(230);
  });

  it('of which a few runs have later times is still known to come by its starts', async () => {
    const runs = hourly(600).map((run, index) =>
      index % 30 === 14 ? { ...run, startedAt: NOW - HOUR, endedAt: NOW } : run,
    );
    // A page with such a run does not decide.
    expect(await readOf(runs, 2)).toBe(240);
  });

  it.each([
    ['the oldest run first', hourly(600).reverse()],
    ['no order', [...hourly(600)].sort((a, b) => ((Number(a.id) * 7919) % 600) - ((Number(b.id) * 7919) % 600))],
    ['no times', hourly(600).map((run) => ({ ...run, startedAt: undefined }))],
    ['few runs', hourly(19)],
  ])('with %s is read to its end', async (_, runs) => {
    expect(await readOf(runs, 0.01)).toBe(runs.length);
  });

  it('is read on past a page in which one run has no end', async () => {
    const runs = hourly(600).map((run, index) => (index === 55 ? { ...run, endedAt: undefined } : run));
    expect(await readOf(runs, 2, 'ended')).toBe(70);
  });
});
