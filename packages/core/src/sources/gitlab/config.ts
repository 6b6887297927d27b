import * as z from 'zod';
import { baseUrlField, durationField } from '../reading/config-fields.js';
import { GITLAB_GROUP, GITLAB_PROJECT, type GitlabConfig } from './source.js';

const id = z.int().positive();

const gitlabProject = z.union([z.string().regex(GITLAB_PROJECT, 'must be group/project or an id'), id]);

/** The config of a `kind: gitlab` source: a project, several, or a group of many. */
export const gitlabConfigSchema = z
  .strictObject({
    project: gitlabProject.optional().describe('A project by its path or id.'),
    projects: z.array(gitlabProject).min(1).optional().describe('Several projects.'),
    group: z
      .union([z.string().regex(GITLAB_GROUP, 'must be the path of a group or its id'), id])
      .optional()
      .describe('A group by its path or id: all projects in it and its subgroups are read.'),
    active: durationField
      .optional()
      .describe('Skips projects of the group without activity for longer than this; without it, all are read.'),
    children: z.boolean().optional().describe('Also reads child pipelines, which doubles the requests.'),
    url: baseUrlField.optional().describe('The URL of a GitLab server (default: https://gitlab.com).'),
  })
  .transform(({ project, projects, group, active, ...rest }, context): GitlabConfig => {
    const one = [project, projects, group].filter((given) => given !== undefined).length === 1;
    if (one && group !== undefined) return { group: String(group), active, ...rest };
    if (one && active === undefined && project !== undefined) return { project: String(project), ...rest };
    if (one && active === undefined && projects !== undefined) return { projects: projects.map(String), ...rest };
    context.addIssue('needs one of project, projects or group; active goes with group only');
    return z.NEVER;
  });
