import { isObject } from '../reading/body.js';
import type { SourceFetch, SourcePage } from '../source.js';
import { countedPage, pageRequest } from './api.js';
import { hasEnded } from './run.js';

/** What is known of a list of runs: how many there are, how many of a status that the list takes, and which were seen. */
export type KnownRuns = {
  readonly url: string;
  readonly total: number;
  readonly active: number;
  readonly listed: Set<string>;
  /** The rows of the first page without a filter. */
  readonly latest: readonly unknown[];
};

/** How many pages without a filter are searched. */
const MOST_PAGES = 20;

/**
 * The runs that are being cancelled, which no filter finds: Gitea calls them `in_progress`, and a list of those leaves them out. How
 * many there are follows from the counts; they are looked for among the latest runs.
 */
export async function* cancellingPages(
  known: KnownRuns,
  fetch: SourceFetch,
  read: (rows: readonly unknown[]) => Promise<SourcePage>,
): AsyncGenerator<SourcePage, void> {
  const { url, listed } = known;
  const ended = await countOf(url, 'status=completed&', fetch);
  let missing = known.total - known.active - ended - unlisted(known.latest, listed).length;
  let seen = known.latest.length;
  for (let page = 2; missing > 0 && page <= MOST_PAGES; page++) {
    const { rows } = countedPage(await fetch(pageRequest(url, page)), 'workflow_runs');
    if (rows.length === 0) break;
    seen += rows.length;
    const found = unlisted(rows, listed);
    missing -= found.length;
    yield await read(found);
  }
  // Where all were read, a run has ended between the counts.
  if (missing <= 0 || seen >= known.total) return;
  yield {
    runs: [],
    issues: [],
    incomplete: `Gitea counts ${missing} runs that are being cancelled and are not among the latest ${seen}: its list cannot be asked for them.`,
  };
}

function unlisted(rows: readonly unknown[], listed: Set<string>): readonly unknown[] {
  return rows.filter((row) => isObject(row) && !hasEnded(row) && !listed.has(String(row['id'])));
}

/** How many runs have a status, without reading them. */
export async function countOf(url: string, filter: string, fetch: SourceFetch): Promise<number> {
  const response = await fetch({ url: `${url}?${filter}page=1&limit=1` });
  return countedPage(response, 'workflow_runs').total;
}
