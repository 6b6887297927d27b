import { describe, expect, it } from 'vitest';
import { deSurfaces } from './messages/de-surfaces.js';
import { enDetailMessages } from './messages/en-detail-messages.js';
import { en } from './messages/en.js';
import { createPolicy } from './policy.js';
import { presentHistory, runHistory } from './run-history.js';
import type { Run } from './run.js';
import { MINUTE } from './test-runs.js';

const NOW = Date.UTC(2026, 10, 23, 9);
const TOOK = ['40s', '5m', '6m', '8m', '9m', '10m', '12m', '13m', '14m', '15m', '21m'];
const learned = (runs: number, took = TOOK) => ({
  at: '2026-11-01',
  since: '2026-08-01',
  runs,
  target: { late: 0.005, stale: 0.001 },
  took,
});
const policy = createPolicy({
  version: 1,
  rules: [
    { match: { source: 'ci' }, run: { late: '1h', stale: '2h' }, learned: learned(5000, []) },
    { match: { source: 'ci', type: 'b*' }, run: { late: '15m', stale: '31m' }, learned: learned(812) },
    { match: { type: 'build' }, run: { late: '1h', stale: '9h' } },
  ],
});

const running = (ms: number, more: Partial<Run> = {}): Run => ({
  id: '1',
  source: 'ci',
  type: 'build',
  title: 'Build',
  status: 'running',
  outcome: 'pending',
  startedAt: NOW - ms,
  attempt: 1,
  labels: {},
  ...more,
});

describe('a run among earlier ones of its type', () => {
  it.each([
    { ms: 39_000, share: 0, words: 'Shorter than all 812 earlier runs of its type' },
    { ms: 40_000, share: 0, words: 'Shorter than all 812 earlier runs of its type' },
    { ms: 40_001, share: 0, words: 'Shorter than 90% of 812 earlier runs of its type' },
    { ms: 8 * MINUTE, share: 0.25, words: 'Longer than 25% of 812 earlier runs of its type' },
    { ms: 8 * MINUTE + 1, share: 0.5, words: 'Longer than 50% of 812 earlier runs of its type' },
    { ms: 15 * MINUTE + 1, share: 0.999, words: 'Longer than 99.9% of 812 earlier runs of its type' },
    { ms: 21 * MINUTE, share: 0.999, words: 'Longer than 99.9% of 812 earlier runs of its type' },
    { ms: 21 * MINUTE + 1, share: 1, words: 'Longer than all 812 earlier runs of its type' },
  ])('after $ms ms is $words', ({ ms, share, words }) => {
    const history = runHistory(running(ms), policy, NOW);
    expect(history).toMatchObject({ elapsed: ms, share, runs: 812, since: '2026-08-01' });
    if (history === undefined) throw new Error('no history');
    expect(presentHistory(history, enDetailMessages.history, en)).toEqual({
      headline: words,
      usual: 'Half of them took up to 8 min, 99% up to 13 min',
    });
  });

  it('counts until its end once it has one', () => {
    const ended = running(60 * MINUTE, { status: 'completed', outcome: 'succeeded', endedAt: NOW - 53 * MINUTE });
    expect(runHistory(ended, policy, NOW)).toMatchObject({ elapsed: 7 * MINUTE, share: 0.25 });
  });

  it.each([
    ['it has not started', running(0, { status: 'queued', startedAt: undefined })],
    ['it starts in the future', running(-1)],
    ['its end is unknown', running(MINUTE, { status: 'completed', outcome: 'unknown' })],
    ['nothing was learned about its type', running(MINUTE, { type: 'deploy' })],
    ['its source is another', running(MINUTE, { source: 'host' })],
  ])('is nothing where %s', (_, run) => {
    expect(runHistory(run, policy, NOW)).toBeUndefined();
  });

  it('comes in German', () => {
    const history = runHistory(running(9 * MINUTE + 1), policy, NOW);
    if (history === undefined) throw new Error('no history');
    expect(
      presentHistory({ ...history, runs: 81_200 }, deSurfaces.detail.history, { ...en, locale: 'de' }).headline,
    ).toBe('Länger als 75\u00A0% der 81.200 früheren Läufe dieses Typs');
  });
});
