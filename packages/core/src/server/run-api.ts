import { documentDigest } from '../digest.js';
import type { Policy } from '../policy.js';
import type { Instant } from '../run.js';
import { LATELY_MS } from '../summary.js';
import { runToWire } from '../wire.js';
import { jsonResponse, problemResponse } from './response.js';
import { eventStream } from './event-stream.js';
import {
  checkText,
  readInstant,
  readKinds,
  readListParameters,
  readTarget,
  readText,
  REQUEST_LIMITS,
} from './list-parameters.js';
import { issueToWire, listRuns } from './list-runs.js';
import { policyFor } from './policy-view.js';
import {
  badParameter,
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
  /** The path where the API is mounted, without a trailing slash: `/api`. By default the root. */
  readonly basePath?: string | undefined;
  /** The `WWW-Authenticate` header of a 401, such as `Bearer`. */
  readonly challenge?: string | undefined;
  /**
   * Authenticates cursors (HMAC-SHA-256): with it only cursors of this host are accepted. Give each server of a host the same
   * one. Without it a cursor can be forged, which shows nothing that its caller may not see.
   */
  readonly cursorSecret?: string | undefined;
  /** The document that `GET /openapi.json` serves to anybody; without it that URL does not exist. */
  readonly openapi?: Readonly<Record<string, unknown>> | undefined;
  /** How often an event stream sends a heartbeat, in milliseconds; 15 s by default. */
  readonly heartbeatMs?: number | undefined;
  /** The default time range of recent runs in a summary without `since`, in milliseconds; 24 h by default. */
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
    const response = await responseTo(request, now).catch((error: unknown) => {
      if (error instanceof RequestProblem) return problemResponse(now, error.problem);
      options.onError?.(error);
      return problemResponse(now, serverError().problem);
    });
    return request.method === 'HEAD' ? new Response(null, response) : response;
  }

  async function responseTo(request: Request, now: Instant): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : '';
    const openapi = path === '/openapi.json' ? options.openapi : undefined;
    const route = openapi === undefined ? routeOf(path) : () => jsonResponse(request, now, openapi);
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
    const page = await listRuns(store, parameters, { scope, policy, now }, options.cursorSecret);
    return jsonResponse(request, now, page, { now });
  }

  async function one({ request, query, viewer, now }: Call, encodedId: string): Promise<Response> {
    const id = readId(encodedId);
    const reference = { id, source: readText(query, 'source') };
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
    return jsonResponse(request, now, runToWire(found.run));
  }

  async function summary({ request, query, viewer, now }: Call): Promise<Response> {
    const filter = readTarget(query);
    const since = readInstant(query, 'since') ?? now - (options.latelyMs ?? LATELY_MS);
    const scope = scopeFor(viewer, filter);
    const { issues, complete = true, ...totals } = await store.summary({ scope, policy, now, filter, since });
    const body = {
      ...summaryToWire(totals),
      complete: complete && issues.length === 0,
      ...(issues.length === 0 ? {} : { issues: issues.map(issueToWire) }),
    };
    return jsonResponse(request, now, body, { since, now });
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
    return jsonResponse(request, now, { ...document, digest: documentDigest(document) });
  }

  return handle;
}

function readId(encoded: string): string {
  try {
    return checkText('id', decodeURIComponent(encoded), REQUEST_LIMITS.runId);
  } catch (error) {
    throw error instanceof RequestProblem ? error : badParameter('id', 'is not percent-encoded UTF-8');
  }
}
