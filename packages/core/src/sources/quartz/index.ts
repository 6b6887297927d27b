import { definePreset } from '../sql/define-preset.js';

/** Quartz, by its tables in PostgreSQL. */
export const quartz = definePreset({
  kind: 'quartz',
  title: 'Quartz',
  system: 'Quartz',
  rights: 'select on qrtz_fired_triggers, qrtz_triggers and qrtz_scheduler_state',
  capabilities: {
    heartbeat: 'of the scheduler, in a cluster',
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: 'Quartz 2.5',
  },
  preset: async () => (await import('./preset.js')).quartzPreset,
});
