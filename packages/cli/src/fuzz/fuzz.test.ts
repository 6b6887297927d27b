import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  fuzzCase,
  seededCase,
  startFuzzServer,
  stuckScenarios,
  type Fault,
  type FuzzCase,
  type FuzzServer,
  type Stuck,
} from './test-fuzz.js';
import { readScenarios } from './test-scenarios.js';
import { sweep } from './test-sweep.js';

const CASES = Number(process.env['FUZZ_CASES'] ?? 500);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

/** The sweep goes over every value in so many passes, each of which goes over all responses. */
const PASSES = 400;
const SWEEPS = process.env['FUZZ_SWEEP'] === undefined ? 1 : PASSES;

let server: FuzzServer;
let scenarios: readonly Stuck[];

beforeAll(async () => {
  server = await startFuzzServer();
  scenarios = await stuckScenarios(server, await readScenarios());
}, 120_000);

afterAll(() => server.close());

it('damages sources of every kind that have a stuck run', () => {
  expect(new Set(scenarios.map(({ scenario }) => scenario.name.split('/', 1)[0])).size).toBeGreaterThan(20);
  expect(scenarios.length).toBeGreaterThan(150);
});

it(
  'a damaged response never crashes the check, never hangs it and never hides a stuck run',
  async () => {
    const cases = Array.from({ length: CASES }, (_, index) => seededCase(scenarios, SEED + index));
    expect(await faultsOf(cases)).toEqual([]);
  },
  60_000 + CASES * 1000,
);

it(
  'no value of any response hides a stuck run by being of another type',
  async () => {
    for (let pass = 0; pass < SWEEPS; pass++) expect(await faultsOf(sweep(scenarios, PASSES, pass))).toEqual([]);
  },
  60_000 + SWEEPS * 300_000,
);

async function faultsOf(cases: Iterable<FuzzCase>): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  for (const one of cases) {
    const fault = await fuzzCase(server, one);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}
