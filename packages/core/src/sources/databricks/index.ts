import { tiedTo } from '../descriptor.js';
import { defineMapping } from '../http/named.js';

const TOKEN_VARIABLES = ['DATABRICKS_TOKEN'];

/** Databricks Jobs. */
export const databricks = defineMapping({
  kind: 'databricks',
  title: 'Databricks Jobs',
  system: 'Databricks',
  example: 'databricks:https://host.example',
  tokenVariables: TOKEN_VARIABLES,
  // Its own clients accept a host without a scheme.
  secretUrls: ({ DATABRICKS_HOST: host }) =>
    tiedTo(host === undefined || host === '' || host.includes('://') ? host : `https://${host}`, TOKEN_VARIABLES),
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'state',
    looksBehind: false,
    provedLive: false,
  },
  mapping: async () => (await import('./mapping.js')).databricksMapping,
  row: async () => (await import('./shapes.js')).DATABRICKS_ROW_SHAPE,
});
