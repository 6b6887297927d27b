import * as z from 'zod';
import { GITHUB_REPOSITORY } from './github-source.js';
import { baseAddressProblem } from './web-address.js';

const base = z.string().refine((text) => baseAddressProblem(text) === undefined, {
  error: (issue) => baseAddressProblem(String(issue.input)) ?? 'This is no web address.',
});

/** What stands after `kind: runs` in a config. */
export const runsConfigSchema = z.strictObject({
  url: base.describe('The address that /runs and /policy lie below.'),
});

/** What stands after `kind: github` in a config. */
export const githubConfigSchema = z.strictObject({
  repository: z.string().regex(GITHUB_REPOSITORY, 'is written owner/repo'),
  url: base.optional().describe('The address of a GitHub Enterprise server.'),
});
