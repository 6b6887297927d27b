import { defineSource } from '../descriptor.js';

export type { HttpConfig } from './config.js';

/** JSON API with a declared mapping. */
export const http = defineSource({
  kind: 'http',
  title: 'JSON API with a declared mapping',
  example: 'kind: http, with url, items, fields, status and time',
  tokenVariables: [],
  capabilities: {
    heartbeat: 'as mapped',
    progress: 'as mapped',
    serverFilter: 'as mapped',
    looksBehind: false,
    provedLive: 'Slurm, bull-board, Buildbot',
  },
  adapter: async () => (await import('./source.js')).httpAdapter,
  schema: async () => (await import('./config.js')).httpConfigSchema,
});
