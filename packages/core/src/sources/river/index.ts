import { definePreset } from '../sql/define-preset.js';

/** River, by its tables in PostgreSQL. */
export const river = definePreset({
  kind: 'river',
  title: 'River',
  system: 'River',
  rights: 'select on river_job, river_queue and river_migration',
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: 'River 0.51',
  },
  preset: async () => (await import('./preset.js')).riverPreset,
});
