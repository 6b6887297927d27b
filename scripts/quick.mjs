// npm run test:quick: the inner loop, in less than a minute. Types, and the unit tests of vitest.quick.config.ts.
// Arguments go to vitest: `npm run test:quick -- --changed` or `npm run test:quick -- packages/cli`.
import { spawnSync } from 'node:child_process';
import { printStep } from './counts.mjs';
import { runTool, toolPath } from './tool.mjs';
import { root } from './workspace.mjs';

const types = runTool('tsc', ['-b']);
printStep({ name: 'types', ok: types.ok, detail: types.detail });
const args = [
  'run',
  '--config=vitest.quick.config.ts',
  '--reporter=dot',
  '--passWithNoTests',
  ...process.argv.slice(2),
];
const { status } = spawnSync(process.execPath, [toolPath('vitest'), ...args], { cwd: root, stdio: 'inherit' });
process.exitCode = types.ok && status === 0 ? 0 : 1;
