import { definePreset } from '../sql/define-preset.js';
import type { LaravelConfig } from './config.js';

/** The queue of Laravel in a database, by its table of jobs. */
export const laravel = definePreset<LaravelConfig>({
  kind: 'laravel',
  title: 'Laravel queue in a database',
  system: 'Laravel',
  moreExamples: ['laravel:.'],
  rights: 'select on jobs',
  appFile: { name: '.env', read: async (text) => (await import('./env.js')).databaseOfEnv(text) },
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'all are active: ended jobs are deleted',
    looksBehind: false,
    provedLive: 'Laravel 8.83 on PostgreSQL',
  },
  preset: async () => (await import('./preset.js')).laravelPreset,
  schema: async () => (await import('./config.js')).laravelConfigSchema,
});
