import * as z from 'zod';
import { parseDuration } from '../duration.js';
import { GITHUB_OWNER } from './github-owner.js';
import { GITHUB_REPOSITORY, type GithubConfig } from './github-source.js';
import { GITLAB_GROUP, GITLAB_PROJECT, type GitlabConfig } from './gitlab-source.js';
import { baseAddressProblem } from './web-address.js';

const base = z.string().refine((text) => baseAddressProblem(text) === undefined, {
  error: (issue) => baseAddressProblem(String(issue.input)) ?? 'This is no web address.',
});

/** What stands after `kind: runs` in a config. */
export const runsConfigSchema = z.strictObject({
  url: base.describe('The address that /runs and /policy lie below.'),
});

/** What stands after `kind: github` in a config: a repository, or an owner of many. */
export const githubConfigSchema = z
  .strictObject({
    repository: z.string().regex(GITHUB_REPOSITORY, 'is written owner/repo').optional(),
    owner: z
      .string()
      .regex(GITHUB_OWNER, 'is the name of an organisation or a user')
      .optional()
      .describe('An organisation or a user, all repositories of which are read.'),
    pushed: z
      .string()
      .refine((text) => parseDuration(text) !== undefined, 'is a duration, written 90d or 36h')
      .optional()
      .describe('Leaves out repositories of the owner that were not pushed to for longer; all are read where absent.'),
    url: base.optional().describe('The address of a GitHub Enterprise server.'),
  })
  .transform(({ repository, owner, pushed, url }, context): GithubConfig => {
    if (repository !== undefined && owner === undefined && pushed === undefined) return { repository, url };
    if (owner !== undefined && repository === undefined) return { owner, pushed, url };
    context.addIssue('takes either repository (owner/repo), or owner, which may go with pushed');
    return z.NEVER;
  });

const id = z.int().positive();

const gitlabProject = z.union([z.string().regex(GITLAB_PROJECT, 'is written group/project, or is an id'), id]);

/** What stands after `kind: gitlab` in a config: a project, several, or a group of many. */
export const gitlabConfigSchema = z
  .strictObject({
    project: gitlabProject.optional().describe('A project by its path or id.'),
    projects: z.array(gitlabProject).min(1).optional().describe('Several projects.'),
    group: z
      .union([z.string().regex(GITLAB_GROUP, 'is the path of a group, or its id'), id])
      .optional()
      .describe('A group by its path or id, all projects of which are read, and those of the groups in it.'),
    active: z
      .string()
      .refine((text) => parseDuration(text) !== undefined, 'is a duration, written 90d or 36h')
      .optional()
      .describe('Leaves out projects of the group in which nothing happened for longer; all are read where absent.'),
    children: z.boolean().optional().describe('Whether child pipelines are read as well, which doubles the requests.'),
    url: base.optional().describe('The address of a GitLab server; https://gitlab.com where absent.'),
  })
  .transform(({ project, projects, group, active, ...rest }, context): GitlabConfig => {
    const one = [project, projects, group].filter((given) => given !== undefined).length === 1;
    if (one && group !== undefined) return { group: String(group), active, ...rest };
    if (one && active === undefined && project !== undefined) return { project: String(project), ...rest };
    if (one && active === undefined && projects !== undefined) return { projects: projects.map(String), ...rest };
    context.addIssue('takes one of project, projects and group; active goes with group only');
    return z.NEVER;
  });

/** What stands after `kind: prefect` in a config. */
export const prefectConfigSchema = z.strictObject({
  url: base.describe(
    'The address of the API: that of a server ends in /api, that of Prefect Cloud names the workspace.',
  ),
});

/** What stands after `kind: mlflow` in a config. */
export const mlflowConfigSchema = z.strictObject({
  url: base.describe('The address of the tracking server.'),
});

/** What stands after `kind: bullboard` in a config. */
export const bullboardConfigSchema = z.strictObject({
  url: base.describe('The address that the board is mounted at.'),
  queues: z.array(z.string().min(1)).min(1).optional().describe('The queues to read; all of them where absent.'),
  tenant: z.string().min(1).optional().describe('The member of the data of a job that names its tenant.'),
});

/** What stands after `kind: flower` in a config. */
export const flowerConfigSchema = z.strictObject({
  url: base.describe('The address of Flower.'),
  states: z.array(z.string().min(1)).optional().describe('States of your own events that mean that a task is at work.'),
});

/** What stands after `kind: dagster` in a config. */
export const dagsterConfigSchema = z.strictObject({
  url: base.describe('The address of the web server; of Dagster+, with the deployment.'),
});

/** What stands after `kind: slurm` in a config. */
export const slurmConfigSchema = z.strictObject({
  url: base.describe('The address of slurmrestd.'),
  version: z
    .string()
    .regex(/^v\d+\.\d+\.\d+$/, 'is written v0.0.40')
    .optional()
    .describe('The version of the API to speak; the newest that the server has where absent.'),
  user: z.string().min(1).optional().describe('The user of the token, where that does not name it.'),
});

/** What stands after `kind: airflow` in a config. */
export const airflowConfigSchema = z.strictObject({
  url: base.describe('The address of the API server, without /api/v2.'),
});

/** What stands after `kind: buildbot` in a config. */
export const buildbotConfigSchema = z.strictObject({
  url: base.describe('The address of the pages of Buildbot; its API lies below.'),
});

/** What stands after `kind: n8n` in a config. */
export const n8nConfigSchema = z.strictObject({
  url: base.describe('The address of n8n; its public API lies below.'),
});

/** What stands after `kind: temporal` in a config. */
export const temporalConfigSchema = z.strictObject({
  url: base.describe('The address of the HTTP API, which usually has the port 7243.'),
  namespace: z.string().min(1).optional().describe('The namespace to read; default where absent.'),
  ui: base.optional().describe('The address of the web UI, for links.'),
});

/** What stands after `kind: kubernetes` in a config. */
export const kubernetesConfigSchema = z.strictObject({
  url: base.describe('The address of the API server.'),
  namespace: z.string().min(1).optional().describe('The namespace to read; all of them where absent.'),
  selector: z
    .string()
    .min(1)
    .optional()
    .describe('The labels that Jobs must have, as kubectl takes them: team=payments.'),
});

/** What stands after `kind: argo` in a config. */
export const argoConfigSchema = z.strictObject({
  url: base.describe("The address of Argo's server, or with api: kubernetes that of the API server."),
  namespace: z.string().min(1).optional().describe('The namespace to read; all of them where absent.'),
  api: z.enum(['argo', 'kubernetes']).optional().describe('Who is asked; argo where absent.'),
});

/** What stands after `kind: jenkins` in a config. */
export const jenkinsConfigSchema = z.strictObject({
  url: base.describe('The address of Jenkins, with the path that it lies below.'),
});

/** What stands after `kind: metaflow` in a config. */
export const metaflowConfigSchema = z.strictObject({
  url: base.describe("The address of the backend of Metaflow's UI, which often ends in /api."),
});
