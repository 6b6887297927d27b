import { defineSource } from '../descriptor.js';

export type { ArgoConfig } from './source.js';

/** Argo Workflows. */
export const argo = defineSource({
  kind: 'argo',
  title: 'Argo Workflows',
  system: 'Argo',
  example: 'argo:https://host.example:2746',
  moreExamples: ['argo:', 'argo:context'],
  tokenVariables: ['ARGO_TOKEN'],
  rights: 'get and list of workflows',
  kubeconfig: { api: 'kubernetes' },
  capabilities: {
    heartbeat: false,
    progress: 'nodes done',
    serverFilter: 'completed',
    looksBehind: 'nodes, pods, machines',
    provedLive: 'Argo 4.1, by hand',
  },
  adapter: async () => (await import('./source.js')).argoAdapter,
  schema: async () => (await import('./config.js')).argoConfigSchema,
});
