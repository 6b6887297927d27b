import { definePreset } from '../sql/define-preset.js';

/** GoodJob, by its tables in PostgreSQL. */
export const goodJob = definePreset({
  kind: 'good-job',
  title: 'GoodJob',
  system: 'GoodJob',
  rights: 'select on good_jobs, good_job_processes and good_job_settings',
  capabilities: {
    heartbeat: 'of the worker process',
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: false,
  },
  preset: async () => (await import('./preset.js')).goodJobPreset,
});
