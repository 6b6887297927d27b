import { defineSource, tiedTo } from '../descriptor.js';

export type { RayConfig } from './source.js';

const TOKEN_VARIABLES = ['RAY_AUTH_TOKEN'];

/** Ray Jobs. */
export const ray = defineSource({
  kind: 'ray',
  title: 'Ray Jobs',
  system: 'Ray',
  example: 'ray:http://host.example:8265',
  tokenVariables: TOKEN_VARIABLES,
  // The variable by which Ray's own client finds its cluster.
  secretUrls: (environment) => tiedTo(clusterOf(environment['RAY_API_SERVER_ADDRESS']), TOKEN_VARIABLES),
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: false,
    looksBehind: 'supervisors, nodes, tasks and actors that wait for resources',
    provedLive: 'Ray 2.60',
  },
  adapter: async () => (await import('./source.js')).rayAdapter,
  schema: async () => (await import('./config.js')).rayConfigSchema,
});

function clusterOf(address: string | undefined): string | undefined {
  return address !== undefined && /^https?:\/\//.test(address) ? address : undefined;
}
