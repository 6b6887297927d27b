import { tiedTo } from '../descriptor.js';
import { defineMapping } from '../http/named.js';

const TOKEN_VARIABLES = ['WOODPECKER_TOKEN'];

/** Woodpecker CI. */
export const woodpecker = defineMapping({
  kind: 'woodpecker',
  title: 'Woodpecker CI',
  system: 'Woodpecker',
  example: 'woodpecker:https://host.example',
  tokenVariables: TOKEN_VARIABLES,
  // The variable by which its own client finds its server.
  secretUrls: ({ WOODPECKER_SERVER }) => tiedTo(WOODPECKER_SERVER, TOKEN_VARIABLES),
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'active',
    looksBehind: false,
    provedLive: false,
  },
  mapping: async () => (await import('./mapping.js')).woodpeckerMapping,
  row: async () => (await import('./shapes.js')).WOODPECKER_ROW_SHAPE,
});
