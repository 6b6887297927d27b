import { expect } from 'vitest';
import type { Run } from '../../../run.js';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { readSource, type SqlTestDatabase } from './test-database.js';

/** The source of a preset in the test database. */
export async function presetSource(kind: string, config: Readonly<Record<string, unknown>> = {}): Promise<Source> {
  const url = 'postgres://reader@database.example/app';
  return (await sourceKind(kind).open(kind, { url, ...config })).source;
}

/** The runs of a preset, active and ended, of which all could be read. */
export async function presetRuns(
  kind: string,
  database: SqlTestDatabase,
  config: Readonly<Record<string, unknown>> = {},
): Promise<readonly Run[]> {
  const { runs, issues, error } = await readSource(await presetSource(kind, config), database.fetch, {
    activity: 'recent',
  });
  expect({ issues, error }).toEqual({ issues: [], error: undefined });
  return runs;
}

/** Those of a type in a status of the system. */
export function withNative(runs: readonly Run[], type: string, native: string): readonly Run[] {
  return runs.filter((run) => run.type === type && run.native?.status === native);
}

/** The only one of them. */
export function only(runs: readonly Run[]): Run {
  const [run] = runs;
  if (run === undefined || runs.length > 1) throw new Error(`There are ${runs.length} runs, not one.`);
  return run;
}
