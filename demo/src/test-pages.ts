import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the pages from the current sources, so that a test never uses a stale build; returns their folder. */
export async function buildPages(): Promise<string> {
  const outDir = fileURLToPath(new URL('../dist/test/pages', import.meta.url));
  await build({
    configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { outDir },
  });
  return outDir;
}
