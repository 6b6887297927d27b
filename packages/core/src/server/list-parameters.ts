import { PROBLEM_CLASSES } from '../classify.js';
import { parseInstant } from '../instant.js';
import { RUN_STATUSES, type Instant, type RunStatus } from '../run.js';
import { badParameter } from './problem.js';
import type { StoreFilter, StoreQuery } from './run-store.js';
import type { Target } from './viewer.js';

/** Limits on what a caller may ask for. Lengths in UTF-16 units. */
export const REQUEST_LIMITS = { page: 500, defaultPage: 100, text: 200, identifier: 512, runId: 4096 } as const;

/** The parameters of `GET /runs`. */
export type ListParameters = {
  readonly filter: StoreFilter;
  readonly order: StoreQuery['order'];
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Order and filters as one canonical text, which a cursor is bound to. */
  readonly slice: string;
};

/**
 * Reads the query of `GET /runs`. An empty value counts as absent; unknown parameters are ignored.
 *
 * @throws {RequestProblem} 400 that names the parameter.
 */
export function readListParameters(query: URLSearchParams): ListParameters {
  const filter: StoreFilter = {
    ...readTarget(query),
    ...readKinds(query),
    statuses: statuses(query),
    problemClass: oneOf(query, 'problem_class', PROBLEM_CLASSES),
    q: single(query, 'q', REQUEST_LIMITS.text),
    since: readInstant(query, 'since'),
  };
  const order = orderOf(single(query, 'sort'));
  const facts = Object.entries(filter).filter(([, value]) => value !== undefined);
  return {
    filter,
    order,
    limit: limitOf(single(query, 'limit')),
    cursor: single(query, 'cursor', Infinity),
    slice: JSON.stringify([order, facts.sort(([one], [other]) => (one < other ? -1 : 1))]),
  };
}

/** Reads `tenant_id` and `workspace_id`. */
export function readTarget(query: URLSearchParams): Target {
  return { tenantId: single(query, 'tenant_id'), workspaceId: single(query, 'workspace_id') };
}

/** Reads `type` and `source`. */
export function readKinds(query: URLSearchParams): Pick<StoreFilter, 'type' | 'source'> {
  return { type: single(query, 'type'), source: single(query, 'source') };
}

/** Reads an instant. */
export function readInstant(query: URLSearchParams, name: string): Instant | undefined {
  const text = single(query, name);
  if (text === undefined) return undefined;
  const at = parseInstant(text);
  if (at === undefined) {
    throw badParameter(name, 'must be an RFC 3339 time with an offset, such as 2026-11-23T09:00:00Z (write + as %2B)');
  }
  return at;
}

/** Reads a parameter that may be given once. */
export function single(
  query: URLSearchParams,
  name: string,
  limit: number = REQUEST_LIMITS.identifier,
): string | undefined {
  const values = query.getAll(name).filter((value) => value !== '');
  if (values.length > 1) throw badParameter(name, 'can be given only once');
  const [value] = values;
  if (value !== undefined && value.length > limit) throw badParameter(name, `is longer than ${limit} characters`);
  // PostgreSQL takes no NUL in a text, and no name holds one.
  if (value?.includes('\0') === true) throw badParameter(name, 'contains a NUL character');
  return value;
}

function statuses(query: URLSearchParams): readonly RunStatus[] | undefined {
  const given = new Set(
    query
      .getAll('status')
      .flatMap((value) => value.split(','))
      .filter((value) => value !== ''),
  );
  for (const value of given) {
    if (!RUN_STATUSES.some((status) => status === value)) {
      throw badParameter('status', `must be one or more of ${RUN_STATUSES.join(', ')}`);
    }
  }
  return given.size === 0 ? undefined : RUN_STATUSES.filter((status) => given.has(status));
}

function oneOf<T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const text = single(query, name);
  if (text === undefined) return undefined;
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw badParameter(name, `must be one of ${values.join(', ')}`);
  return value;
}

/** Other orders depend on fields that change while pages are read (heartbeat, end), which would skip and repeat runs. */
function orderOf(sort: string | undefined): StoreQuery['order'] {
  if (sort === undefined || sort === '-queued') return 'newest_first';
  if (sort === 'queued') return 'oldest_first';
  throw badParameter(
    'sort',
    'must be queued or -queued (the default): other orders change between pages, so sort by them in the client',
  );
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return REQUEST_LIMITS.defaultPage;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > REQUEST_LIMITS.page) {
    throw badParameter('limit', `must be a whole number from 1 to ${REQUEST_LIMITS.page}`);
  }
  return limit;
}
