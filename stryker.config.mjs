// Mutation tests: see scripts/mutate.mjs. It runs in a copy of the workspace.
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutate.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  // A mutant of a module's top level needs every test again: tables are held by the tests of the functions that read them.
  ignoreStatic: true,
  // The preprocessor of tsconfig files needs the API of an older compiler, and nothing here reads them.
  tsconfigFile: 'none',
  ignorePatterns: ['**/dist', 'docs/images', '.stryker'],
  tempDirName: '.stryker/sandbox',
  concurrency: Number(process.env.MUTATE_CONCURRENCY ?? 2),
  timeoutMS: 20_000,
  disableTypeChecks: false,
  reporters: ['json', 'progress-append-only'],
};
