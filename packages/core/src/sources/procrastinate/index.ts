import { definePreset } from '../sql/define-preset.js';

/** Procrastinate, by its tables in PostgreSQL. */
export const procrastinate = definePreset({
  kind: 'procrastinate',
  title: 'Procrastinate',
  system: 'Procrastinate',
  rights: 'select on procrastinate_jobs, procrastinate_workers and procrastinate_events',
  capabilities: {
    heartbeat: 'of the worker',
    progress: false,
    serverFilter: 'status',
    looksBehind: 'the row of the worker',
    provedLive: 'Procrastinate 3.10',
  },
  preset: async () => (await import('./preset.js')).procrastinatePreset,
});
