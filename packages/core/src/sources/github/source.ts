import { parseDuration } from '../../duration.js';
import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { GITHUB_API, githubApi, withinRateLimit } from './api.js';
import { GITHUB_OWNER, ownedRepositories, REPOSITORY_NAME } from './owner.js';
import { githubRepository, type GithubRepository } from './repository.js';
import { readPlaces } from '../reading/read-places.js';
import { SourceConfigError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { strictSource } from '../reading/strict-source.js';
import { GITHUB_SHAPES } from './shapes.js';

/**
 * A repository on GitHub, or all of an organisation or a user. `url` is the URL of a GitHub Enterprise server; `pushed` leaves out
 * repositories that were not pushed to for longer than that.
 */
export type GithubConfig =
  | { readonly repository: string; readonly url?: string | undefined }
  | { readonly owner: string; readonly pushed?: string | undefined; readonly url?: string | undefined };

/** GitHub Actions in short, for the registry of kinds. */
export const githubAdapter: SourceAdapter<GithubConfig> = {
  create: githubSource,
  credentialHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  configFromUri: (rest) => {
    if (GITHUB_REPOSITORY.test(rest)) return { repository: rest };
    if (GITHUB_OWNER.test(rest)) return { owner: rest };
    throw new SourceConfigError('Write a repository as github:owner/repo, and all of an owner as github:owner');
  },
};

/** How a repository is named. */
export const GITHUB_REPOSITORY = /^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/;

/** Reads workflow runs from GitHub's REST API. GitHub tells no heartbeat of a run. */
export function githubSource(name: string, config: GithubConfig): Source {
  const address = githubApi(config.url);
  const reader =
    'repository' in config
      ? githubRepository(name, address, config.repository)
      : githubOwner(name, address, config.owner, parseDuration(config.pushed ?? 'never') ?? Infinity);
  return strictSource({ name, kind: 'github', address, ...reader }, GITHUB_API, GITHUB_SHAPES);
}

/** Reads all repositories of an organisation or a user. The id of a run begins with its repository: `web/1234567890`. */
function githubOwner(name: string, address: string, owner: string, pushedWithin: number): GithubRepository {
  const readerOf = (repository: string) => githubRepository(name, address, `${owner}/${repository}`, `${repository}/`);

  async function* list(query: SourceQuery, given: SourceFetch): AsyncGenerator<SourcePage, void> {
    const fetch = withinRateLimit(given);
    const { names, note, incomplete } = await ownedRepositories(address, owner, pushedWithin, fetch);
    yield { runs: [], issues: [], note, incomplete };
    const titleOf = (repository: string) => `${owner}/${repository}`;
    const listOf = (repository: string) => readerOf(repository).list(query, fetch);
    yield* readPlaces({ names, plural: 'repositories', titleOf, list: listOf });
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const { repository, runId } = partsOf(id);
    return REPOSITORY_NAME.test(repository) ? readerOf(repository).get(runId, fetch) : undefined;
  }

  const inspect = (run: Run, fetch: SourceFetch) => readerOf(partsOf(run.id).repository).inspect(run, fetch);

  return { list, get, inspect };
}

function partsOf(id: string): { readonly repository: string; readonly runId: string } {
  const slash = id.indexOf('/');
  return { repository: id.slice(0, Math.max(0, slash)), runId: id.slice(slash + 1) };
}
