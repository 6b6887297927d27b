import { classify, type Freshness } from './classify.js';
import type { PolicyDocument } from './policy-document.js';
import { createPolicy } from './policy.js';
import type { Instant, Run } from './run.js';

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
export const NOW: Instant = Date.UTC(2026, 10, 23, 9);

/** The built-in policy. */
export const POLICY = createPolicy({ version: 1 });

/** A policy with these defaults. */
export function policyWith(defaults: NonNullable<PolicyDocument['defaults']>) {
  return createPolicy({ version: 1, defaults });
}

/** A running run without any instant. */
export function aRun(overrides: Partial<Run> = {}): Run {
  return {
    id: '1',
    source: 'ci',
    type: 'sync',
    title: 'Sync',
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels: {},
    ...overrides,
  };
}

/** A queued run without any instant. */
export function aQueuedRun(overrides: Partial<Run> = {}): Run {
  return aRun({ status: 'queued', ...overrides });
}

/** A run that has succeeded, without any instant. */
export function anEndedRun(overrides: Partial<Run> = {}): Run {
  return aRun({ status: 'completed', outcome: 'succeeded', ...overrides });
}

/** A run with its verdict at `NOW`. */
export function judged(run: Run, policy = POLICY): { readonly run: Run; readonly freshness: Freshness } {
  return { run, freshness: classify(run, policy, NOW) };
}
