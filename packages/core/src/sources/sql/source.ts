import type { SourceAdapter } from '../descriptor.js';
import { SourceConfigError, type Source } from '../source.js';
import type { SqlConfig } from './config.js';
import { databaseUrl, engineOf } from './engine.js';
import { runsOfConfig } from './mapping.js';
import { RunReader } from './reading/read-runs.js';
import { dataAge } from './reading/standby.js';

/** A table of runs in short, for the registry of kinds. */
export const sqlAdapter: SourceAdapter<SqlConfig> = {
  create: sqlSource,
  credentialHeaders: databaseCredentials,
  configFromUri: (rest) => {
    databaseUrl(rest, 'postgres://user@host.example/database');
    throw new SourceConfigError(
      'Say what the database holds: name a system with --preset, or describe the table in a config with kind: sql.',
    );
  },
};

/** How a password reaches the connection. */
export function databaseCredentials(password: string): Readonly<Record<string, string>> {
  return { password };
}

/** Reads a table of runs as its config describes it. */
export function sqlSource(name: string, config: SqlConfig): Source {
  const { url: address } = config;
  const engine = engineOf(address) ?? 'postgres';
  const reader = new RunReader(engine, address, name, runsOfConfig(engine, config));
  return {
    name,
    kind: 'sql',
    address,
    list: async function* (query, fetch) {
      const { dataAt, note } = await dataAge(engine, address, fetch);
      if (note !== undefined) yield { runs: [], issues: [], now: dataAt, note };
      for await (const page of reader.list(query, fetch)) yield dataAt === undefined ? page : { ...page, now: dataAt };
    },
    get: (id, fetch) => reader.get(id, fetch),
  };
}
