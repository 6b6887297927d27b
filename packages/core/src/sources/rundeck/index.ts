import { tiedTo } from '../descriptor.js';
import { defineMapping } from '../http/named.js';

const TOKEN_VARIABLES = ['RUNDECK_TOKEN', 'RD_TOKEN'];

/** Rundeck. */
export const rundeck = defineMapping({
  kind: 'rundeck',
  title: 'Rundeck',
  system: 'Rundeck',
  example: 'rundeck:https://host.example',
  tokenVariables: TOKEN_VARIABLES,
  // The variable by which Rundeck's own client finds its server.
  secretUrls: (environment) => tiedTo(environment['RD_URL'], TOKEN_VARIABLES),
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'running',
    looksBehind: false,
    provedLive: false,
  },
  mapping: async () => (await import('./mapping.js')).rundeckMapping,
  row: async () => (await import('./shapes.js')).RUNDECK_ROW_SHAPE,
});
