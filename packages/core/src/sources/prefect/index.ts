import { defineSource, tiedTo } from '../descriptor.js';

export type { PrefectConfig } from './source.js';

/** Prefect. */
export const prefect = defineSource({
  kind: 'prefect',
  title: 'Prefect',
  system: 'Prefect',
  example: 'prefect:https://host.example/api',
  tokenVariables: ['PREFECT_API_KEY', 'PREFECT_API_AUTH_STRING'],
  rights: 'the role Viewer',
  secretUrls: (environment) => tiedTo(environment['PREFECT_API_URL'], ['PREFECT_API_KEY', 'PREFECT_API_AUTH_STRING']),
  traces: { image: { name: /^prefecthq\/prefect$/, port: 4200 } },
  capabilities: {
    heartbeat: 'events, read before an alarm',
    progress: false,
    serverFilter: 'state',
    looksBehind: 'heartbeat events, concurrency slots, work pools',
    provedLive: 'Prefect 3',
  },
  adapter: async () => (await import('./source.js')).prefectAdapter,
  schema: async () => (await import('./config.js')).prefectConfigSchema,
});
