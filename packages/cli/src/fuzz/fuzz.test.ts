import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzzCase, startFuzzServer, stuckScenarios, type Fault, type FuzzServer } from './test-fuzz.js';
import { readScenarios } from './test-scenarios.js';

const CASES = Number(process.env['FUZZ_CASES'] ?? 500);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

let server: FuzzServer;

beforeAll(async () => {
  server = await startFuzzServer();
});

afterAll(() => server.close());

it(
  'a damaged response never crashes the check, never hangs it and never hides a stuck run',
  async () => {
    const scenarios = await stuckScenarios(server, await readScenarios());
    expect(new Set(scenarios.map(({ scenario }) => scenario.name.split('/', 1)[0])).size).toBeGreaterThan(14);
    expect(scenarios.length).toBeGreaterThan(20);
    const faults: Fault[] = [];
    for (let seed = SEED; seed < SEED + CASES; seed++) {
      const fault = await fuzzCase(server, scenarios, seed);
      if (fault !== undefined) faults.push(fault);
    }
    expect(faults).toEqual([]);
  },
  60_000 + CASES * 1000,
);
