import { classify, createPolicy, parseRun, present } from '@tardy/core';
import { NOW, randomFrom, wireRun } from './random-runs.mjs';

const RUNS = 1_000_000;
const ROUNDS = 5;

/** Judges and presents a million mixed runs on one core; the floor is one property read of each in the same loop. */
export function benchClassify() {
  const random = randomFrom(1);
  const runs = Array.from({ length: RUNS }, (_, index) => parsed(wireRun(index, random)));
  const policies = {
    'defaults only': createPolicy({ version: 1 }),
    '20 rules': createPolicy({
      version: 1,
      rules: Array.from({ length: 20 }, (_, index) => ({
        match: { type: ['backup', 'nightly-*', 'sync'][index % 3], tenant: `${index}*` },
        run: { late: '3h', stale: '8h' },
      })),
    }),
  };
  const rows = [];
  let sink = 0;
  const floor = best(() => {
    for (const run of runs) sink += run.attempt;
  });
  for (const [name, policy] of Object.entries(policies)) {
    const time = best(() => {
      for (const run of runs) if (classify(run, policy, NOW).state === 'late') sink++;
    });
    rows.push({
      what: `classify, ${name}`,
      millionRunsPerSecond: +(RUNS / time / 1000).toFixed(1),
      timesTheFloor: +(time / floor).toFixed(1),
    });
  }
  const policy = policies['defaults only'];
  const both = best(() => {
    for (const run of runs) sink += present(run, classify(run, policy, NOW), NOW).headline.length;
  }, 2);
  rows.push({
    what: 'classify + present',
    millionRunsPerSecond: +(RUNS / both / 1000).toFixed(2),
    timesTheFloor: +(both / floor).toFixed(1),
  });
  if (sink === 0) throw new Error('the loops were optimised away');
  return rows;
}

function parsed(wire) {
  const result = parseRun(wire, 'host');
  if (!result.ok) throw new Error(result.issue.reason);
  return result.run;
}

/** The best of several rounds, in milliseconds: the least disturbed one. */
function best(work, rounds = ROUNDS) {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
