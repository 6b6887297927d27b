import { tiedTo } from '../descriptor.js';
import { defineMapping } from '../http/named.js';

const TOKEN_VARIABLES = ['AWX_TOKEN', 'TOWER_OAUTH_TOKEN', 'CONTROLLER_OAUTH_TOKEN'];

/** AWX, Ansible Tower and the automation controller of the Ansible Automation Platform. */
export const awx = defineMapping({
  kind: 'awx',
  title: 'AWX',
  system: 'AWX',
  example: 'awx:https://host.example',
  tokenVariables: TOKEN_VARIABLES,
  // The variables by which its own client finds its server.
  secretUrls: ({ CONTROLLER_HOST, TOWER_HOST }) => tiedTo(CONTROLLER_HOST ?? TOWER_HOST, TOKEN_VARIABLES),
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: false,
  },
  mapping: async () => (await import('./mapping.js')).awxMapping,
  row: async () => (await import('./shapes.js')).AWX_ROW_SHAPE,
});
