import { definePreset } from '../sql/define-preset.js';

/** Hangfire, by its tables in PostgreSQL. */
export const hangfire = definePreset({
  kind: 'hangfire',
  title: 'Hangfire',
  system: 'Hangfire',
  rights:
    'usage of the schema hangfire, and select on its tables job, state, server, jobqueue, jobparameter and schema',
  capabilities: {
    heartbeat: 'of the server',
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: false,
  },
  preset: async () => (await import('./preset.js')).hangfirePreset,
});
