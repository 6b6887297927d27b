import { defineSource } from '../descriptor.js';

export type { TektonConfig } from './source.js';

/** Tekton Pipelines. */
export const tekton = defineSource({
  kind: 'tekton',
  title: 'Tekton Pipelines',
  system: 'Tekton',
  example: 'tekton:https://host.example:6443',
  moreExamples: ['tekton:', 'tekton:context'],
  tokenVariables: ['KUBERNETES_TOKEN'],
  rights: 'get and list of pipelineruns and taskruns, list of customruns, pods and events, get of nodes',
  kubeconfig: {},
  capabilities: {
    heartbeat: false,
    progress: 'tasks done',
    serverFilter: 'namespace',
    looksBehind: 'task runs, custom runs, pods, nodes',
    provedLive: false,
  },
  adapter: async () => (await import('./source.js')).tektonAdapter,
  schema: async () => (await import('./config.js')).tektonConfigSchema,
});
