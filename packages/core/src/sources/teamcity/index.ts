import { tiedTo } from '../descriptor.js';
import { defineMapping } from '../http/named.js';

const TOKEN_VARIABLES = ['TEAMCITY_TOKEN'];

/** TeamCity. */
export const teamcity = defineMapping({
  kind: 'teamcity',
  title: 'TeamCity',
  system: 'TeamCity',
  example: 'teamcity:https://host.example',
  tokenVariables: TOKEN_VARIABLES,
  rights: 'the role Project viewer, and for the state of agents View agent details',
  // The variable by which its own client finds its server.
  secretUrls: ({ TEAMCITY_URL }) => tiedTo(TEAMCITY_URL, TOKEN_VARIABLES),
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'state',
    looksBehind: false,
    provedLive: false,
  },
  mapping: async () => (await import('./mapping.js')).teamcityMapping,
  row: async () => (await import('./shapes.js')).TEAMCITY_ROW_SHAPE,
});
