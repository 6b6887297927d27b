import type { Policy, Run } from '@tardy/core';

/** What a report says about such a policy, so that it cannot silence a check unnoticed. */
export const JUDGES_NOTHING =
  'The policy sets every time limit to never: only a flag or a missed deadline can make a run late or stuck.';

/** Whether a policy sets every time limit to `never`, apart from rules for some runs only. */
export function judgesNothing(policy: Policy): boolean {
  const { queueLate, runLate, silenceLate, holdLate } = policy.thresholdsFor(ANY_RUN);
  return [queueLate, runLate, silenceLate, holdLate].every((ms) => ms === Infinity);
}

/** Only rules for all runs match it. */
const ANY_RUN: Run = {
  id: '',
  source: '',
  type: '',
  title: '',
  status: 'running',
  outcome: 'pending',
  attempt: 1,
  labels: {},
};
