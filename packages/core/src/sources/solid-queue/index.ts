import { definePreset } from '../sql/define-preset.js';

/** Solid Queue, by its tables in PostgreSQL. */
export const solidQueue = definePreset({
  kind: 'solid-queue',
  title: 'Solid Queue',
  system: 'Solid Queue',
  rights: 'select on the tables whose names begin with solid_queue_',
  capabilities: {
    heartbeat: 'of the worker process',
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: false,
  },
  preset: async () => (await import('./preset.js')).solidQueuePreset,
});
