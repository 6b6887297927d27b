import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { sourceAliases } from './scripts/workspace.mjs';

/** The code with all changes in it, each behind a switch, by file. */
const changed = new Map(
  Object.entries(JSON.parse(readFileSync(process.env['MUTATE_CODE'] ?? '', 'utf8')) as Record<string, string>),
);

/** Small files first, properties last: what notices most changes quickly. */
class QuickestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      (moduleId.includes('.properties.') ? 1e9 : 0) + statSync(moduleId).size;
    return Promise.resolve(files.toSorted((one, other) => place(one) - place(other)));
  }
}

// For scripts/mutate.mjs: the tests that are to notice a change, which are those beside the code.
export default defineConfig({
  plugins: [{ name: 'changed-code', enforce: 'pre', load: (id) => changed.get(id.split('?')[0] ?? '') }],
  resolve: {
    alias: [
      ...sourceAliases,
      {
        find: /^fast-check$/,
        replacement: fileURLToPath(new URL('scripts/mutation/fewer-cases.mjs', import.meta.url)),
      },
    ],
  },
  test: {
    testTimeout: 60_000,
    include: process.env['MUTATE_TESTS']?.split(' ') ?? [],
    // It reads tens of millions of characters, each of which would be counted.
    exclude: ['**/node_modules/**', '**/transport/json-body.test.ts'],
    runner: fileURLToPath(new URL('scripts/mutation/runner.mjs', import.meta.url)),
    sequence: { sequencer: QuickestFirst },
    pool: 'forks',
    isolate: false,
    fileParallelism: false,
    teardownTimeout: 1000,
  },
});
