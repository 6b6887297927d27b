import { tiedTo } from '../descriptor.js';
import { defineMapping } from '../http/named.js';

const TOKEN_VARIABLES = ['KESTRA_API_TOKEN'];

/** Kestra. */
export const kestra = defineMapping({
  kind: 'kestra',
  title: 'Kestra',
  system: 'Kestra',
  example: 'kestra:https://host.example/api/v1/main',
  tokenVariables: TOKEN_VARIABLES,
  rights: 'the permission to read executions',
  // The variable by which its own provider finds its server.
  secretUrls: ({ KESTRA_URL }) => tiedTo(KESTRA_URL, TOKEN_VARIABLES),
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'state',
    looksBehind: false,
    provedLive: false,
  },
  traces: { image: { name: /^kestra\/kestra$/, port: 8080 } },
  mapping: async () => (await import('./mapping.js')).kestraMapping,
  row: async () => (await import('./shapes.js')).KESTRA_ROW_SHAPE,
});
