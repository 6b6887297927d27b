import { definePreset } from '../sql/define-preset.js';

/** Batches of jobs of Laravel, by their table. */
export const laravelBatches = definePreset({
  kind: 'laravel-batches',
  title: 'Laravel job batches',
  system: 'Laravel',
  rights: 'select on job_batches',
  capabilities: {
    heartbeat: false,
    progress: 'jobs done',
    serverFilter: 'unfinished',
    looksBehind: false,
    provedLive: 'Laravel 8.83, the table only',
  },
  preset: async () => (await import('./preset.js')).laravelBatchesPreset,
});
