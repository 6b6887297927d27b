import { defineSource } from '../descriptor.js';

export type { MetaflowConfig } from './source.js';

/** Metaflow. */
export const metaflow = defineSource({
  kind: 'metaflow',
  title: 'Metaflow',
  system: 'Metaflow',
  example: 'metaflow:https://host.example/api',
  tokenVariables: ['METAFLOW_UI_TOKEN'],
  capabilities: {
    heartbeat: 'of runs and tasks',
    progress: false,
    serverFilter: 'status',
    looksBehind: 'tasks, their heartbeats',
    provedLive: 'Metaflow 2.19, service 2.5',
  },
  adapter: async () => (await import('./source.js')).metaflowAdapter,
  schema: async () => (await import('./config.js')).metaflowConfigSchema,
});
