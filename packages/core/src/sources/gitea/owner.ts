import { isObject, isText } from '../reading/body.js';
import { nextLink } from '../reading/link-header.js';
import { readPages } from '../reading/read-pages.js';
import { SourceError, type SourceFetch, type SourceResponse } from '../source.js';
import { GITEA_API, pageRequest } from './api.js';

/** The repositories that are to be read one by one, and what was left out. */
export type FoundRepositories = {
  /** As `owner/repo`. */
  readonly names: readonly string[];
  readonly note: string | undefined;
  readonly incomplete: string | undefined;
};

/** How an owner or a repository is named. */
export const GITEA_NAME = /^(?!\.+$)[\w.-]+$/;

/** How a repository is named. */
export const GITEA_REPOSITORY = /^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/;

/** All repositories of an owner that the token may see. */
export async function ownedRepositories(api: string, owner: string, fetch: SourceFetch): Promise<FoundRepositories> {
  return found(await rowsOf(`${api}users/${owner}/repos`, (body) => body, fetch), owner);
}

/** All repositories of the instance that the token may see. */
export async function visibleRepositories(api: string, fetch: SourceFetch): Promise<FoundRepositories> {
  const dataOf = (body: unknown) => (isObject(body) ? body['data'] : undefined);
  const all = found(await rowsOf(`${api}repos/search`, dataOf, fetch), undefined);
  const seen = `The token is not an administrator's: ${all.names.length} repositories that it may see were read.`;
  return { ...all, note: all.note === undefined ? seen : `${seen} ${all.note}` };
}

function found(rows: readonly unknown[], owner: string | undefined): FoundRepositories {
  const names = new Set<string>();
  const left = { archived: 0, without: 0, unreadable: 0 };
  for (const row of rows) {
    const name = isObject(row) ? row['full_name'] : undefined;
    if (!isObject(row) || !isText(name) || !GITEA_REPOSITORY.test(name)) left.unreadable++;
    else if (row['archived'] === true) left.archived++;
    else if (row['has_actions'] === false) left.without++;
    else names.add(name);
  }
  if (rows.length === 0) {
    const of = owner === undefined ? '' : ` of ${owner}`;
    throw new SourceError('not_found', `Gitea lists no repository${of} that may be read with this credential.`);
  }
  const notes = [
    left.archived === 0 ? undefined : `${left.archived} archived`,
    left.without === 0 ? undefined : `${left.without} without Actions`,
  ].filter((note) => note !== undefined);
  return {
    names: [...names],
    note: notes.length === 0 ? undefined : `Repositories that were not read: ${notes.join(', ')}.`,
    incomplete: left.unreadable === 0 ? undefined : `${left.unreadable} repositories came without a name.`,
  };
}

async function rowsOf(
  url: string,
  listIn: (body: unknown) => unknown,
  fetch: SourceFetch,
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const pages = readPages(pageRequest(url, 1), fetch, (response: SourceResponse) => {
    const list = listIn(response.body);
    if (!Array.isArray(list)) {
      throw new SourceError('shape', `${url} sent no list of repositories. Is this the URL of ${GITEA_API}?`);
    }
    const link = nextLink(response.headers.get('link'));
    return {
      page: list as readonly unknown[],
      next: link === undefined ? undefined : { url: new URL(link, url).href },
    };
  });
  for await (const page of pages) rows.push(...page);
  return rows;
}
