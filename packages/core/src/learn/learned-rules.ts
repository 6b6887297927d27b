import { formatDuration } from '../duration.js';
import { formatInstant } from '../instant.js';
import type { Learned } from '../learned.js';
import type { PolicyRule } from '../policy-document.js';
import type { Instant } from '../run.js';
import type { LearnOptions } from './levels.js';
import type { Proposal } from './proposal.js';
import type { SourceLesson } from './source-learner.js';

const SECOND = 1000;

/** A proposal and the rule that it becomes. */
export type LearnedRule = { readonly proposal: Proposal; readonly rule: PolicyRule };

/**
 * The rules that lessons propose, in the order of a policy: those for all types of a source first, since later rules override.
 *
 * @param at when they were learned. Without it they do not say where they come from.
 */
export function learnedRules(
  lessons: readonly SourceLesson[],
  options: LearnOptions,
  at?: Instant,
): readonly LearnedRule[] {
  const proposals = [...lessons.map(({ all }) => all), ...lessons.flatMap(({ types }) => [...types].sort(globsFirst))];
  return proposals.flatMap((proposal) => ruleOf(proposal, options, at));
}

function ruleOf(proposal: Proposal, { targets }: LearnOptions, at: Instant | undefined): LearnedRule[] {
  const { source, type, clock, verdict, runs, from, took } = proposal;
  if (!verdict.learned) return [];
  const match = type === undefined ? { source } : { source, type };
  const thresholds = { late: formatDuration(verdict.late.value), stale: formatDuration(verdict.stale.value) };
  const rule: PolicyRule = { match, [clock]: thresholds };
  if (at === undefined) return [{ proposal, rule }];
  const learned: Learned = {
    at: dayOf(at),
    since: dayOf(from ?? at),
    runs,
    target: targets,
    took:
      clock === 'run' && type !== undefined ? took.map((ms) => formatDuration(Math.round(ms / SECOND) * SECOND)) : [],
  };
  return [{ proposal, rule: { ...rule, learned } }];
}

function dayOf(at: Instant): string {
  return formatInstant(at).slice(0, 'yyyy-mm-dd'.length);
}

/** A type whose name contains `*` or `?` matches others too, which have their own rules after it. */
function globsFirst(one: Proposal, other: Proposal): number {
  return Number(isGlob(other)) - Number(isGlob(one));
}

function isGlob({ type = '' }: Proposal): boolean {
  return type.includes('*') || type.includes('?');
}
