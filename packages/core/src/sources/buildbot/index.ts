import { defineSource } from '../descriptor.js';

export type { BuildbotConfig } from './source.js';

/** Buildbot. */
export const buildbot = defineSource({
  kind: 'buildbot',
  title: 'Buildbot',
  system: 'Buildbot',
  example: 'buildbot:https://host.example',
  tokenVariables: ['BUILDBOT_TOKEN'],
  traces: { image: { name: /^buildbot\/buildbot-master$/, port: 8010 } },
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'complete',
    looksBehind: 'steps, locks, masters, triggered requests',
    provedLive: 'Buildbot 4',
  },
  adapter: async () => (await import('./source.js')).buildbotAdapter,
  schema: async () => (await import('./config.js')).buildbotConfigSchema,
});
