import * as z from 'zod';
import { baseUrlField, durationField } from '../reading/config-fields.js';
import { GITHUB_OWNER } from './owner.js';
import { GITHUB_REPOSITORY, type GithubConfig } from './source.js';

/** The config of a `kind: github` source: a repository, or an owner of many. */
export const githubConfigSchema = z
  .strictObject({
    repository: z.string().regex(GITHUB_REPOSITORY, 'must be written owner/repo').optional(),
    owner: z
      .string()
      .regex(GITHUB_OWNER, 'must be the name of an organisation or a user')
      .optional()
      .describe('An organisation or a user: all of its repositories are read.'),
    pushed: durationField
      .optional()
      .describe('Skips repositories of the owner without a push for longer than this; without it, all are read.'),
    url: baseUrlField.optional().describe('The URL of a GitHub Enterprise server.'),
  })
  .transform(({ repository, owner, pushed, url }, context): GithubConfig => {
    if (repository !== undefined && owner === undefined && pushed === undefined) return { repository, url };
    if (owner !== undefined && repository === undefined) return { owner, pushed, url };
    context.addIssue('needs either repository (owner/repo) or owner; pushed goes with owner only');
    return z.NEVER;
  });
