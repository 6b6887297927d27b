import { configDefaults, defineConfig } from 'vitest/config';
import { sourceAliases } from './scripts/workspace.mjs';

// Our own packages are read from their sources: the tests need no build.
// The other tests of the elements run in a browser: see scripts/wtr.mjs.
export default defineConfig({
  resolve: { alias: sourceAliases },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/{core,cli}/src/**/*.test.ts',
            'packages/elements/src/**/*.node.test.ts',
            'demo/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.mjs',
          ],
          exclude: [...configDefaults.exclude, '**/dist/**', 'demo/src/e2e/**'],
        },
      },
      {
        // Tests with a browser, a host and its workers each: one after another, once the others are done.
        extends: true,
        test: {
          name: 'end to end',
          include: ['demo/src/e2e/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
