import { firstSet, tiedTo } from '../descriptor.js';
import { defineMapping } from '../http/named.js';

/** The variable of Azure's own command line, and the one that holds the token of a job where a pipeline maps it. */
const TOKEN_VARIABLES = ['AZURE_DEVOPS_EXT_PAT', 'SYSTEM_ACCESSTOKEN'];

/** Azure Pipelines. */
export const azurepipelines = defineMapping({
  kind: 'azurepipelines',
  title: 'Azure Pipelines',
  system: 'Azure Pipelines',
  example: 'azurepipelines:https://dev.azure.com/acme/web',
  tokenVariables: TOKEN_VARIABLES,
  rights: 'the scope Build (read)',
  uriOfPage: ({ origin, hostname, pathname }) => {
    const [, organisation = '', project = ''] = pathname.split('/');
    return hostname === 'dev.azure.com' && organisation !== '' && project !== ''
      ? `azurepipelines:${origin}/${organisation}/${project}`
      : undefined;
  },
  secretUrls: ({ SYSTEM_COLLECTIONURI: url }) =>
    tiedTo(url === undefined || url === '' ? 'https://dev.azure.com' : url, TOKEN_VARIABLES),
  ciJob: (environment) => {
    const { TF_BUILD, SYSTEM_COLLECTIONURI: collection, SYSTEM_TEAMPROJECT: project } = environment;
    if (TF_BUILD !== 'True' || collection === undefined || project === undefined) return undefined;
    return {
      place: project,
      config: { url: `${collection.replace(/\/$/, '')}/${encodeURIComponent(project)}` },
      tokenVariable: firstSet(environment, TOKEN_VARIABLES),
      headerVariables: {},
    };
  },
  traces: {
    gitRemote: ({ host, path }) => {
      const parts = path.split('/');
      const [organisation, project] = host === 'ssh.dev.azure.com' ? parts.slice(1) : parts;
      return host.endsWith('dev.azure.com') && organisation !== undefined && project !== undefined
        ? { url: `https://dev.azure.com/${organisation}/${project}` }
        : undefined;
    },
  },
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: false,
  },
  mapping: async () => (await import('./mapping.js')).azurepipelinesMapping,
  row: async () => (await import('./shapes.js')).AZURE_PIPELINES_ROW_SHAPE,
});
