import { defineSource, tiedTo } from '../descriptor.js';

export type { JenkinsConfig } from './source.js';

/** Jenkins. */
export const jenkins = defineSource({
  kind: 'jenkins',
  title: 'Jenkins',
  system: 'Jenkins',
  example: 'jenkins:https://host.example',
  tokenVariables: ['JENKINS_TOKEN'],
  rights: 'Overall/Read and Job/Read',
  secretUrls: (environment) => tiedTo(environment['JENKINS_URL'], ['JENKINS_TOKEN']),
  traces: { image: { name: /^jenkins\/jenkins$/, port: 8080 } },
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: false,
    looksBehind: 'agents, queue, steps of pipelines',
    provedLive: false,
  },
  adapter: async () => (await import('./source.js')).jenkinsAdapter,
  schema: async () => (await import('./config.js')).jenkinsConfigSchema,
});
