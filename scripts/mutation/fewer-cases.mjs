// Stands in for fast-check in mutation tests: the same cases each time, few of them, and no search for the smallest one. A
// mutant that only many cases would find counts as a survivor.
import fc from '../../node_modules/fast-check/lib/fast-check.js';

export * from '../../node_modules/fast-check/lib/fast-check.js';

const MOST_RUNS = Number(process.env.MUTATE_CASES ?? 40);

export function assert(property, parameters = {}) {
  const numRuns = Math.min(parameters.numRuns ?? MOST_RUNS, MOST_RUNS);
  return fc.assert(property, { ...parameters, numRuns, seed: 1, endOnFailure: true });
}

// eslint-disable-next-line import/no-default-export -- as fast-check has one
export default { ...fc, assert };
