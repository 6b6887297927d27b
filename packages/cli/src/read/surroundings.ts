import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';

/** The source that a CI job belongs to, and what it is asked with. */
export type Surroundings = {
  readonly kind: string;
  readonly place: string;
  readonly config: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  /** Headers in place of those of a token. */
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * In GitHub Actions, the repository that the job belongs to; in GitLab CI, the project.
 *
 * @throws {UsageError} anywhere else.
 */
export function surroundings({ env }: Pick<CliIo, 'env'>): Surroundings {
  const { GITHUB_ACTIONS, GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_TOKEN } = env;
  if (GITHUB_ACTIONS === 'true' && GITHUB_REPOSITORY !== undefined) {
    const config = { repository: GITHUB_REPOSITORY, ...urlOf(GITHUB_API_URL) };
    return { kind: 'github', place: GITHUB_REPOSITORY, config, token: GITHUB_TOKEN, headers: {} };
  }
  const { GITLAB_CI, CI_PROJECT_PATH, CI_SERVER_URL, CI_JOB_TOKEN, GITLAB_TOKEN } = env;
  if (GITLAB_CI === 'true' && CI_PROJECT_PATH !== undefined) {
    const config = { project: CI_PROJECT_PATH, ...urlOf(CI_SERVER_URL) };
    // Every job has a token of its own; it may read the list of pipelines, and not what is inside of them.
    const headers = GITLAB_TOKEN !== undefined || CI_JOB_TOKEN === undefined ? {} : { 'job-token': CI_JOB_TOKEN };
    return { kind: 'gitlab', place: CI_PROJECT_PATH, config, token: GITLAB_TOKEN, headers };
  }
  throw new UsageError(
    'There is no source to read.',
    'Name one (tardy check github:owner/repo, runs:https://host/api, file:runs.json) or write a tardy.config.yaml.',
  );
}

function urlOf(url: string | undefined): { readonly url?: string } {
  return url === undefined ? {} : { url };
}
