import { presetKinds } from '../registry.js';
import type { SourceFetch } from '../source.js';
import { readCatalogue } from './catalogue.js';
import { engineOf } from './engine.js';

/**
 * The presets whose tables a database holds, each with the columns that the preset needs. Tables that may not be read count too: reading them
 * then says which right is missing.
 */
export async function recognisePresets(address: string, fetch: SourceFetch): Promise<readonly string[]> {
  const engine = engineOf(address);
  if (engine === undefined) return [];
  const found: string[] = [];
  for (const { kind, presetTables } of presetKinds()) {
    const preset = await presetTables?.();
    if (preset === undefined || !preset.engines.includes(engine)) continue;
    const tables = Object.keys(preset.tables);
    const { columns } = await readCatalogue({ engine, address, schema: preset.schema, tables }, fetch);
    const complete = tables.every((table) =>
      (preset.tables[table] ?? []).every((name) => columns.get(table)?.has(name)),
    );
    if (complete) found.push(kind);
  }
  return found;
}
