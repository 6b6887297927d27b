import { describe, expect, it } from 'vitest';
import { createPolicy, type Policy } from '../policy.js';
import { DAY, HOUR, MINUTE } from '../test-runs.js';
import type { BacktestOptions } from './backtest-options.js';
import { backtest } from './backtest.js';
import type { Candidate } from './candidate.js';
import type { HistoryRow } from './history-row.js';
import { DEFAULT_LEARN_OPTIONS } from './levels.js';
import type { ReplayedAlarm } from './replay.js';
import { aRow, ciRows, historyOf, START } from './test-history.js';

const WEEKLY: Candidate = {
  kind: 'relearned',
  name: 'weekly',
  options: DEFAULT_LEARN_OPTIONS,
  every: 7 * DAY,
  keepCut: false,
};

function fixed(late: string, stale: string): Candidate {
  const policy: Policy = createPolicy({ version: 1, defaults: { run: { late, stale }, queue: { late, stale } } });
  return { kind: 'fixed', name: `${late} ${stale}`, policy };
}

function tested(rows: readonly HistoryRow[], candidate: Candidate, options: Partial<BacktestOptions> = {}) {
  const alarms: ReplayedAlarm[] = [];
  const result = backtest(historyOf(rows), [candidate], {
    clock: 'run',
    skip: 0,
    inject: false,
    onAlarm: (alarm) => void alarms.push(alarm),
    ...options,
  });
  return { result, alarms, levels: result.candidates[0]?.levels };
}

const row = (id: string, fields: Partial<HistoryRow> & { minutes?: number }) =>
  aRow({ id, limit: 6 * HOUR, ...fields });

describe('a fixed policy', () => {
  const rows = [
    row('short', { minutes: 5 }),
    row('to the minute', { minutes: 30 }),
    row('long', { minutes: 31, outcome: 'failed' }),
    row('longest', { minutes: 120 }),
    row('hung', { minutes: 361, outcome: 'failed' }),
    row('cancelled early', { minutes: 20, outcome: 'cancelled' }),
    row('cancelled late', { minutes: 200, outcome: 'cancelled' }),
    row('held', { minutes: 9000, outcome: 'failed' }),
    row('active', { outcome: 'pending', endedAt: undefined, seenAt: START + 3 * HOUR }),
    row('skipped', { outcome: 'skipped' }),
    row('never started', { startedAt: undefined, endedAt: START }),
  ];

  it('is judged by runs that ended by themselves and by those that hung', () => {
    const { result, levels } = tested(rows, fixed('30m', '1h'));
    expect(levels?.stale).toMatchObject({ runs: 4, falseAlarms: 1, hangs: 1, hangsCaught: 1, cancelledPast: 1 });
    expect(levels?.late).toMatchObject({ runs: 4, falseAlarms: 3, hangs: 1, hangsCaught: 1, cancelledPast: 1 });
    expect(levels?.stale).toMatchObject({ medianDelay: HOUR, medianLead: 301 * MINUTE, refusedShare: 0 });
    expect(levels?.late).toMatchObject({ medianDelay: 30 * MINUTE, medianLead: 331 * MINUTE });
    expect(result).toMatchObject({ replayed: 10, from: START, to: START });
    expect(result.endings).toEqual({ ended: 4, cut: 1, cancelled: 2, held: 1, active: 1, skipped: 1 });
  });

  it('names each alarm, when, by which rule, and what became of the run', () => {
    const { alarms } = tested(rows, fixed('1h', '3h'));
    expect(alarms.map(({ id, level, meaning, outcome }) => [id, level, meaning, outcome])).toEqual([
      ['longest', 'late', 'ended', 'succeeded'],
      ['hung', 'late', 'hang', 'failed'],
      ['hung', 'stale', 'hang', 'failed'],
      ['cancelled late', 'late', 'cancelled', 'cancelled'],
      ['cancelled late', 'stale', 'cancelled', 'cancelled'],
    ]);
    expect(alarms[2]).toMatchObject({
      at: START + 3 * HOUR,
      thresholdMs: 3 * HOUR,
      rule: 'defaults.run.stale',
      startedAt: START,
      endedAt: START + 361 * MINUTE,
      source: 'ci',
      type: 'build',
      attempt: 1,
      candidate: 0,
    });
  });

  it('that has no threshold refuses', () => {
    const { levels } = tested(rows, fixed('30m', 'never'));
    expect(levels?.stale).toMatchObject({
      runs: 0,
      falseAlarms: 0,
      hangsCaught: 0,
      refusedShare: 1,
      medianDelay: undefined,
    });
    expect(levels?.late).toMatchObject({ runs: 4, refusedShare: 0 });
  });

  it('proves its rate with what the runs can show', () => {
    const many = Array.from({ length: 3000 }, (_, index) => row(String(index), {}));
    expect(tested(many, fixed('30m', '1h')).levels?.stale.falseRateAtMost).toBeCloseTo(0.000998, 6);
  });

  it('catches injected endless runs until their system would end them', () => {
    const injected = (stale: string, fields: Partial<HistoryRow>) =>
      tested([row('a', fields), row('b', { ...fields, outcome: 'cancelled' })], fixed('1m', stale), { inject: true })
        .levels?.stale.injected;
    expect(injected('1h', {})).toEqual({ runs: 1, caught: 1, withinHour: 1 });
    expect(injected('2h', {})).toEqual({ runs: 1, caught: 1, withinHour: 0 });
    expect(injected('7h', {})).toEqual({ runs: 1, caught: 0, withinHour: 0 });
    expect(injected('7h', { limit: undefined })).toEqual({ runs: 1, caught: 1, withinHour: 0 });
    expect(injected('never', {})).toEqual({ runs: 0, caught: 0, withinHour: 0 });
  });

  it('can be replayed on the queue, for first attempts', () => {
    const queued = [
      row('a', { queuedAt: START - 20 * MINUTE }),
      row('b', { queuedAt: START - 5 * MINUTE, outcome: 'cancelled' }),
      row('c', { queuedAt: START - DAY, attempt: 2 }),
      row('d', { queuedAt: START - DAY, outcome: 'skipped' }),
      row('e', {}),
    ];
    const { levels, alarms } = tested(queued, fixed('10m', '30m'), { clock: 'queue' });
    expect(levels?.late).toMatchObject({ runs: 2, falseAlarms: 1 });
    expect(levels?.stale).toMatchObject({ runs: 2, falseAlarms: 0 });
    expect(alarms[0]).toMatchObject({
      id: 'a',
      rule: 'defaults.queue.late',
      startedAt: START - 20 * MINUTE,
      endedAt: START,
    });
  });

  it('is not judged by limits that somebody asked for, unless the source says that the run was stuck', () => {
    const killed = Array.from({ length: 40 }, (_, index) =>
      row(String(index), { outcome: 'failed', limit: (1 + (index % 2)) * HOUR, minutes: 60 * (1 + (index % 2)) }),
    );
    const { levels, result } = tested([...killed, row('stuck', { minutes: 90, cut: true })], fixed('10m', '30m'));
    expect(result.endings).toEqual({ cut: 41 });
    expect(levels?.stale).toMatchObject({ runs: 0, hangs: 1, hangsCaught: 1 });
  });
});

describe('rules that are learned again and again', () => {
  const rows = [
    ...ciRows({ type: 'build', days: 120, hangEvery: 150 }),
    ...ciRows({ type: 'test', days: 120, median: 40, seed: 2 }),
    ...ciRows({ type: 'rare', days: 10, perDay: 1, median: 20, seed: 3 }),
  ];

  it('catch what hangs and leave the rest alone', () => {
    const { levels, result } = tested(rows, WEEKLY, { skip: 0.2, inject: true });
    expect(levels?.stale).toMatchObject({ falseAlarms: 0, refusedShare: 0 });
    expect(levels?.stale.hangs).toBeGreaterThan(10);
    expect(levels?.stale.hangsCaught).toBe(levels?.stale.hangs);
    expect(levels?.stale.medianDelay).toBeLessThan(35 * MINUTE);
    expect((levels?.late.falseAlarms ?? NaN) / (levels?.late.runs ?? NaN)).toBeLessThan(0.005);
    expect(levels?.stale.injected?.caught).toBe(levels?.stale.injected?.runs);
    expect(result.replayed).toBe(Math.ceil(0.8 * rows.length));
  });

  it('do nearly as well while hung runs stay in what they learn from', () => {
    const { levels } = tested(rows, { ...WEEKLY, keepCut: true }, { skip: 0.2 });
    expect(levels?.stale.hangsCaught).toBe(levels?.stale.hangs);
    expect(levels?.stale.falseAlarms).toBe(0);
  });

  it('never judge a run by what came after it', () => {
    const early = ciRows({ days: 60 });
    const changed = early.map((one, index) =>
      index < 900 ? one : { ...one, endedAt: (one.startedAt ?? 0) + 3 * HOUR },
    );
    const before = (rows: readonly HistoryRow[]) =>
      tested(rows, WEEKLY, { skip: 0.2 }).alarms.filter(({ startedAt }) => startedAt < (changed[900]?.startedAt ?? 0));
    expect(before(changed)).toEqual(before(early));
  });

  it('follow work that grows slower over the months', () => {
    const growing = ciRows({ days: 300, perDay: 10 }).map((one, index) => {
      const minutes = 10 + index / 100;
      return { ...one, endedAt: (one.startedAt ?? 0) + minutes * MINUTE, outcome: 'succeeded' as const };
    });
    expect(tested(growing, WEEKLY, { skip: 0.2 }).levels?.stale.falseAlarms).toBe(0);
    const once = tested(growing, { ...WEEKLY, every: Infinity }, { skip: 0.2 }).levels?.stale;
    expect(once?.falseAlarms).toBeGreaterThan(0);
  });

  it('refuse what nothing is known of', () => {
    const { levels } = tested(ciRows({ days: 3 }), WEEKLY, { skip: 0.2 });
    expect(levels?.stale).toMatchObject({ runs: 0, refusedShare: 1 });
  });

  it('are learned for each source by itself', () => {
    const other = ciRows({ days: 120, median: 100, seed: 4 }).map((one) => ({ ...one, source: 'other' }));
    const { levels } = tested([...rows, ...other], WEEKLY, { skip: 0.2 });
    expect(levels?.stale).toMatchObject({ falseAlarms: 0 });
    expect(levels?.stale.medianDelay).toBeLessThan(35 * MINUTE);
  });
});

it('an empty history gives an empty result', () => {
  const { result, levels } = tested([], WEEKLY, { skip: 0.2, inject: true });
  expect(result).toMatchObject({ replayed: 0, from: undefined, to: undefined });
  expect(levels?.stale).toMatchObject({ runs: 0, refusedShare: 0, medianDelay: undefined });
});
