import type { Instant, Policy } from '@tardy/core';
import { DEFAULT_LEARN_OPTIONS, learn, learnedRules, wornRules, type WornRule } from '@tardy/core/learn';
import { readHistory, type HistoryReading } from '../history/read-history.js';
import { gapLines } from '../history/history-text.js';
import type { CliIo } from '../io.js';
import { clockOf, planOf, type Plan } from '../learn/plan.js';
import { changeLines, planWords, wornLines } from '../learn/plan-text.js';
import { wornToWire } from '../learn/worn.js';
import type { Terminal } from '../output/terminal.js';

/** How the learned rules of a policy compare with a history. */
export type LearnedComparison = {
  readonly reading: HistoryReading;
  readonly plan: Plan;
  readonly worn: readonly WornRule[];
};

/** How long each source may take that gives its history, in milliseconds. */
const TIMEOUT_MS = 600_000;

/**
 * Learns again from a history, the clocks that the policy has learned rules of, and compares.
 *
 * @throws {UsageError} for a history that cannot be used.
 */
export async function compareLearned(
  io: CliIo,
  policy: Policy,
  {
    history,
    historyAs,
    configPath,
    at,
    color,
  }: {
    readonly history: readonly string[];
    readonly historyAs: string | undefined;
    readonly configPath: string | undefined;
    readonly at: Instant | undefined;
    readonly color: boolean | undefined;
  },
): Promise<LearnedComparison> {
  const connecting = { configPath, at, color, timeoutMs: TIMEOUT_MS, allowHosts: [], caPath: undefined, debug: false };
  const options = { ...connecting, sinceMs: undefined, as: historyAs, columns: {} };
  const reading = await readHistory(io, history, options, undefined);
  const clocks = new Set(policy.document.rules.flatMap((rule) => (rule.learned === undefined ? [] : [clockOf(rule)])));
  const lessons = learn(reading.history, clocks.size === 0 ? ['run'] : [...clocks], DEFAULT_LEARN_OPTIONS);
  const rules = learnedRules(lessons, DEFAULT_LEARN_OPTIONS, at ?? io.now());
  return { reading, plan: planOf(policy, rules, lessons), worn: wornRules(reading.history, policy) };
}

/** The comparison for people: what learning again would change, and what no longer fits. */
export function learnedLines({ reading, plan, worn }: LearnedComparison, policy: Policy, terminal: Terminal): string[] {
  return [
    ...gapLines(reading.sources, terminal),
    ...wornLines(worn, policy, terminal),
    ...changeLines(plan, terminal),
    planWords(plan, DEFAULT_LEARN_OPTIONS),
  ];
}

/** The comparison as JSON. */
export function learnedJson({ reading, plan, worn }: LearnedComparison): unknown {
  return {
    complete: reading.complete,
    changes: plan.changes.map(({ kind, rule, before }) => ({ kind, rule, before: before ?? null })),
    worn: wornToWire(worn),
  };
}
