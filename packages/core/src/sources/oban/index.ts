import { definePreset } from '../sql/define-preset.js';

/** Oban, by its tables in PostgreSQL. */
export const oban = definePreset({
  kind: 'oban',
  title: 'Oban',
  system: 'Oban',
  rights: 'select on oban_jobs, and on oban_producers where it exists',
  capabilities: {
    heartbeat: 'of the producer (Oban for Python, Oban Pro)',
    progress: false,
    serverFilter: 'state',
    looksBehind: 'the row of the producer',
    provedLive: 'Oban for Python 0.7',
  },
  preset: async () => (await import('./preset.js')).obanPreset,
});
