import type * as z from 'zod';
import type { SourceAdapter } from './adapter.js';
import { SourceConfigError, type Source } from './source.js';

/** A source ready to be read, and how a token is sent to it. */
export type OpenSource = {
  readonly source: Source;
  /** The same source for one who has this token. */
  readonly withToken: (token: string) => Source;
  readonly credentialHeaders: (token: string) => Readonly<Record<string, string>>;
};

/** A kind of source that can be configured. What it takes is loaded when it is used. */
export type SourceKind = {
  /** What it is called in messages. */
  readonly title: string;
  /** How its URI is written; for a kind that needs a config, how that begins. */
  readonly example: string;
  /** The zod schema of its config, strict. */
  readonly schema: () => Promise<z.ZodType>;
  /** Checks a config and makes the source; throws a `SourceConfigError`. */
  readonly open: (name: string, config: unknown) => Promise<OpenSource>;
  /** Makes the source from what follows `kind:` in a URI, without loading zod; throws a `SourceConfigError`. */
  readonly openUri: (name: string, rest: string) => Promise<OpenSource>;
};

/** The kinds of source by the name that configs and URIs call them. */
export const SOURCE_KINDS: Readonly<Record<string, SourceKind>> = {
  runs: defineKind(
    'run API',
    'runs:https://host.example/api',
    async () => (await import('./runs-source.js')).runsAdapter,
    async () => (await import('./config-schemas.js')).runsConfigSchema,
  ),
  github: defineKind(
    'GitHub Actions',
    'github:owner/repo',
    async () => (await import('./github-source.js')).githubAdapter,
    async () => (await import('./config-schemas.js')).githubConfigSchema,
  ),
  gitlab: defineKind(
    'GitLab CI',
    'gitlab:group/project',
    async () => (await import('./gitlab-source.js')).gitlabAdapter,
    async () => (await import('./config-schemas.js')).gitlabConfigSchema,
  ),
  prefect: defineKind(
    'Prefect',
    'prefect:https://host.example/api',
    async () => (await import('./prefect-source.js')).prefectAdapter,
    async () => (await import('./config-schemas.js')).prefectConfigSchema,
  ),
  mlflow: defineKind(
    'MLflow',
    'mlflow:https://host.example',
    async () => (await import('./mlflow-source.js')).mlflowAdapter,
    async () => (await import('./config-schemas.js')).mlflowConfigSchema,
  ),
  bullboard: defineKind(
    'BullMQ by bull-board',
    'bullboard:https://host.example/admin/queues',
    async () => (await import('./bullboard-source.js')).bullboardAdapter,
    async () => (await import('./config-schemas.js')).bullboardConfigSchema,
  ),
  flower: defineKind(
    'Celery by Flower',
    'flower:https://host.example:5555',
    async () => (await import('./flower-source.js')).flowerAdapter,
    async () => (await import('./config-schemas.js')).flowerConfigSchema,
  ),
  dagster: defineKind(
    'Dagster',
    'dagster:https://host.example',
    async () => (await import('./dagster-source.js')).dagsterAdapter,
    async () => (await import('./config-schemas.js')).dagsterConfigSchema,
  ),
  slurm: defineKind(
    'Slurm',
    'slurm:https://host.example:6820',
    async () => (await import('./slurm-source.js')).slurmAdapter,
    async () => (await import('./config-schemas.js')).slurmConfigSchema,
  ),
  airflow: defineKind(
    'Airflow',
    'airflow:https://host.example',
    async () => (await import('./airflow-source.js')).airflowAdapter,
    async () => (await import('./config-schemas.js')).airflowConfigSchema,
  ),
  buildbot: defineKind(
    'Buildbot',
    'buildbot:https://host.example',
    async () => (await import('./buildbot-source.js')).buildbotAdapter,
    async () => (await import('./config-schemas.js')).buildbotConfigSchema,
  ),
  n8n: defineKind(
    'n8n',
    'n8n:https://host.example',
    async () => (await import('./n8n-source.js')).n8nAdapter,
    async () => (await import('./config-schemas.js')).n8nConfigSchema,
  ),
  temporal: defineKind(
    'Temporal',
    'temporal:https://host.example:7243/namespaces/default',
    async () => (await import('./temporal-source.js')).temporalAdapter,
    async () => (await import('./config-schemas.js')).temporalConfigSchema,
  ),
  kubernetes: defineKind(
    'Kubernetes Jobs',
    'kubernetes:https://host.example:6443',
    async () => (await import('./kubernetes-source.js')).kubernetesAdapter,
    async () => (await import('./config-schemas.js')).kubernetesConfigSchema,
  ),
  argo: defineKind(
    'Argo Workflows',
    'argo:https://host.example:2746',
    async () => (await import('./argo-source.js')).argoAdapter,
    async () => (await import('./config-schemas.js')).argoConfigSchema,
  ),
  jenkins: defineKind(
    'Jenkins',
    'jenkins:https://host.example',
    async () => (await import('./jenkins-source.js')).jenkinsAdapter,
    async () => (await import('./config-schemas.js')).jenkinsConfigSchema,
  ),
  metaflow: defineKind(
    'Metaflow',
    'metaflow:https://host.example/api',
    async () => (await import('./metaflow-source.js')).metaflowAdapter,
    async () => (await import('./config-schemas.js')).metaflowConfigSchema,
  ),
  http: defineKind(
    'JSON API with a declared mapping',
    'kind: http, with url, items, fields, status and time',
    async () => (await import('./http-source.js')).httpAdapter,
    async () => (await import('./http-config.js')).httpConfigSchema,
  ),
};

/**
 * The kind of that name.
 *
 * @throws {SourceConfigError} naming those there are.
 */
export function sourceKind(kind: string): SourceKind {
  const found = Object.hasOwn(SOURCE_KINDS, kind) ? SOURCE_KINDS[kind] : undefined;
  if (found !== undefined) return found;
  throw new SourceConfigError(
    `There is no kind of source "${kind}". The kinds are ${Object.keys(SOURCE_KINDS).join(', ')}.`,
  );
}

function defineKind<Config>(
  title: string,
  example: string,
  load: () => Promise<SourceAdapter<Config>>,
  schema: () => Promise<z.ZodType<Config>>,
): SourceKind {
  function opened(adapter: SourceAdapter<Config>, name: string, config: Config): OpenSource {
    return {
      source: adapter.create(name, config),
      withToken: (token) => adapter.create(name, config, token),
      credentialHeaders: (token) => adapter.credentialHeaders(token, config),
    };
  }
  return {
    title,
    example,
    schema,
    open: async (name, config) => {
      const checked = (await schema()).safeParse(config);
      if (!checked.success) throw configError(name, checked.error.issues);
      return opened(await load(), name, checked.data);
    },
    openUri: async (name, rest) => {
      const adapter = await load();
      if (adapter.configFromUri === undefined) {
        throw new SourceConfigError(`A ${title} is described in a config file, not in a URI: ${example}.`);
      }
      return opened(adapter, name, adapter.configFromUri(rest));
    },
  };
}

/** Names each place; never what stands there, which may be a secret in the wrong field. */
function configError(name: string, issues: readonly z.core.$ZodIssue[]): SourceConfigError {
  const lines = issues.map(({ path, message }) => `  ${path.map(String).join('.') || 'config'}: ${message}`);
  return new SourceConfigError(`The source ${name} is not configured rightly:\n${lines.join('\n')}`);
}
