import { formatDuration } from '../duration.js';
import type { PolicyRule } from '../policy-document.js';
import type { Proposal } from './proposal.js';
import type { SourceLesson } from './source-learner.js';

/** The rules that lessons propose, in the order of a policy: those for all types of a source first, since later rules override. */
export function learnedRules(lessons: readonly SourceLesson[]): PolicyRule[] {
  return [
    ...lessons.flatMap(({ all }) => ruleOf(all)),
    ...lessons.flatMap(({ types }) => [...types].sort(globsFirst).flatMap(ruleOf)),
  ];
}

function ruleOf({ source, type, clock, verdict }: Proposal): PolicyRule[] {
  if (!verdict.learned) return [];
  const match = type === undefined ? { source } : { source, type };
  const thresholds = { late: formatDuration(verdict.late.value), stale: formatDuration(verdict.stale.value) };
  return [{ match, [clock]: thresholds }];
}

/** A type whose name contains `*` or `?` matches others too, which have their own rules after it. */
function globsFirst(one: Proposal, other: Proposal): number {
  return Number(isGlob(other)) - Number(isGlob(one));
}

function isGlob({ type = '' }: Proposal): boolean {
  return type.includes('*') || type.includes('?');
}
