import { defineSource, firstSet, tiedTo, type Environment } from '../descriptor.js';

export type { GithubConfig } from './source.js';

const TOKEN_VARIABLES = ['GITHUB_TOKEN', 'GH_TOKEN'];

/** GitHub Actions. */
export const github = defineSource({
  kind: 'github',
  title: 'GitHub Actions',
  system: 'GitHub',
  example: 'github:owner/repo',
  moreExamples: ['github:owner'],
  tokenVariables: TOKEN_VARIABLES,
  rights: 'actions: read',
  uriOfPage: ({ hostname, pathname }) => {
    const [owner, repository] = pathname.split('/').filter((part) => part !== '');
    if (hostname !== 'github.com' || owner === undefined) return undefined;
    return repository === undefined ? `github:${owner}` : `github:${owner}/${repository.replace(/\.git$/, '')}`;
  },
  // A runner of GitHub Actions sets GITHUB_API_URL; elsewhere these tokens belong to github.com.
  secretUrls: (environment) => tiedTo(environment['GITHUB_API_URL'] ?? 'https://api.github.com', TOKEN_VARIABLES),
  ciJob: (environment) => {
    const { GITHUB_ACTIONS, GITHUB_REPOSITORY: repository, GITHUB_API_URL: url } = environment;
    if (GITHUB_ACTIONS !== 'true' || repository === undefined || imitated(environment)) return undefined;
    return {
      place: repository,
      config: { repository, ...(url === undefined || url === '' ? {} : { url }) },
      tokenVariable: firstSet(environment, TOKEN_VARIABLES),
      headerVariables: {},
    };
  },
  traces: { gitRemote: ({ host, path }) => (host === 'github.com' ? { repository: path } : undefined) },
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'status',
    looksBehind: 'jobs, runners, environments, concurrency groups, pull requests',
    provedLive: false,
  },
  historyFiles: async () => ({ document: (await import('./documents.js')).githubDocument }),
  adapter: async () => (await import('./source.js')).githubAdapter,
  schema: async () => (await import('./config.js')).githubConfigSchema,
});

/** Runners of Gitea and Forgejo set the variables of GitHub as well. */
function imitated({ GITEA_ACTIONS, FORGEJO_ACTIONS }: Environment): boolean {
  return GITEA_ACTIONS === 'true' || FORGEJO_ACTIONS === 'true';
}
