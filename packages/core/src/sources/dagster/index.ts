import { defineSource } from '../descriptor.js';

export type { DagsterConfig } from './source.js';

/** Dagster. */
export const dagster = defineSource({
  kind: 'dagster',
  title: 'Dagster',
  system: 'Dagster',
  example: 'dagster:https://host.example',
  tokenVariables: ['DAGSTER_CLOUD_API_TOKEN'],
  rights: 'the role Viewer',
  traces: { image: { name: /^dagster\/dagster[\w-]*$/, port: 3000 } },
  capabilities: {
    heartbeat: false,
    progress: 'steps done',
    serverFilter: 'status',
    looksBehind: 'steps, run queue, tag limits, pools',
    provedLive: 'Dagster 1',
  },
  adapter: async () => (await import('./source.js')).dagsterAdapter,
  schema: async () => (await import('./config.js')).dagsterConfigSchema,
});
