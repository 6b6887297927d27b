import type { JsonObject } from '../../reading/body.js';
import { sourceKind } from '../../registry.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { PresetConfig, SqlPreset } from '../preset.js';
import { failingSecondPage, fakeDatabase } from './fake-database.js';

/** What differs between the presets. */
type Given = Pick<ConformanceCase, 'row' | 'other' | 'states' | 'broken' | 'unknownStatus'> & {
  readonly kind: string;
  readonly config?: JsonObject;
  readonly version?: string;
  /** Columns of the tables besides those that the preset requires. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
};

/** The conformance case of a preset: its rows are what its query gives. */
export async function presetCase<Config extends PresetConfig>(
  preset: SqlPreset<Config>,
  { kind, config = {}, version, columns = {}, ...given }: Given,
): Promise<ConformanceCase> {
  const url = 'postgres://reader@database.example/app';
  const { source } = await sourceKind(kind).open(kind, { url, ...config });
  const tables = { ...preset.tables };
  for (const [table, more] of Object.entries(columns)) tables[table] = [...(tables[table] ?? []), ...more];
  const known = { tables, ...(version === undefined ? {} : { version }) };
  return {
    ...given,
    name: kind,
    source,
    serve: (rows) => fakeDatabase(rows, known),
    cutShort: () => ({ body: undefined }),
    queries: ['/app'],
    failingSecondPage: failingSecondPage(given.row, known),
  };
}
