import { documentDigest } from '../digest.js';
import type { Policy } from '../policy.js';
import type { Instant } from '../run.js';
import { LATELY_MS } from '../summary.js';
import { runToWire } from '../wire.js';
import { jsonAnswer, problemAnswer } from './answer.js';
import { eventStream } from './event-stream.js';
import { readInstant, readKinds, readListParameters, readTarget, REQUEST_LIMITS, single } from './list-parameters.js';
import { issueToWire, listRuns } from './list-runs.js';
import { policyFor } from './policy-view.js';
import {
  forbidden,
  methodNotAllowed,
  notFound,
  RequestProblem,
  serverError,
  unauthenticated,
  unreadable,
} from './problem.js';
import type { RunStore } from './run-store.js';
import { summaryToWire } from './summary-wire.js';
import { inScope, memberScope, readableScope, scopeFor, type Viewer } from './viewer.js';

/** What a host provides to serve the run API. */
export type RunApiOptions = {
  readonly store: RunStore;
  /** Says who is calling; `undefined` for nobody (401). Called for each request, and while an event stream is open. */
  readonly authorize: (request: Request) => Viewer | undefined | Promise<Viewer | undefined>;
  readonly policy: Policy;
  /** The host's clock. */
  readonly now: () => Instant;
  /** Where the API is mounted, without a slash at its end: `/api`. By default the root. */
  readonly basePath?: string | undefined;
  /** The `WWW-Authenticate` header of a 401, such as `Bearer`. */
  readonly challenge?: string | undefined;
  /** The document that `GET /openapi.json` serves to anybody; without it that URL does not exist. */
  readonly openapi?: Readonly<Record<string, unknown>> | undefined;
  /** How often an event stream sends a keep-alive comment; 15 s by default. */
  readonly heartbeatMs?: number | undefined;
  /** The default time range of recent runs in a summary without `since`; 24 h by default. */
  readonly latelyMs?: number | undefined;
  /** Called with what the store or the host threw; the caller gets a 500 without details. */
  readonly onError?: ((error: unknown) => void) | undefined;
};

type Call = {
  readonly request: Request;
  readonly query: URLSearchParams;
  readonly viewer: Viewer;
  readonly now: Instant;
};

type Route = (call: Call) => Promise<Response>;

const HEARTBEAT_MS = 15_000;

/**
 * Creates the run API of a host as one Web-standard handler. It is read-only.
 *
 * Every request gets a response, also when the store fails (500). Rate limits (429) are up to the host.
 */
export function createRunApi(options: RunApiOptions): (request: Request) => Promise<Response> {
  const { store, policy, basePath = '' } = options;

  async function handle(request: Request): Promise<Response> {
    const now = options.now();
    const answer = await answerOf(request, now).catch((error: unknown) => {
      if (error instanceof RequestProblem) return problemAnswer(now, error.problem);
      options.onError?.(error);
      return problemAnswer(now, serverError().problem);
    });
    return request.method === 'HEAD' ? new Response(null, answer) : answer;
  }

  async function answerOf(request: Request, now: Instant): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : '';
    const openapi = path === '/openapi.json' ? options.openapi : undefined;
    const route = openapi === undefined ? routeOf(path) : () => jsonAnswer(request, now, openapi);
    if (route === undefined) throw notFound();
    if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
    const viewer = openapi === undefined ? await options.authorize(request) : { memberships: [] };
    if (viewer === undefined) throw unauthenticated(options.challenge);
    return route({ request, query: url.searchParams, viewer, now });
  }

  function routeOf(path: string): Route | undefined {
    if (path === '/runs') return list;
    if (path === '/runs/summary') return summary;
    if (path === '/runs/events') return store.subscribe === undefined ? undefined : events;
    if (path === '/policy') return resolvedPolicy;
    const id = /^\/runs\/([^/]+)$/.exec(path)?.[1];
    return id === undefined ? undefined : (call) => one(call, id);
  }

  async function list({ request, query, viewer, now }: Call): Promise<Response> {
    const parameters = readListParameters(query);
    const scope = scopeFor(viewer, parameters.filter);
    return jsonAnswer(request, now, await listRuns(store, parameters, { scope, policy, now }), { now });
  }

  async function one({ request, query, viewer, now }: Call, encodedId: string): Promise<Response> {
    const id = decodeId(encodedId);
    const reference = { id, source: single(query, 'source') };
    const scope = memberScope(viewer);
    const found = await store.get(reference, { scope, policy, now });
    if (found === undefined) throw notFound();
    if (!found.ok) {
      const mayKnow = await store.get(reference, { scope: readableScope(viewer), policy, now });
      throw mayKnow === undefined ? forbidden() : unreadable(found.issue.reason);
    }
    if (!inScope(found.run, scope))
      throw new Error(`The store returned run ${id}, which is outside the requested scope.`);
    if (!inScope(found.run, readableScope(viewer))) throw forbidden();
    return jsonAnswer(request, now, runToWire(found.run));
  }

  async function summary({ request, query, viewer, now }: Call): Promise<Response> {
    const filter = readTarget(query);
    const since = readInstant(query, 'since') ?? now - (options.latelyMs ?? LATELY_MS);
    const scope = scopeFor(viewer, filter);
    const { issues, ...figures } = await store.summary({ scope, policy, now, filter, since });
    const complete = issues.length === 0;
    const body = { ...summaryToWire(figures), complete, ...(complete ? {} : { issues: issues.map(issueToWire) }) };
    return jsonAnswer(request, now, body, { since, now });
  }

  async function events({ request, query, viewer }: Call): Promise<Response> {
    const filter = { ...readTarget(query), ...readKinds(query) };
    return eventStream(request, {
      subscribe: (listener, after) => store.subscribe?.(listener, after) ?? (() => {}),
      scope: scopeFor(viewer, filter),
      renewScope: async () => {
        const renewed = await options.authorize(request);
        return renewed === undefined ? undefined : scopeFor(renewed, filter);
      },
      filter,
      now: options.now,
      heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS,
    });
  }

  async function resolvedPolicy({ request, viewer, now }: Call): Promise<Response> {
    const document = policyFor(policy.document, viewer);
    return jsonAnswer(request, now, { ...document, digest: documentDigest(document) });
  }

  return handle;
}

function decodeId(encoded: string): string {
  try {
    const id = decodeURIComponent(encoded);
    if (id.length <= REQUEST_LIMITS.runId && !id.includes('\0')) return id;
  } catch {
    // Not an id that any run can have.
  }
  throw notFound();
}
