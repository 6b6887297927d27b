import { configDefaults, defineConfig } from 'vitest/config';
import { sourceAliases } from './scripts/workspace.mjs';

// Our own packages are read from their sources: the tests need no build.
// The other tests of the elements run in a browser: see scripts/wtr.mjs.
export default defineConfig({
  resolve: { alias: sourceAliases },
  test: {
    // Files share the modules of a worker, which halves the time: a test undoes what it changes outside itself.
    isolate: false,
    // Many files wait for processes and servers of their own.
    maxWorkers: '100%',
    // The checks and the browser tests run beside the unit tests.
    testTimeout: 30_000,
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
        // A host and its workers for each file, and one browser for all: one file after another.
        extends: true,
        test: {
          name: 'end to end',
          include: ['demo/src/e2e/**/*.test.ts'],
          globalSetup: 'demo/src/e2e/test-setup.ts',
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
