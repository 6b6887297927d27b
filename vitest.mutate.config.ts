import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { sourceAliases } from './scripts/workspace.mjs';

/** The code with all changes in it, each behind a switch, by file. */
const changed = new Map(
  Object.entries(JSON.parse(readFileSync(process.env['MUTATE_CODE'] ?? '', 'utf8')) as Record<string, string>),
);

/** Examples first: they notice most changes, and quickly. */
class PropertiesLast extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const last = ({ moduleId }: TestSpecification) => (moduleId.includes('.properties.') ? 1 : 0);
    return Promise.resolve(files.toSorted((one, other) => last(one) - last(other)));
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
    runner: fileURLToPath(new URL('scripts/mutation/runner.mjs', import.meta.url)),
    sequence: { sequencer: PropertiesLast },
    pool: 'forks',
    isolate: false,
    fileParallelism: false,
    teardownTimeout: 1000,
  },
});
