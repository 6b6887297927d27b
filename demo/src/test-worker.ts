import { rename } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles the worker from the current sources, so that a test never forks a stale build; returns its path. */
export async function buildWorker(): Promise<string> {
  return buildScript('worker');
}

/** The same for a script that a test starts in its own process. Packages come from the last build. */
export async function buildScript(name: string): Promise<string> {
  const [entry, outfile] = [`${name}.ts`, `../dist/test/${name}.mjs`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  ) as [string, string];
  // Written beside and renamed: another test may be starting the file.
  const draft = `${outfile}.${process.pid}`;
  await build({
    entryPoints: [entry],
    outfile: draft,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  });
  await rename(draft, outfile);
  return outfile;
}
