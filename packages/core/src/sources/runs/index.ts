import { defineSource } from '../descriptor.js';

export type { RunsConfig } from './source.js';

/** run API. */
export const runs = defineSource({
  kind: 'runs',
  title: 'run API',
  example: 'runs:https://host.example/api',
  tokenVariables: ['TARDY_TOKEN'],
  capabilities: {
    heartbeat: 'as the host reports it',
    progress: 'as the host reports it',
    serverFilter: 'status, type, tenant, time',
    looksBehind: false,
    provedLive: 'the demo host',
  },
  adapter: async () => (await import('./source.js')).runsAdapter,
  schema: async () => (await import('./config.js')).runsConfigSchema,
});
