import type { PolicyDocument } from '../policy-document.js';
import type { Instant, Run } from '../run.js';
import type { RunIssue } from '../wire.js';

/** One request of an adapter. A relative `url` is resolved against the URL of the source. */
export type SourceRequest = {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. POST is used only for queries that read. */
  readonly body?: unknown;
  /** Statuses besides 2xx that the adapter handles itself instead of a `SourceError`. */
  readonly accept?: readonly number[];
};

/** One response, its body parsed from JSON. */
export type SourceResponse = {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly body: unknown;
  /** The URL that responded, after redirects. */
  readonly url: string;
};

/**
 * How an adapter reaches its source: the transport adds credentials, retries, limits, timeouts and the redirect rules, and
 * throws a `SourceError` for anything but an accepted JSON response of the configured origin.
 */
export type SourceFetch = (request: SourceRequest) => Promise<SourceResponse>;

/** Why a source could not be read. Stable: reports and documentation use it. */
export type SourceErrorCode =
  | 'auth'
  | 'forbidden'
  | 'not_found'
  | 'rate_limited'
  | 'truncated'
  | 'timeout'
  | 'network'
  | 'http'
  | 'shape'
  | 'limit'
  | 'refused';

/** A source that could not be read completely. The message says what, where and the fix, and never contains a secret. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  readonly status: number | undefined;

  constructor(code: SourceErrorCode, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
  }
}

/** A source that cannot be set up from its config or URI: the caller's mistake, found before any request. */
export class SourceConfigError extends Error {
  override readonly name = 'SourceConfigError';
}

/** A part of the runs of a source, as it arrives. */
export type SourcePage = {
  readonly runs: readonly Run[];
  /** Rows that could not be read: they make the list incomplete, and hide nothing else. */
  readonly issues: readonly RunIssue[];
  /** The clock of the source where its body states it (`now` of the run API); preferred over the `Date` header. */
  readonly now?: Instant | undefined;
  /** The total number of runs, as the source reports it. */
  readonly total?: number | undefined;
  /** Something that makes the list incomplete although pages arrived (a limit of the API, a query that had to be skipped). */
  readonly incomplete?: string | undefined;
  /** What was left out because the caller or the system rules it out: the report says so, and the rest counts as complete. */
  readonly note?: string | undefined;
};

/** The requested runs; an adapter lets its server filter what it can, and the caller filters again. */
export type SourceQuery = {
  readonly activity: 'active' | 'recent' | 'all';
  readonly type?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly workspaceId?: string | undefined;
  readonly problemClass?: string | undefined;
  readonly q?: string | undefined;
  /** Only runs that were queued, or else started, since then. */
  readonly since?: Instant | undefined;
  /** Runs that ended before this are not needed: a list that comes in such an order need not be read further. Active ones are never cut. */
  readonly endedSince?: Instant | undefined;
  /** The number of recent runs to read; active ones are never cut. */
  readonly limit?: number | undefined;
};

/** Which of the runs with one id: several systems behind one API, several attempts. */
export type RunVersion = Pick<Run, 'source' | 'attempt'>;

/** A configured source, ready to be read. Reads only: nothing here retries, cancels or changes a run. */
export type Source = {
  readonly name: string;
  readonly kind: string;
  /** The base of relative requests, whose origin gets the credentials; absent if there are no requests. */
  readonly address: string | undefined;
  /**
   * Yields pages until all is read; throws a `SourceError` when it cannot continue. The same run may be yielded more than once
   * (`mergeRuns`) if the API needs several requests.
   */
  readonly list: (query: SourceQuery, fetch: SourceFetch) => AsyncIterable<SourcePage>;
  /**
   * Reads one run again. `which` says which of the runs with this id is meant; an API that can tell them apart (`?source=`, an
   * attempt in the path) requests exactly that one.
   *
   * `undefined` means that the source does not give this run: a 404, an id that it cannot have. It is **no evidence that the
   * run has ended**: a proxy, a missing route and a token without the right send a 404 too. The caller compares source, id
   * and attempt, and for a run that it does not get it reads the active list again: only a complete list without the run
   * shows that the run has left it.
   *
   * @throws {SourceError} `shape` for a response that cannot be read: `null`, another type, `{ "error": … }`.
   */
  readonly get: (id: string, fetch: SourceFetch, which?: RunVersion) => Promise<Run | undefined>;
  /**
   * Looks inside a run (at its jobs, its worker, what it waits for) and gives the same run with what came to light: a `flag`,
   * a hold, a status that lags behind. Called for runs that would fail the check and for holds that are minutes old, for a
   * hold is checked, not believed. A run about which nothing more can be learned comes back as it is.
   *
   * `fetch` shares identical requests (method, URL, headers, body) between all runs of one second look and counts the others
   * against the budget of the source. So request first what a group has in common (its queue, DAG, environment, node), with
   * the same URL for each of its runs, and about the single run only if that did not decide. The header `cache-control: no-cache`
   * makes a request go out again.
   *
   * @throws {SourceError} if it could not look. The verdict then stands, marked as not confirmed: whatever cannot be read
   *   never clears a run.
   */
  readonly inspect?: (run: Run, fetch: SourceFetch) => Promise<Run>;
  /** The policy that the source publishes for its runs; `undefined` if it has none. */
  readonly policy?: (fetch: SourceFetch) => Promise<PolicyDocument | undefined>;
};
