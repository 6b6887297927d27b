import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the pages from the sources as they stand, so that a test never shows a stale build; gives their folder. */
export async function buildPages(): Promise<string> {
  const outDir = fileURLToPath(new URL('../dist/test/pages', import.meta.url));
  await build({
    configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { outDir },
  });
  return outDir;
}
