import { defineSource, tiedTo } from '../descriptor.js';

export type { MlflowConfig } from './source.js';

/** MLflow. */
export const mlflow = defineSource({
  kind: 'mlflow',
  title: 'MLflow',
  system: 'MLflow',
  example: 'mlflow:https://host.example',
  tokenVariables: ['MLFLOW_TRACKING_TOKEN'],
  rights: 'READ on the experiments',
  secretUrls: (environment) => tiedTo(environment['MLFLOW_TRACKING_URI'], ['MLFLOW_TRACKING_TOKEN']),
  traces: { image: { name: /^(?:ghcr\.io\/)?mlflow\/mlflow$/, port: 5000 } },
  capabilities: {
    heartbeat: 'the newest metric',
    progress: false,
    serverFilter: 'status',
    looksBehind: 'runs below it, history of metrics',
    provedLive: 'MLflow 3',
  },
  adapter: async () => (await import('./source.js')).mlflowAdapter,
  schema: async () => (await import('./config.js')).mlflowConfigSchema,
});
