import { defineSource, firstSet, tiedTo } from '../descriptor.js';

export type { GitlabConfig } from './source.js';

const TOKEN_VARIABLES = ['GITLAB_TOKEN', 'GITLAB_ACCESS_TOKEN'];

/** GitLab CI. */
export const gitlab = defineSource({
  kind: 'gitlab',
  title: 'GitLab CI',
  system: 'GitLab',
  example: 'gitlab:group/project',
  moreExamples: ['gitlab:group'],
  tokenVariables: TOKEN_VARIABLES,
  rights: 'the scope read_api and the role Reporter',
  uriOfPage: ({ hostname, pathname }) => {
    const path = (pathname.split('/-/')[0] ?? '').replace(/^\/|(?:\.git)?\/?$/g, '');
    return hostname === 'gitlab.com' && path !== '' ? `gitlab:${path}` : undefined;
  },
  secretUrls: (environment) =>
    tiedTo(environment['CI_SERVER_URL'] ?? 'https://gitlab.com', [...TOKEN_VARIABLES, 'CI_JOB_TOKEN']),
  ciJob: (environment) => {
    const { GITLAB_CI, CI_PROJECT_PATH: project, CI_SERVER_URL: url, CI_JOB_TOKEN } = environment;
    if (GITLAB_CI !== 'true' || project === undefined) return undefined;
    return {
      place: project,
      config: { project, ...(url === undefined || url === '' ? {} : { url }) },
      tokenVariable: firstSet(environment, TOKEN_VARIABLES),
      // Every job has a token of its own. It may read the list of pipelines, but not their jobs.
      headerVariables: (CI_JOB_TOKEN ?? '').trim() === '' ? {} : { 'job-token': 'CI_JOB_TOKEN' },
    };
  },
  traces: {
    gitRemote: ({ host, path }) =>
      host === 'gitlab.com'
        ? { project: path }
        : host.startsWith('gitlab.')
          ? { project: path, url: `https://${host}` }
          : undefined,
  },
  capabilities: {
    heartbeat: false,
    progress: 'jobs done',
    serverFilter: 'status',
    looksBehind: 'jobs, runners, child pipelines, resource groups',
    provedLive: false,
  },
  adapter: async () => (await import('./source.js')).gitlabAdapter,
  schema: async () => (await import('./config.js')).gitlabConfigSchema,
});
