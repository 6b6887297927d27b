import { definePreset } from '../sql/define-preset.js';

/** Delayed Job, by its table in PostgreSQL. */
export const delayedJob = definePreset({
  kind: 'delayed-job',
  title: 'Delayed Job',
  system: 'Delayed Job',
  rights: 'select on delayed_jobs',
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: 'Delayed Job 4.1',
  },
  preset: async () => (await import('./preset.js')).delayedJobPreset,
});
