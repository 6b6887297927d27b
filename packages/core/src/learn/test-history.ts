import { DAY, HOUR, MINUTE } from '../test-runs.js';
import type { HistoryRow } from './history-row.js';
import { History } from './history.js';

export const START = Date.UTC(2026, 0, 5);

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A row that succeeded after some minutes. */
export function aRow(overrides: Partial<HistoryRow> & { readonly minutes?: number } = {}): HistoryRow {
  const { minutes = 10, ...fields } = overrides;
  const startedAt = fields.startedAt ?? START;
  return {
    source: 'ci',
    type: 'build',
    id: '1',
    attempt: 1,
    startedAt,
    endedAt: startedAt + minutes * MINUTE,
    outcome: 'succeeded',
    ...fields,
  };
}

export function historyOf(rows: Iterable<HistoryRow>): History {
  const history = new History();
  for (const row of rows) history.add(row);
  return history;
}

/**
 * Runs of one type as a CI system has them: so many a day, log-normal durations around `median` minutes. Every `hangEvery`-th one hangs until
 * the limit of 6 h.
 */
export function ciRows({
  type = 'build',
  days = 100,
  perDay = 20,
  median = 10,
  sigma = 0.2,
  hangEvery = Infinity,
  seed = 1,
  limited = true,
} = {}): HistoryRow[] {
  const random = seeded(seed);
  return Array.from({ length: days * perDay }, (_, index) => {
    const startedAt = START + Math.floor(index / perDay) * DAY + ((index % perDay) * DAY) / perDay / 2;
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const hangs = (index + 1) % hangEvery === 0;
    const endedAt = startedAt + (hangs ? 6 * HOUR + MINUTE : Math.round(median * MINUTE * Math.exp(sigma * normal)));
    const outcome = hangs || random() < 0.1 ? 'failed' : 'succeeded';
    return aRow({ type, id: `${type} ${index}`, startedAt, endedAt, outcome, limit: limited ? 6 * HOUR : undefined });
  });
}
