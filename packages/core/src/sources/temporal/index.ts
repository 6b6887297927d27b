import { defineSource } from '../descriptor.js';

export type { TemporalConfig } from './source.js';

/** Temporal. */
export const temporal = defineSource({
  kind: 'temporal',
  title: 'Temporal',
  system: 'Temporal',
  example: 'temporal:https://host.example:7243/namespaces/default',
  tokenVariables: ['TEMPORAL_API_KEY'],
  rights: 'read access to the namespace',
  capabilities: {
    heartbeat: 'of activities, read before an alarm',
    progress: false,
    serverFilter: 'status',
    looksBehind: 'activities, task queue pollers',
    provedLive: 'Temporal 1.32',
  },
  adapter: async () => (await import('./source.js')).temporalAdapter,
  schema: async () => (await import('./config.js')).temporalConfigSchema,
});
