import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';
import { GITEA_NAME, GITEA_REPOSITORY, type GiteaConfig } from './source.js';

/** The config of a `kind: gitea` source: a repository, all of an owner, or all of the instance. */
export const giteaConfigSchema = z
  .strictObject({
    url: baseUrlField.describe('The URL of the Gitea or Forgejo server.'),
    repository: z.string().regex(GITEA_REPOSITORY, 'must be written owner/repo').optional(),
    owner: z
      .string()
      .regex(GITEA_NAME, 'must be the name of an organisation or a user')
      .optional()
      .describe(
        'An organisation or a user: all of its repositories are read. Without it and a repository, all of the instance.',
      ),
  })
  .transform(({ url, repository, owner }, context): GiteaConfig => {
    if (repository === undefined) return owner === undefined ? { url } : { url, owner };
    if (owner === undefined) return { url, repository };
    context.addIssue('needs either repository (owner/repo) or owner, or neither for all of the instance');
    return z.NEVER;
  });
