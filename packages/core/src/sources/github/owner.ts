import { formatInstant, parseInstant } from '../../instant.js';
import type { Instant } from '../../run.js';
import { isObject, queryText } from '../reading/body.js';
import { GITHUB_API, GITHUB_HEADERS, GITHUB_PAGE } from './api.js';
import { nextLink } from '../reading/link-header.js';
import { readPages, type PageStep } from '../reading/read-pages.js';
import { SourceError, type SourceFetch, type SourceRequest, type SourceResponse } from '../source.js';
import { serverClock } from '../reading/wire-time.js';

/** The repositories of an organisation or a user that are to be read, and what was left out. */
export type OwnedRepositories = {
  /** Their names without the owner, those that were pushed to last first. */
  readonly names: readonly string[];
  /** Which were left out because the caller or GitHub rules them out. */
  readonly note: string | undefined;
  /** What could not be read of the list. */
  readonly incomplete: string | undefined;
};

/** How an organisation or a user is named. */
export const GITHUB_OWNER = /^[\w-]+$/;

/** How a repository is named, without its owner. */
export const REPOSITORY_NAME = /^(?!\.+$)[\w.-]+$/;

type Listed = { readonly rows: readonly unknown[]; readonly clock: Instant | undefined };

/**
 * Lists the repositories of an organisation or a user, as far as the credential may see them.
 *
 * @param pushedWithin leaves out those that were not pushed to for longer, in milliseconds
 * @throws {SourceError} `not_found` when there is none: an empty list does not mean that nothing is late or stuck.
 */
export async function ownedRepositories(
  address: string,
  owner: string,
  pushedWithin: number,
  fetch: SourceFetch,
): Promise<OwnedRepositories> {
  const { rows, clock } = await listAll(address, owner, fetch);
  const since = clock === undefined ? -Infinity : clock - pushedWithin;
  const names = new Set<string>();
  const left = { archived: 0, quiet: 0, unreadable: 0 };
  for (const row of rows) {
    const name = isObject(row) ? row['name'] : undefined;
    if (!isObject(row) || typeof name !== 'string' || !REPOSITORY_NAME.test(name)) left.unreadable++;
    else if (row['archived'] === true || row['disabled'] === true) left.archived++;
    else if (pushedAt(row['pushed_at']) < since) left.quiet++;
    else names.add(name);
  }
  if (rows.length === 0) {
    const message = `GitHub lists no repository of ${owner} that may be read with this credential.`;
    throw new SourceError('not_found', message);
  }
  return {
    names: [...names],
    note: noteOf(left.archived, left.quiet, since),
    incomplete:
      left.unreadable === 0 ? undefined : `${left.unreadable} of the repositories of ${owner} came without a name.`,
  };
}

/** Organisations and users have lists of their own; a name does not say which it is. */
async function listAll(address: string, owner: string, fetch: SourceFetch): Promise<Listed> {
  const organisation = await listFrom(`${address}orgs/${owner}/repos`, { type: 'all' }, [404], fetch);
  if (organisation !== undefined) return organisation;
  const known = await listFrom(`${address}users/${owner}/repos`, { type: 'owner' }, [], fetch);
  // The list of a user has public ones only; one's own are in that of whoever asks, which a token of a workflow may not see.
  const own = await listFrom(`${address}user/repos`, { affiliation: 'owner,collaborator' }, [401, 403, 404], fetch);
  const belonging = (own?.rows ?? []).filter((row) => isOwnedBy(row, owner));
  return { rows: [...belonging, ...(known?.rows ?? [])], clock: known?.clock };
}

/** All rows of a list of repositories; `undefined` if its first response has one of the refused statuses. */
async function listFrom(
  url: string,
  which: Readonly<Record<string, string>>,
  refused: readonly number[],
  fetch: SourceFetch,
): Promise<Listed | undefined> {
  const search = queryText([...Object.entries(which), ['sort', 'pushed'], ['per_page', GITHUB_PAGE]]);
  const first: SourceRequest = { url: `${url}?${search}`, headers: GITHUB_HEADERS, accept: refused };
  const rows: unknown[] = [];
  let clock: Instant | undefined;
  for await (const page of readPages(first, fetch, (response) => stepOf(response, url))) {
    if (page === undefined) return undefined;
    rows.push(...page.rows);
    clock = page.clock;
  }
  return { rows, clock };
}

function stepOf(response: SourceResponse, base: string): PageStep<Listed | undefined> {
  if (response.status >= 400) return { page: undefined, next: undefined };
  if (!Array.isArray(response.body)) {
    throw new SourceError('shape', `${base} sent no list of repositories. Is this the URL of ${GITHUB_API}?`);
  }
  const link = nextLink(response.headers.get('link'));
  const next = link === undefined ? undefined : { url: new URL(link, base).href, headers: GITHUB_HEADERS };
  return { page: { rows: response.body as readonly unknown[], clock: serverClock(response) }, next };
}

function isOwnedBy(row: unknown, owner: string): boolean {
  const login = isObject(row) && isObject(row['owner']) ? row['owner']['login'] : undefined;
  return typeof login === 'string' && login.toLowerCase() === owner.toLowerCase();
}

/** One that GitHub tells no time of is read: it is not known to be quiet. */
function pushedAt(value: unknown): Instant {
  return (typeof value === 'string' ? parseInstant(value) : undefined) ?? Infinity;
}

function noteOf(archived: number, quiet: number, since: Instant): string | undefined {
  const parts = [
    ...(archived === 0 ? [] : [`${archived} archived or disabled`]),
    ...(quiet === 0 ? [] : [`${quiet} not pushed to since ${formatInstant(since)}`]),
  ];
  return parts.length === 0 ? undefined : `Repositories that were not read: ${parts.join(', ')}.`;
}
