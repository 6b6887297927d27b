import type { Run } from '../../run.js';
import { memberOf } from '../reading/body.js';
import { epochMs } from '../reading/epoch-time.js';
import { nextLink } from '../reading/link-header.js';
import { readPages } from '../reading/read-pages.js';
import { SourceError, type SourceFetch } from '../source.js';
import { GITHUB_API, GITHUB_HEADERS, GITHUB_PAGE } from './api.js';

/** GitHub deletes a run that has waited this long for the approval of its first job. */
const LONGEST_APPROVAL_MS = 30 * 86_400_000;

/**
 * Looks at a run of an outside contributor that waits until a maintainer lets it run. GitHub keeps it after its pull request was closed
 * or got another commit; then nobody waits for it, and it counts as what GitHub calls it: completed.
 */
export async function inspectApproval(run: Run, repository: string, fetch: SourceFetch): Promise<Run> {
  const { queuedAt } = run;
  const waiting = { ...run, deadlineAt: queuedAt === undefined ? undefined : epochMs(queuedAt + LONGEST_APPROVAL_MS) };
  if (run.labels['event'] !== 'pull_request') return waiting;
  // All runs of a repository make the same requests.
  const commits = await openCommits(repository, fetch);
  if (commits === undefined || commits.has(run.labels['sha'])) return waiting;
  return { ...run, status: 'completed', outcome: 'blocked', hold: undefined, waitsFor: undefined };
}

/** The last commit of each open pull request; `undefined` if they may not be seen. */
async function openCommits(repository: string, fetch: SourceFetch): Promise<ReadonlySet<unknown> | undefined> {
  const url = `${repository}/pulls`;
  const first = { url: `${url}?state=open&per_page=${GITHUB_PAGE}`, headers: GITHUB_HEADERS, accept: [403, 404] };
  const commits = new Set<unknown>();
  const pages = readPages(first, fetch, ({ status, body, headers }) => {
    if (status >= 400) return { page: undefined, next: undefined };
    if (!Array.isArray(body)) {
      throw new SourceError('shape', `${url} sent no list of pull requests. Is this the URL of ${GITHUB_API}?`);
    }
    const link = nextLink(headers.get('link'));
    const next = link === undefined ? undefined : { url: new URL(link, url).href, headers: GITHUB_HEADERS };
    return { page: body as readonly unknown[], next };
  });
  for await (const page of pages) {
    if (page === undefined) return undefined;
    for (const pull of page) {
      const { sha } = memberOf(pull, 'head');
      if (typeof sha !== 'string') throw new SourceError('shape', `A pull request of ${url} has no last commit.`);
      commits.add(sha);
    }
  }
  return commits;
}
