import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path of a file in this folder. */
export const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The command line as users run it. */
export const TARDY = fileURLToPath(new URL('../packages/cli/bin/tardy.mjs', import.meta.url));

/** Runs a command to its end: wall time in milliseconds, its output and its exit code. */
export function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ms: performance.now() - start, out, err, code }));
  });
}

/** The same for a Node script, with its peak memory in MB. */
export async function runNode(args) {
  const folder = mkdtempSync(join(tmpdir(), 'tardy-bench-'));
  const file = join(folder, 'peak');
  try {
    const result = await run(process.execPath, ['--import', here('peak-memory.mjs'), ...args], {
      BENCH_PEAK_FILE: file,
    });
    return { ...result, peakMb: Math.round(Number(readFileSync(file, 'utf8'))) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The median of several measurements. */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** A number rounded to the given decimal places. */
export function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}
