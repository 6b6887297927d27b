import { definePreset } from '../sql/define-preset.js';
import type { DbSchedulerConfig } from './config.js';

/** db-scheduler, by its table in PostgreSQL. */
export const dbScheduler = definePreset<DbSchedulerConfig>({
  kind: 'db-scheduler',
  title: 'db-scheduler',
  system: 'db-scheduler',
  rights: 'select on scheduled_tasks',
  capabilities: {
    heartbeat: 'of the execution',
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: 'db-scheduler 16.7',
  },
  preset: async () => (await import('./preset.js')).dbSchedulerPreset,
  schema: async () => (await import('./config.js')).dbSchedulerConfigSchema,
});
