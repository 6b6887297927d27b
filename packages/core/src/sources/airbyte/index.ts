import { defineMapping } from '../http/named.js';
import { tiedTo } from '../descriptor.js';

const TOKEN_VARIABLES = ['AIRBYTE_TOKEN'];

/** Airbyte. */
export const airbyte = defineMapping({
  kind: 'airbyte',
  title: 'Airbyte',
  system: 'Airbyte',
  example: 'airbyte:https://host.example/api/public/v1',
  moreExamples: ['airbyte:https://api.airbyte.com/v1'],
  tokenVariables: TOKEN_VARIABLES,
  rights: 'the role Workspace reader',
  secretUrls: () => tiedTo('https://api.airbyte.com', TOKEN_VARIABLES),
  capabilities: {
    heartbeat: false,
    progress: 'rows',
    serverFilter: 'status',
    looksBehind: false,
    provedLive: false,
  },
  mapping: async () => (await import('./mapping.js')).airbyteMapping,
  row: async () => (await import('./shapes.js')).AIRBYTE_ROW_SHAPE,
});
