import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { sourceAliases } from '../scripts/workspace.mjs';

// The server writes the pages: Vite builds what they load, and a manifest that says how the files are called.
export default defineConfig({
  root: fileURLToPath(new URL('pages', import.meta.url)),
  // Our own packages are read from their sources: a page never holds a stale build.
  resolve: { alias: sourceAliases },
  build: {
    outDir: fileURLToPath(new URL('dist/pages', import.meta.url)),
    emptyOutDir: true,
    manifest: true,
    // The polyfill would be a script inside the page.
    modulePreload: { polyfill: false },
    rollupOptions: { input: fileURLToPath(new URL('pages/main.ts', import.meta.url)) },
  },
});
