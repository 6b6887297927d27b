import { defineSource } from '../descriptor.js';

export type { AirflowConfig } from './source.js';

/** Airflow. */
export const airflow = defineSource({
  kind: 'airflow',
  title: 'Airflow',
  system: 'Airflow',
  example: 'airflow:https://host.example',
  tokenVariables: ['AIRFLOW_TOKEN', 'AIRFLOW_CLI_TOKEN'],
  rights: 'the role Viewer',
  traces: { image: { name: /^apache\/airflow$/, port: 8080 } },
  capabilities: {
    heartbeat: false,
    progress: 'tasks done',
    serverFilter: 'state',
    looksBehind: 'tasks, scheduler, triggerer, pauses, limits, backfills',
    provedLive: 'Airflow 3',
  },
  adapter: async () => (await import('./source.js')).airflowAdapter,
  schema: async () => (await import('./config.js')).airflowConfigSchema,
});
