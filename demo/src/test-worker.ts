import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles the worker as it stands in the sources, so that a test never forks a stale build; gives its path. */
export async function buildWorker(): Promise<string> {
  const [entry, outfile] = ['worker.ts', '../dist/test/worker.mjs'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  ) as [string, string];
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  return outfile;
}
