import type { Run } from '../../run.js';
import type { Environment, SourceAdapter } from '../descriptor.js';
import { baseUrl } from '../reading/base-url.js';
import { objectBody, withSlash } from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readPlaces } from '../reading/read-places.js';
import { SourceConfigError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { GITEA_API, giteaApi, HIDDEN, pageRequest } from './api.js';
import { inspectGiteaRun } from './inspect.js';
import { firstPage, listRuns, readRun, type RunList } from './list.js';
import {
  GITEA_NAME,
  GITEA_REPOSITORY,
  ownedRepositories,
  visibleRepositories,
  type FoundRepositories,
} from './owner.js';
import { runsFromTasks } from './tasks.js';
import { strictSource } from '../reading/strict-source.js';
import { GITEA_SHAPES } from './shapes.js';

export { GITEA_NAME, GITEA_REPOSITORY };

/** A repository on a server of Gitea or Forgejo, all of an organisation or a user, or all of the instance. */
export type GiteaConfig =
  | { readonly url: string; readonly repository: string }
  | { readonly url: string; readonly owner: string }
  | { readonly url: string };

/** Gitea and Forgejo Actions, for the registry of kinds. */
export const giteaAdapter: SourceAdapter<GiteaConfig> = {
  create: giteaSource,
  credentialHeaders: (token) => ({ authorization: `token ${token}` }),
  configFromUri,
};

const HOW_TO_WRITE =
  'gitea:https://git.example.com/owner/repo, or without /repo or /owner/repo for all of an owner or of the instance';

/** `https://host/owner/repo`, `https://host/owner`, `https://host`; `owner/repo` and `owner` on the server of the environment. */
function configFromUri(rest: string, environment: Environment = {}): GiteaConfig {
  if (!rest.includes('://')) {
    const { GITEA_SERVER_URL, FORGEJO_SERVER_URL, GITHUB_SERVER_URL, GITEA_ACTIONS, FORGEJO_ACTIONS } = environment;
    const inJob = GITEA_ACTIONS === 'true' || FORGEJO_ACTIONS === 'true' ? GITHUB_SERVER_URL : undefined;
    const server = GITEA_SERVER_URL ?? FORGEJO_SERVER_URL ?? inJob;
    if (server !== undefined) return configAt(baseUrl(server, 'https://git.example.com'), rest.split('/'));
    throw new SourceConfigError(`Name the server: ${HOW_TO_WRITE}. GITEA_SERVER_URL names one for owner/repo alone.`);
  }
  const url = new URL(baseUrl(rest, HOW_TO_WRITE));
  const parts = url.pathname.split('/').filter((part) => part !== '');
  // A server may live below a path of its host; an owner there needs a config.
  const own = parts.length > 2 ? parts.slice(-2) : parts;
  const above = parts.slice(0, parts.length - own.length);
  return configAt(`${url.origin}/${above.map((part) => `${part}/`).join('')}`, own);
}

function configAt(url: string, parts: readonly string[]): GiteaConfig {
  const [owner, repository, ...more] = parts;
  if (owner === undefined || owner === '') return { url };
  if (!parts.every((part) => GITEA_NAME.test(part)) || more.length > 0) {
    throw new SourceConfigError(`Write it as ${HOW_TO_WRITE}.`);
  }
  return repository === undefined ? { url, owner } : { url, repository: `${owner}/${repository}` };
}

type Reader = Required<Pick<Source, 'list' | 'get' | 'inspect'>>;

/** Reads workflow runs from the API of Gitea or Forgejo, which of the two its rows say. */
export function giteaSource(name: string, config: GiteaConfig): Source {
  const address = giteaApi(withSlash(config.url));
  return strictSource({ name, kind: 'gitea', address, ...readerOf(name, address, config) }, GITEA_API, GITEA_SHAPES);
}

function readerOf(name: string, api: string, config: GiteaConfig): Reader {
  if ('repository' in config) return repositoryReader(name, api, config.repository, '');
  if ('owner' in config) return ownerReader(name, api, config.owner);
  const prefixOf = (repository: string | undefined) => `${repository ?? ''}/`;
  return manyReader({
    name,
    api,
    lists: async function* () {
      yield { name, api, url: `${api}admin/actions`, prefixOf };
    },
    repositories: (fetch) => visibleRepositories(api, fetch),
    prefixOf,
    repositoryOf: (prefix) => prefix,
  });
}

function ownerReader(name: string, api: string, owner: string): Reader {
  const prefixOf = (repository: string | undefined) => `${repository?.split('/').at(-1) ?? ''}/`;
  return manyReader({
    name,
    api,
    lists: async function* (fetch) {
      yield { name, api, url: `${api}orgs/${owner}/actions`, prefixOf };
      if (await isOwnToken(api, owner, fetch)) yield { name, api, url: `${api}user/actions`, prefixOf };
    },
    repositories: (fetch) => ownedRepositories(api, owner, fetch),
    prefixOf,
    repositoryOf: (prefix) => `${owner}/${prefix}`,
  });
}

/** A user's runs are listed for that user alone. */
async function isOwnToken(api: string, owner: string, fetch: SourceFetch): Promise<boolean> {
  const response = await fetch({ url: `${api}user`, accept: HIDDEN });
  if (response.status >= 400) return false;
  const { login } = objectBody(response, GITEA_API);
  return typeof login === 'string' && login.toLowerCase() === owner.toLowerCase();
}

type Many = {
  readonly name: string;
  readonly api: string;
  /** Lists that may have all runs at once; the first that is there is read. */
  readonly lists: (fetch: SourceFetch) => AsyncIterable<RunList>;
  readonly repositories: (fetch: SourceFetch) => Promise<FoundRepositories>;
  readonly prefixOf: (repository: string | undefined) => string;
  /** The full name of the repository with that prefix. */
  readonly repositoryOf: (prefix: string) => string;
};

/** Reads many repositories: by one list where the server has it for this token, else one by one. */
function manyReader({ name, api, lists, repositories, prefixOf, repositoryOf }: Many): Reader {
  const readerAt = (repository: string) => repositoryReader(name, api, repository, prefixOf(repository));

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    for await (const one of lists(fetch)) {
      const first = await firstPage(one, fetch, [403, 404]);
      if (first === undefined) continue;
      yield* listRuns(one, first, query, fetch);
      return;
    }
    const { names, note, incomplete } = await repositories(fetch);
    yield { runs: [], issues: [], note, incomplete };
    yield* readPlaces({
      names,
      plural: 'repositories',
      titleOf: (repository) => repository,
      list: (repository) => readerAt(repository).list(query, fetch),
    });
  }

  function partsOf(id: string): { readonly repository: string; readonly run: string } {
    const slash = id.lastIndexOf('/');
    return { repository: repositoryOf(id.slice(0, Math.max(0, slash))), run: id.slice(slash + 1) };
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const { repository, run } = partsOf(id);
    return GITEA_REPOSITORY.test(repository) ? readerAt(repository).get(run, fetch) : undefined;
  }

  const inspect = (run: Run, fetch: SourceFetch) => readerAt(partsOf(run.id).repository).inspect(run, fetch);
  return { list, get, inspect };
}

function repositoryReader(name: string, api: string, repository: string, prefix: string): Reader {
  const url = `${api}repos/${repository}/actions`;
  const runs: RunList = { name, api, url, prefixOf: () => prefix, repository };

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const first = await firstPage(runs, fetch, [404]);
    const limit = query.activity === 'active' ? 0 : endedLimit(query);
    if (first !== undefined) yield* listRuns(runs, first, query, fetch);
    else yield* backTo(query, runsFromTasks(name, `${url}/tasks`, prefix, limit, fetch));
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    if (!/^\d+$/.test(id)) return undefined;
    const response = await fetch({ url: `${url}/runs/${id}`, accept: [404] });
    if (response.status !== 404) return readRun(runs, response.body, id, fetch);
    const hasList = (await fetch(pageRequest(`${url}/runs`, 1, '', [404]))).status < 400;
    if (hasList) return undefined;
    for await (const page of runsFromTasks(name, `${url}/tasks`, prefix, Infinity, fetch)) {
      const found = page.runs.find((run) => run.id === `${prefix}${id}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  const inspect = (run: Run, fetch: SourceFetch) =>
    inspectGiteaRun(run, { api, repository, id: run.id.slice(prefix.length) }, fetch);

  return { list, get, inspect };
}
