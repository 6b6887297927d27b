// npm run fuzz -- --cases 10000 --seed 1: damages recorded responses of every source and checks that `tardy check` neither crashes,
// hangs, nor ends with 0 while a stuck run was hidden. --sweep also replaces every value of every response by each other type, which
// takes hours. Prints the faults and their counts.
import { parseArgs } from 'node:util';
import { runTool } from './tool.mjs';

const { values } = parseArgs({
  options: { cases: { type: 'string' }, seed: { type: 'string' }, sweep: { type: 'boolean', default: false } },
});
const env = {
  ...process.env,
  FUZZ_CASES: values.cases ?? '10000',
  FUZZ_SEED: values.seed ?? '1',
  ...(values.sweep ? { FUZZ_SWEEP: '1' } : {}),
  NO_COLOR: '1',
};
const { ok, detail } = runTool('vitest', ['run', '--project', 'unit', 'packages/cli/src/fuzz/fuzz.test.ts'], { env });
process.stdout.write(detail);
process.exitCode = ok ? 0 : 1;
