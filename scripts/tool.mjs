// Runs the command-line tools of node_modules with the current Node: neither pnpm nor a PATH is needed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/** Runs a tool and captures what it prints; `ok` is its exit code being 0. */
export function runTool(name, args, options = {}) {
  return capture(process.execPath, [toolPath(name), ...args], options);
}

/** Runs any program and captures what it prints. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, ...options });
  const detail = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? `${result.error.message}\n` : ''}`;
  return { ok: result.status === 0, stdout: result.stdout ?? '', detail };
}

/** The script of a tool, taken from its package. */
export function toolPath(name) {
  const [packageName, binary, workspace = '.'] = TOOLS[name];
  const directory = join(root, workspace, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return join(directory, typeof bin === 'string' ? bin : bin[binary]);
}

const TOOLS = {
  attw: ['@arethetypeswrong/cli', 'attw'],
  knip: ['knip', 'knip'],
  oxlint: ['oxlint', 'oxlint'],
  prettier: ['prettier', 'prettier'],
  publint: ['publint', 'publint'],
  tsc: ['typescript', 'tsc'],
  vite: ['vite', 'vite', 'demo'],
  vitest: ['vitest', 'vitest'],
};
