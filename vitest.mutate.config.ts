import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { sourceAliases } from './scripts/workspace.mjs';

// For scripts/mutate.mjs: the tests that are to notice a change, which are those beside the code.
export default defineConfig({
  resolve: {
    alias: [
      ...sourceAliases,
      { find: /^fast-check$/, replacement: fileURLToPath(new URL('scripts/fewer-cases.mjs', import.meta.url)) },
    ],
  },
  test: { testTimeout: 30_000, include: process.env['MUTATE_TESTS']?.split(' ') ?? [] },
});
