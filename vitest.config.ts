import { configDefaults, defineConfig } from 'vitest/config';
import { sourceAliases } from './scripts/workspace.mjs';

// Our own packages are read from their sources: the tests need no build.
// The other tests of the elements run in a browser: see scripts/wtr.mjs.
export default defineConfig({
  resolve: { alias: sourceAliases },
  test: {
    include: [
      'packages/{core,cli}/src/**/*.test.ts',
      'packages/elements/src/**/*.node.test.ts',
      'demo/**/*.test.ts',
      'bench/**/*.test.ts',
      'scripts/**/*.test.mjs',
    ],
    exclude: [...configDefaults.exclude, '**/dist/**'],
  },
});
