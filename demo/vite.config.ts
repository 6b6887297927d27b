import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { sourceAliases } from '../scripts/workspace.mjs';

// The server writes the pages: Vite builds what they load, and a manifest with the names of the files.
export default defineConfig({
  root: fileURLToPath(new URL('pages', import.meta.url)),
  // Our own packages are read from source, so a page never has a stale build.
  resolve: { alias: sourceAliases },
  build: {
    outDir: fileURLToPath(new URL('dist/pages', import.meta.url)),
    emptyOutDir: true,
    manifest: true,
    // The polyfill would be an inline script.
    modulePreload: { polyfill: false },
    rollupOptions: { input: fileURLToPath(new URL('pages/main.ts', import.meta.url)) },
  },
});
