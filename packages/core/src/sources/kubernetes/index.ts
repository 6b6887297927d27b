import { defineSource } from '../descriptor.js';

export type { KubernetesConfig } from './source.js';

/** Kubernetes Jobs. */
export const kubernetes = defineSource({
  kind: 'kubernetes',
  title: 'Kubernetes Jobs',
  system: 'Kubernetes',
  example: 'kubernetes:https://host.example:6443',
  moreExamples: ['kubernetes:', 'kubernetes:context'],
  tokenVariables: ['KUBERNETES_TOKEN'],
  rights: 'get and list of jobs, pods, events and nodes',
  kubeconfig: {},
  capabilities: {
    heartbeat: false,
    progress: 'completions',
    serverFilter: 'namespace, labels',
    looksBehind: 'pods, nodes',
    provedLive: 'Kubernetes 1.37',
  },
  adapter: async () => (await import('./source.js')).kubernetesAdapter,
  schema: async () => (await import('./config.js')).kubernetesConfigSchema,
});
