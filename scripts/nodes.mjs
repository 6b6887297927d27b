// npm run test:nodes: the unit tests and the built command line on other versions of Node than the one that npm test runs
// on: its floor is 20.19. The npm package `node` brings them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, printStep } from './counts.mjs';
import { capture, toolPath } from './tool.mjs';
import { root } from './workspace.mjs';

const VERSIONS = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24'];

const counts = { passed: 0, failed: 0 };
for (const version of VERSIONS) {
  const node = install(version);
  report(`Node ${capture(node, ['--version']).stdout.trim()}`, existsSync(node));
  report(
    `unit tests on Node ${version}`,
    run(node, [toolPath('vitest'), 'run', '--config=vitest.quick.config.ts', '--reporter=dot']),
  );
  report(`command line on Node ${version}`, run(node, ['packages/cli/bin/tardy.mjs', '--version']));
}
finish([counts]);

/** The path of that Node, installed where it does not get in the way of ours. */
function install(version) {
  const folder = join(root, 'node_modules/.cache/nodes', version);
  const node = join(folder, 'node_modules/node/bin/node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  // Else npm takes the workspace for the project.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const { ok, detail } = capture('npm', ['install', '--no-save', '--no-audit', '--no-fund', `node@${version}`], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
  if (!ok) process.stderr.write(detail);
  return node;
}

function run(node, args) {
  return spawnSync(node, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

function report(name, ok) {
  printStep({ name, ok });
  counts[ok ? 'passed' : 'failed'] += 1;
}
