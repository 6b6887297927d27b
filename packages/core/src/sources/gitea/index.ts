import { defineSource, firstSet, tiedTo, type Environment } from '../descriptor.js';

export type { GiteaConfig } from './source.js';

const TOKEN_VARIABLES = ['GITEA_TOKEN', 'FORGEJO_TOKEN', 'GITEA_SERVER_TOKEN'];

/** Gitea and Forgejo Actions. */
export const gitea = defineSource({
  kind: 'gitea',
  title: 'Gitea and Forgejo Actions',
  system: 'Gitea',
  example: 'gitea:https://git.example.com/owner/repo',
  moreExamples: ['gitea:https://git.example.com/owner', 'gitea:https://git.example.com', 'gitea:owner/repo'],
  tokenVariables: TOKEN_VARIABLES,
  rights: 'read:repository',
  secretUrls: (environment) => tiedTo(serverOf(environment), TOKEN_VARIABLES),
  ciJob: (environment) => {
    const repository = environment['FORGEJO_REPOSITORY'] ?? environment['GITHUB_REPOSITORY'];
    const url = serverOf(environment);
    if (!isJob(environment) || repository === undefined || url === undefined) return undefined;
    return {
      place: repository,
      config: { repository, url },
      // Both runners give a job its token under the name that GitHub gave it, too.
      tokenVariable: firstSet(environment, [...TOKEN_VARIABLES, 'GITHUB_TOKEN']),
      headerVariables: {},
    };
  },
  traces: {
    gitRemote: ({ host, path }) =>
      host === 'codeberg.org' || /^(?:gitea|forgejo)\./.test(host)
        ? { repository: path, url: `https://${host}` }
        : undefined,
  },
  capabilities: {
    heartbeat: 'reports of runners, read before an alarm',
    progress: 'jobs done',
    serverFilter: 'status',
    looksBehind: 'jobs, runners, reports of runners, other runs at work',
    provedLive: 'Gitea 1.26',
  },
  adapter: async () => (await import('./source.js')).giteaAdapter,
  schema: async () => (await import('./config.js')).giteaConfigSchema,
});

/** The server that the environment names: one that was set for us, or that of the job. */
function serverOf(environment: Environment): string | undefined {
  const { GITEA_SERVER_URL, FORGEJO_SERVER_URL, GITHUB_SERVER_URL } = environment;
  return GITEA_SERVER_URL ?? FORGEJO_SERVER_URL ?? (isJob(environment) ? GITHUB_SERVER_URL : undefined);
}

/** Runners of Gitea and Forgejo set the variables of GitHub as well, and one of their own. */
function isJob({ GITEA_ACTIONS, FORGEJO_ACTIONS }: Environment): boolean {
  return GITEA_ACTIONS === 'true' || FORGEJO_ACTIONS === 'true';
}
