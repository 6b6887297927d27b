import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../test-runs.js';
import { groupsBySource } from './history.js';
import { aRow, historyOf, START } from './test-history.js';

describe('a history', () => {
  it('gives back what was added, by source and type', () => {
    const history = historyOf([
      aRow({ id: 'ü 😀', attempt: 2, queuedAt: START - MINUTE, limit: 6 * HOUR, silence: 30_000, cut: true }),
      aRow({ source: 'other', id: '7', held: true, outcome: 'failed' }),
      aRow({ type: 'test', id: '8', startedAt: undefined, endedAt: undefined, outcome: 'skipped' }),
      aRow({ id: '9' }),
    ]);
    expect(history.size).toBe(4);
    expect(history.groups).toEqual([
      { source: 'ci', type: 'build', rows: [0, 3] },
      { source: 'other', type: 'build', rows: [1] },
      { source: 'ci', type: 'test', rows: [2] },
    ]);
    expect([...groupsBySource(history)].map(([source, groups]) => [source, groups.length])).toEqual([
      ['ci', 2],
      ['other', 1],
    ]);
    expect(history.groupOf(2)).toMatchObject({ source: 'ci', type: 'test' });
    expect([history.idOf(0), history.attemptOf(0), history.idOf(3)]).toEqual(['ü 😀', 2, '9']);
    expect([history.queuedAt(0), history.startedAt(0), history.endedAt(0)]).toEqual([
      START - MINUTE,
      START,
      START + 10 * MINUTE,
    ]);
    expect([history.limitOf(0), history.silenceOf(0)]).toEqual([6 * HOUR, 30_000]);
    expect([history.queuedAt(1), history.limitOf(1), history.silenceOf(1)]).toEqual([NaN, NaN, NaN]);
    expect([history.isCut(0), history.isHeld(0), history.isCut(1), history.isHeld(1)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect([0, 1, 2].map((row) => history.outcomeOf(row))).toEqual(['succeeded', 'failed', 'skipped']);
  });

  it('keeps more rows than fit into one part of a column', () => {
    const history = historyOf(
      Array.from({ length: 40_000 }, (_, index) => aRow({ id: `run ${index}`, minutes: index })),
    );
    expect(history.size).toBe(40_000);
    expect([history.idOf(0), history.idOf(16_384), history.idOf(39_999)]).toEqual(['run 0', 'run 16384', 'run 39999']);
    expect(history.endedAt(39_999)).toBe(START + 39_999 * MINUTE);
  });

  it('tells attempts, sources and types apart', () => {
    const rows = [aRow(), aRow({ attempt: 2 }), aRow({ source: 'c', type: 'ibuild' }), aRow({ type: 'test' })];
    expect(historyOf(rows)).toMatchObject({ size: 4, repeated: 0 });
  });
});

describe('a run that comes again', () => {
  const active = aRow({ outcome: 'pending', endedAt: undefined, seenAt: START + MINUTE });
  const ended = aRow({ outcome: 'failed', minutes: 5 });

  it('replaces an active copy of itself, in any order', () => {
    for (const rows of [
      [active, ended],
      [ended, active],
    ]) {
      const history = historyOf(rows);
      expect(history).toMatchObject({ size: 1, repeated: 1 });
      expect([history.outcomeOf(0), history.endedAt(0)]).toEqual(['failed', START + 5 * MINUTE]);
    }
  });

  it('counts with its earliest end: some systems move the last update long after it', () => {
    const later = aRow({ outcome: 'failed', minutes: 577_000 });
    expect(historyOf([ended, later]).endedAt(0)).toBe(START + 5 * MINUTE);
    expect(historyOf([later, ended]).endedAt(0)).toBe(START + 5 * MINUTE);
  });

  it('keeps what any copy knows: the longest silence, that it was held or cut, its limit', () => {
    const history = historyOf([
      { ...active, held: true, silence: 9000 },
      { ...active, seenAt: START + 2 * MINUTE, silence: 5000 },
      { ...ended, cut: true, limit: HOUR, silence: 10_000 },
    ]);
    expect(history.silenceOf(0)).toBe(10_000);
    expect([history.isHeld(0), history.isCut(0), history.limitOf(0)]).toEqual([true, true, HOUR]);
    const still = historyOf([active, { ...active, seenAt: START + 2 * MINUTE }, active]);
    expect([still.outcomeOf(0), still.endedAt(0)]).toEqual(['pending', START + 2 * MINUTE]);
  });
});
