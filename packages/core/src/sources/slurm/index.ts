import { defineSource } from '../descriptor.js';

export type { SlurmConfig } from './source.js';

/** Slurm. */
export const slurm = defineSource({
  kind: 'slurm',
  title: 'Slurm',
  system: 'Slurm',
  example: 'slurm:https://host.example:6820',
  tokenVariables: ['SLURM_JWT'],
  rights: 'a token of any user',
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: false,
    looksBehind: false,
    provedLive: 'Slurm 22.05',
  },
  historyFiles: async () => ({ table: (await import('./sacct.js')).sacctTable }),
  adapter: async () => (await import('./source.js')).slurmAdapter,
  schema: async () => (await import('./config.js')).slurmConfigSchema,
});
