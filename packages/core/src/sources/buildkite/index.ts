import { tiedTo } from '../descriptor.js';
import { defineMapping } from '../http/named.js';

const TOKEN_VARIABLES = ['BUILDKITE_API_TOKEN', 'BUILDKITE_TOKEN'];

/** Buildkite. */
export const buildkite = defineMapping({
  kind: 'buildkite',
  title: 'Buildkite',
  system: 'Buildkite',
  example: 'buildkite:https://api.buildkite.com/v2/organizations/acme',
  tokenVariables: TOKEN_VARIABLES,
  secretUrls: () => tiedTo('https://api.buildkite.com', TOKEN_VARIABLES),
  capabilities: {
    heartbeat: false,
    progress: 'jobs done',
    serverFilter: 'state',
    looksBehind: false,
    provedLive: false,
  },
  mapping: async () => (await import('./mapping.js')).buildkiteMapping,
  row: async () => (await import('./shapes.js')).BUILDKITE_ROW_SHAPE,
});
