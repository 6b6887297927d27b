import { definePreset } from '../sql/define-preset.js';

/** pg-boss, by its tables in PostgreSQL. */
export const pgBoss = definePreset({
  kind: 'pg-boss',
  title: 'pg-boss',
  system: 'pg-boss',
  rights: 'usage of the schema pgboss, and select on pgboss.job and pgboss.version',
  capabilities: {
    heartbeat: 'of jobs with `heartbeatSeconds`',
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: 'pg-boss 12.38',
  },
  preset: async () => (await import('./preset.js')).pgBossPreset,
});
