import { isActive, mergeRuns, type Run } from '../../run.js';
import type { RunIssue } from '../../wire.js';
import { SourceError, type Source, type SourceFetch, type SourceQuery, type SourceRequest } from '../source.js';

/** The response of a fake server. A body that is `undefined` stands for one that is not JSON. */
export type Answer = {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Server = (url: URL, request: SourceRequest) => Answer;

/** A `SourceFetch` that treats responses like the real transport, and records the requests. */
export function fetchFrom(server: Server): { readonly fetch: SourceFetch; readonly asked: SourceRequest[] } {
  const asked: SourceRequest[] = [];
  const fetch: SourceFetch = async (request) => {
    asked.push(request);
    const { status = 200, body, headers = {} } = server(new URL(request.url), request);
    if ((status < 200 || status > 299) && request.accept?.includes(status) !== true) {
      throw new SourceError(status === 401 ? 'auth' : 'http', `HTTP ${status}`, { status });
    }
    const get = (name: string) => headers[name.toLowerCase()] ?? null;
    return { status, headers: { get }, body: structuredClone(body), url: request.url };
  };
  return { fetch, asked };
}

/** Everything that a list returned, and the error that ended it. */
export type Gathered = {
  readonly runs: readonly Run[];
  readonly issues: readonly RunIssue[];
  readonly incomplete: readonly string[];
  readonly notes: readonly string[];
  readonly pages: number;
  readonly error: SourceError | undefined;
};

/** Reads a list to its end, as a caller does: runs merged, the error kept. */
export async function gather(
  source: Source,
  server: Server,
  query: SourceQuery = { activity: 'active' },
): Promise<Gathered & { readonly asked: readonly SourceRequest[] }> {
  const { fetch, asked } = fetchFrom(server);
  const runs: Run[] = [];
  const issues: RunIssue[] = [];
  const incomplete: string[] = [];
  const notes: string[] = [];
  let pages = 0;
  let error: SourceError | undefined;
  try {
    for await (const page of source.list(query, fetch)) {
      pages++;
      runs.push(...page.runs);
      issues.push(...page.issues);
      if (page.incomplete !== undefined) incomplete.push(page.incomplete);
      if (page.note !== undefined) notes.push(page.note);
    }
  } catch (caught) {
    if (!(caught instanceof SourceError)) throw caught;
    error = caught;
  }
  const merged = mergeRuns(runs);
  const wanted = query.activity === 'active' ? merged.filter(isActive) : merged;
  return { runs: wanted, issues, incomplete, notes, pages, error, asked };
}
