import { definePreset } from '../sql/define-preset.js';

/** Graphile Worker, by its view of jobs in PostgreSQL. */
export const graphileWorker = definePreset({
  kind: 'graphile-worker',
  title: 'Graphile Worker',
  system: 'Graphile Worker',
  rights: 'usage of the schema graphile_worker, and select on graphile_worker.jobs and graphile_worker.migrations',
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'state',
    looksBehind: false,
    provedLive: 'Graphile Worker 0.16',
  },
  preset: async () => (await import('./preset.js')).graphileWorkerPreset,
});
