import { formatDuration, formatInstant, type Instant } from '@tardy/core';
import { rateAtMost, type LearnedThreshold, type Proposal } from '@tardy/core/learn';
import { historyJson } from '../history/history-json.js';
import type { LearnFacts } from './learn-facts.js';
import { refusalWords } from './learn-words.js';
import { wornToWire } from './worn.js';

/** What was learned as JSON: `learn.schema.json` of core describes it. */
export function learnJson(
  { reading, lessons, rules, plan, worn, options, exitCode }: LearnFacts,
  generatedAt: Instant,
): unknown {
  const { runs, exceedances } = plan.expected;
  return {
    schema: 'tardy.learn/1',
    generated_at: formatInstant(generatedAt),
    complete: reading.complete,
    exit_code: exitCode,
    target: options.learning.targets,
    confidence: options.learning.confidence,
    history: historyJson(reading),
    proposals: lessons.flatMap(({ all, types, limits }) =>
      [all, ...types].map((proposal) => ({ ...proposalJson(proposal), limits })),
    ),
    rules: rules.map(({ rule }) => rule),
    worn: wornToWire(worn),
    plan: {
      changes: plan.changes.map(({ kind, rule, before }) => ({ kind, rule, before: before ?? null })),
      overridden: plan.overridden.map(({ proposal, threshold, rule }) => ({
        source: proposal.source,
        type: proposal.type ?? null,
        threshold,
        rule,
      })),
      expected: {
        runs,
        false_alarms: exceedances,
        false_alarms_per_1000: runs === 0 ? null : (1000 * exceedances) / runs,
        false_alarms_per_1000_at_most:
          runs === 0 ? null : 1000 * rateAtMost(exceedances, runs, options.learning.confidence),
      },
    },
  };
}

function proposalJson(proposal: Proposal) {
  const { source, type, clock, runs, days, from, to, leftOut, censored, limit, verdict } = proposal;
  return {
    source,
    type: type ?? null,
    clock,
    runs,
    days,
    from: from === undefined ? null : formatInstant(from),
    to: to === undefined ? null : formatInstant(to),
    left_out: leftOut,
    censored,
    limit_s: limit === undefined ? null : limit / 1000,
    learned: verdict.learned,
    late: verdict.learned ? thresholdJson(verdict.late) : null,
    stale: verdict.learned ? thresholdJson(verdict.stale) : null,
    refused: verdict.learned ? null : { reason: verdict.refusal.reason, message: refusalWords(verdict.refusal) },
  };
}

function thresholdJson({ value, share, bound, survival, margin, tested, by }: LearnedThreshold) {
  return {
    threshold: formatDuration(value),
    threshold_s: value / 1000,
    share,
    bound_s: bound.value / 1000,
    rank: bound.rank,
    is_longest: bound.isLongest,
    survival_s: survival === undefined ? null : survival / 1000,
    margin,
    tested: tested.runs,
    exceedances: tested.exceedances,
    by,
  };
}
