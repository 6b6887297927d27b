export type { SourceAdapter } from './adapter.js';
export type { AirflowConfig } from './airflow-source.js';
export type { DagsterConfig } from './dagster-source.js';
export type { GithubConfig } from './github-source.js';
export type { GitlabConfig } from './gitlab-source.js';
export type { HttpConfig } from './http-config.js';
export type { MlflowConfig } from './mlflow-source.js';
export type { PrefectConfig } from './prefect-source.js';
export type { BullboardConfig } from './bullboard-source.js';
export type { FlowerConfig } from './flower-source.js';
export type { SlurmConfig } from './slurm-source.js';
export type { BuildbotConfig } from './buildbot-source.js';
export type { N8nConfig } from './n8n-source.js';
export type { ArgoConfig } from './argo-source.js';
export type { KubernetesConfig } from './kubernetes-source.js';
export type { TemporalConfig } from './temporal-source.js';
export type { JenkinsConfig } from './jenkins-source.js';
export type { MetaflowConfig } from './metaflow-source.js';
export type { RunsConfig } from './runs-source.js';
export { SOURCE_KINDS, sourceKind, type OpenSource, type SourceKind } from './source-kinds.js';
export { parseSourceUri, type SourceUri } from './source-uri.js';
export {
  SourceConfigError,
  SourceError,
  type Source,
  type SourceErrorCode,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceRequest,
  type SourceResponse,
} from './source.js';
export { readStored, storedSource, type StoredFormat, type StoredRuns } from './stored-source.js';
