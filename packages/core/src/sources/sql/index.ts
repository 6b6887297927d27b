import { defineSource } from '../descriptor.js';
import { DATABASE_SCHEMES } from './engine.js';

export type { SqlConfig } from './config.js';

/** Table of runs in a database. */
export const sql = defineSource({
  kind: 'sql',
  title: 'Table of runs in a database',
  example: 'kind: sql, with url, table, fields and statuses',
  schemes: DATABASE_SCHEMES,
  holdsCode: () => true,
  tokenVariables: [],
  rights: 'the right to read the table (grant select), and to see all of its rows',
  capabilities: {
    heartbeat: 'as mapped',
    progress: 'as mapped',
    serverFilter: 'status',
    looksBehind: false,
    provedLive: 'PostgreSQL 15, MariaDB 10.11',
  },
  adapter: async () => (await import('./source.js')).sqlAdapter,
  schema: async () => (await import('./config.js')).sqlConfigSchema,
});
