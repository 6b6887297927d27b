import { expect, it } from 'vitest';
import type { PolicyRule } from '../policy-document.js';
import { createPolicy } from '../policy.js';
import { DAY, MINUTE } from '../test-runs.js';
import { wornRules } from './drift.js';
import { aRow, historyOf, START } from './test-history.js';

const LEARNED = { at: '2026-01-05', since: '2025-10-01', runs: 400, target: { late: 0.005, stale: 0.001 }, took: [] };
const policy = (rule: Partial<PolicyRule> = {}) =>
  createPolicy({
    version: 1,
    rules: [{ match: { source: 'ci', type: 'build' }, run: { late: '15m', stale: '30m' }, learned: LEARNED, ...rule }],
  });

/** 400 runs from the day after the rule was learned, the first ones of `long` minutes. */
const runs = (long: readonly number[], startedAt = START + DAY, outcome: 'succeeded' | 'cancelled' = 'succeeded') =>
  historyOf(
    Array.from({ length: 400 }, (_, index) =>
      aRow({ id: String(index), startedAt, minutes: long[index] ?? 10, outcome }),
    ),
  );

it('a rule is worn when more runs passed it than its promise allows', () => {
  expect(wornRules(runs([40, 40, 40, 40]), policy())).toEqual([
    { rule: 0, level: 'stale', since: '2026-01-05', target: 0.001, runs: 400, exceedances: 4 },
  ]);
  expect(wornRules(runs(Array.from({ length: 9 }, () => 20)), policy())).toMatchObject([
    { level: 'late', exceedances: 9, target: 0.005 },
  ]);
});

it.each([
  ['it promised no better', runs([40, 40]), policy()],
  ['the runs were there before', runs([40, 40, 40, 40], START + DAY - MINUTE), policy()],
  ['somebody cancelled them', runs([40, 40, 40, 40], START + DAY, 'cancelled'), policy()],
  ['they took a minute less', runs([29, 29, 29, 29]), policy()],
  ['it was written by hand', runs([40, 40, 40, 40]), policy({ learned: undefined })],
  ['it is for others', runs([40, 40, 40, 40]), policy({ match: { type: 'other' } })],
])('a rule still fits where %s', (_, history, one) => {
  expect(wornRules(history, one).filter(({ level }) => level === 'stale')).toEqual([]);
});
