import type { SourceAdapter } from '../descriptor.js';
import { isObject, listOf } from '../reading/body.js';
import { SourceConfigError, SourceError, type Source, type SourceFetch } from '../source.js';
import { readCatalogue } from './catalogue.js';
import { databaseUrl, ENGINE_TEXT, engineOf, type Engine } from './engine.js';
import type { FoundTables, PresetConfig, SqlPreset } from './preset.js';
import { sqlRequest } from './reading/query.js';
import { RunReader } from './reading/read-runs.js';
import { dataAge } from './reading/standby.js';
import { databaseCredentials } from './source.js';

/** What messages call the system, whether a URI can describe it, and how its URI or its config is written. */
type System = { readonly kind: string; readonly title: string; readonly example: string; readonly byUri: boolean };

/** Reads the tables of a system as its preset says. */
export function presetAdapter<Config extends PresetConfig>(
  system: System,
  preset: SqlPreset<Config>,
): SourceAdapter<Config> {
  return {
    create: (name, config) => presetSource(name, system, preset, config),
    credentialHeaders: databaseCredentials,
    ...(system.byUri ? { configFromUri: (rest) => ({ url: databaseUrl(rest, system.example) }) as Config } : {}),
  };
}

function presetSource<Config extends PresetConfig>(
  name: string,
  system: System,
  preset: SqlPreset<Config>,
  config: Config,
): Source {
  const { url: address } = config;
  const engine = engineFor(system, preset, address);

  async function reader(fetch: SourceFetch): Promise<RunReader> {
    const found = await findTables(engine, system, preset, config, fetch);
    return new RunReader(engine, address, name, preset.runs(found, config));
  }

  return {
    name,
    kind: system.kind,
    address,
    list: async function* (query, fetch) {
      const { dataAt, note } = await dataAge(engine, address, fetch);
      if (note !== undefined) yield { runs: [], issues: [], now: dataAt, note };
      const pages = (await reader(fetch)).list(query, fetch);
      for await (const page of pages) yield dataAt === undefined ? page : { ...page, now: dataAt };
    },
    get: async (id, fetch) => (await reader(fetch)).get(id, fetch),
  };
}

function engineFor({ title }: System, { engines }: Pick<SqlPreset, 'engines'>, address: string): Engine {
  const engine = engineOf(address);
  if (engine !== undefined && engines.includes(engine)) return engine;
  throw new SourceConfigError(`${title} is read from ${engines.join(', ')}, not from ${engine ?? 'this URL'}.`);
}

/**
 * Looks the tables of the system up.
 *
 * @throws {SourceError} `not_found` where they are not, `forbidden` with the grant to give, `shape` for a schema that the preset does not know.
 */
async function findTables<Config extends PresetConfig>(
  engine: Engine,
  { title }: System,
  preset: SqlPreset<Config>,
  { url: address, schema = preset.schema }: PresetConfig,
  fetch: SourceFetch,
): Promise<FoundTables> {
  const { identifier } = ENGINE_TEXT[engine];
  const table = (name: string) => (schema === undefined ? '' : `${identifier(schema)}.`) + identifier(name);
  const required = Object.keys(preset.tables);
  const tables = [...required, ...(preset.optionalTables ?? [])];
  const { columns, unreadable, role } = await readCatalogue({ engine, address, schema, tables }, fetch);

  const missing = required.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    const where = schema === undefined ? 'in this database' : `in the schema ${schema}`;
    throw new SourceError(
      'not_found',
      `There is no table ${missing.join(', ')} ${where}. Is this the database of ${title}? Another schema is named by \`schema\` in a config.`,
    );
  }
  if (unreadable.length > 0) throw forbidden(unreadable, role, schema, [...columns.keys()], table);

  const has = (name: string, column?: string) =>
    column === undefined ? columns.has(name) : columns.get(name)?.has(column) === true;
  for (const [name, needed] of Object.entries(preset.tables)) {
    const lacking = needed.filter((column) => !has(name, column));
    if (lacking.length > 0) throw unknownSchema(title, preset.knows, `${name} has no column ${lacking.join(', ')}`);
  }
  const query = preset.version?.(table, has);
  const version = query === undefined ? undefined : await readVersion(address, query, fetch);
  if (preset.isKnown?.(version) === false) {
    throw unknownSchema(title, preset.knows, version === undefined ? 'it has no version' : `its version is ${version}`);
  }
  return { engine, table, has, version };
}

async function readVersion(address: string, sql: string, fetch: SourceFetch): Promise<string | undefined> {
  const [row] = listOf(await fetch(sqlRequest(address, sql)), 'rows', 'a database');
  const version = isObject(row) ? row['version'] : undefined;
  return typeof version === 'string' || typeof version === 'number' ? String(version) : undefined;
}

function forbidden(
  unreadable: readonly string[],
  role: string | undefined,
  schema: string | undefined,
  tables: readonly string[],
  table: (name: string) => string,
): SourceError {
  const to = role === undefined ? 'this role' : `"${role}"`;
  const usage = schema === undefined ? '' : `grant usage on schema "${schema}" to ${to}; `;
  return new SourceError(
    'forbidden',
    `${to} may not read ${unreadable.join(', ')}. As their owner: ${usage}grant select on ${tables.map(table).join(', ')} to ${to};`,
  );
}

function unknownSchema(title: string, knows: string, found: string): SourceError {
  return new SourceError(
    'shape',
    `This schema of ${title} is not known: ${found}. Known are ${knows}. A config with kind: sql can describe the table.`,
  );
}
