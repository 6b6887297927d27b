import { formatDuration, parseDuration, type Policy, type PolicyRule, type Run } from '@tardy/core';
import type { LearnedRule, Lesson, Proposal } from '@tardy/core/learn';

/** What becomes of one learned rule of a policy. */
export type Change = {
  readonly kind: 'add' | 'change' | 'keep' | 'remove';
  readonly rule: PolicyRule;
  /** The learned rule that stands there now. */
  readonly before: PolicyRule | undefined;
};

/** A threshold of a learned rule that a rule written by hand overrides. */
export type Overridden = { readonly proposal: Proposal; readonly threshold: string; readonly rule: string };

/** How a policy would change, and what may be expected of it. */
export type Plan = {
  readonly changes: readonly Change[];
  readonly refused: readonly Proposal[];
  readonly overridden: readonly Overridden[];
  /** What the thresholds of `stale`, learned day by day, would have done on the last days with runs. */
  readonly expected: { readonly runs: number; readonly exceedances: number };
};

/** Compares the learned rules of a policy with those that would take their place. */
export function planOf(policy: Policy, rules: readonly LearnedRule[], lessons: readonly Lesson[]): Plan {
  const before = policy.document.rules.filter(({ learned }) => learned !== undefined);
  const changes = rules.map(({ rule }): Change => {
    const old = before.find((one) => keyOf(one) === keyOf(rule));
    if (old === undefined) return { kind: 'add', rule, before: undefined };
    return { kind: thresholdsOf(old) === thresholdsOf(rule) ? 'keep' : 'change', rule, before: old };
  });
  const kept = new Set(rules.map(({ rule }) => keyOf(rule)));
  // What this history says nothing about stays as it is.
  const seen = new Set(lessons.map(({ source, clock }) => `${clock} ${source}`));
  const gone = before.filter(
    (rule) => !kept.has(keyOf(rule)) && seen.has(`${clockOf(rule)} ${String(rule.match['source'])}`),
  );
  return {
    changes: [...changes, ...gone.map((rule): Change => ({ kind: 'remove', rule, before: rule }))],
    refused: lessons.flatMap(({ all, types }) =>
      (types.length === 0 ? [all] : types).filter(({ verdict }) => !verdict.learned),
    ),
    overridden: rules.flatMap((one) => overriddenBy(policy, one)),
    expected: lessons.reduce(
      (sum, { lived, all }) => {
        const own = lived.stale.runs === 0 ? all.lived.stale : lived.stale;
        return { runs: sum.runs + own.runs, exceedances: sum.exceedances + own.exceedances };
      },
      { runs: 0, exceedances: 0 },
    ),
  };
}

/** The learned rules of the policy that a plan leaves as they are, because the history does not speak of them. */
export function untouched(policy: Policy, { changes }: Plan): PolicyRule[] {
  const touched = new Set(changes.map(({ rule }) => keyOf(rule)));
  return policy.document.rules.filter((rule) => rule.learned !== undefined && !touched.has(keyOf(rule)));
}

/** The thresholds of a rule in words: `late 15m, stale 31m`. */
export function thresholdsOf(rule: PolicyRule): string {
  const { late, stale } = rule[clockOf(rule)] ?? {};
  const shortest = (text = '') => formatDuration(parseDuration(text) ?? 0);
  return `late ${shortest(late)}, stale ${shortest(stale)}`;
}

/** The clock that a learned rule is about. */
export function clockOf(rule: PolicyRule): 'run' | 'queue' | 'silence' {
  return rule.run !== undefined ? 'run' : rule.queue !== undefined ? 'queue' : 'silence';
}

function keyOf(rule: PolicyRule): string {
  return JSON.stringify([clockOf(rule), rule.match['source'], rule.match['type']]);
}

/** Rules without `learned` that set the same threshold for the same runs. */
function overriddenBy({ document, thresholdsFor }: Policy, { proposal }: LearnedRule): Overridden[] {
  if (proposal.type === undefined) return [];
  const run: Run = {
    id: '',
    source: proposal.source,
    type: proposal.type,
    title: proposal.type,
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels: {},
  };
  const { rules } = thresholdsFor(run);
  return (['late', 'stale'] as const).flatMap((level) => {
    const threshold = `${proposal.clock}.${level}` as const;
    const index = Number(/^rules\[(\d+)\]/.exec(rules[threshold])?.[1] ?? NaN);
    const byHand = Number.isInteger(index) && document.rules[index]?.learned === undefined;
    return byHand ? [{ proposal, threshold, rule: rules[threshold] }] : [];
  });
}
