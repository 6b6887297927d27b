import { configDefaults, defineConfig } from 'vitest/config';
import { sourceAliases } from './scripts/workspace.mjs';

// The unit tests that need neither a build, a browser nor a database server: for the inner loop and for mutation tests.
export default defineConfig({
  resolve: { alias: sourceAliases },
  test: {
    isolate: false,
    testTimeout: 30_000,
    include: ['packages/{core,cli}/src/**/*.test.ts', 'scripts/**/*.test.mjs'],
    exclude: [
      ...configDefaults.exclude,
      '**/dist/**',
      '**/built.test.ts',
      'packages/core/src/sql/compile-policy*.test.ts',
      'scripts/gallery.test.mjs',
    ],
  },
});
