import { PROBLEM_CLASSES } from '../classify.js';
import { LAST_INSTANT, parseInstant } from '../instant.js';
import { RUN_STATUSES, type Instant, type RunStatus } from '../run.js';
import { badParameter } from './problem.js';
import type { StoreFilter, StoreQuery } from './run-store.js';
import type { Target } from './viewer.js';

/** Limits on what a caller may send. Lengths in characters (Unicode code points), as JSON Schema counts them. */
export const REQUEST_LIMITS = {
  page: 500,
  defaultPage: 100,
  text: 200,
  identifier: 512,
  runId: 4096,
  cursor: 49_152,
} as const;

/** The parameters of `GET /runs`. */
export type ListParameters = {
  readonly filter: StoreFilter;
  readonly order: StoreQuery['order'];
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Order and filters as one canonical text, which a cursor is bound to. */
  readonly slice: string;
};

/** What a request and a cursor can name: the years 0001 to 9999 in UTC. Databases have no year 0. */
export const REQUEST_INSTANTS = { first: -62_135_596_800_000, last: LAST_INSTANT } as const;

/**
 * Reads the query of `GET /runs`. Unknown parameters are ignored.
 *
 * @throws {RequestProblem} 400 that names the parameter.
 */
export function readListParameters(query: URLSearchParams): ListParameters {
  const filter: StoreFilter = {
    ...readTarget(query),
    ...readKinds(query),
    statuses: readStatuses(query),
    problemClass: readOneOf(query, 'problem_class', PROBLEM_CLASSES),
    q: readSearchText(query),
    since: readInstant(query, 'since'),
  };
  const order = readOrder(query);
  const facts = Object.entries(filter).filter(([, value]) => value !== undefined);
  return {
    filter,
    order,
    limit: readLimit(query),
    cursor: readText(query, 'cursor', REQUEST_LIMITS.cursor),
    slice: JSON.stringify([order, facts.sort(([one], [other]) => (one < other ? -1 : 1))]),
  };
}

/** Reads `tenant_id` and `workspace_id`. */
export function readTarget(query: URLSearchParams): Target {
  return { tenantId: readText(query, 'tenant_id'), workspaceId: readText(query, 'workspace_id') };
}

/** Reads `type` and `source`. */
export function readKinds(query: URLSearchParams): Pick<StoreFilter, 'type' | 'source'> {
  return { type: readText(query, 'type'), source: readText(query, 'source') };
}

/** Reads an instant in the years 0001 to 9999. */
export function readInstant(query: URLSearchParams, name: string): Instant | undefined {
  const text = readText(query, name);
  if (text === undefined) return undefined;
  const at = parseInstant(text);
  if (at === undefined) {
    throw badParameter(name, 'must be an RFC 3339 time with an offset, such as 2026-11-23T09:00:00Z (write + as %2B)');
  }
  if (!isRequestInstant(at)) throw badParameter(name, 'must lie in the years 0001 to 9999 in UTC');
  return at;
}

/** Whether this is an instant that a request may name, and so one that every store can look for. */
export function isRequestInstant(at: unknown): at is Instant {
  const { first, last } = REQUEST_INSTANTS;
  return typeof at === 'number' && Number.isInteger(at) && at >= first && at <= last;
}

/**
 * Reads a parameter that may be given once. An empty value is an error: taken for an absent one, a forgotten tenant would
 * show all of them.
 */
export function readText(
  query: URLSearchParams,
  name: string,
  limit: number = REQUEST_LIMITS.identifier,
): string | undefined {
  const value = readSingle(query, name);
  if (value === undefined) return undefined;
  if (value === '') throw badParameter(name, 'is empty: leave it out, or give it a value');
  return checkText(name, value, limit);
}

/** Refuses a text that is too long, or that no name and no database can hold. */
export function checkText(name: string, value: string, limit: number): string {
  if (value.length > limit && [...value].length > limit) {
    throw badParameter(name, `is longer than ${limit} characters`);
  }
  if (value.includes('\0')) throw badParameter(name, 'contains a NUL character');
  return value;
}

function readSingle(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name);
  if (values.length > 1) throw badParameter(name, 'can be given only once');
  return values[0];
}

/** Every run contains the empty text: the field of a search form may be left empty. */
function readSearchText(query: URLSearchParams): string | undefined {
  const value = readSingle(query, 'q');
  return value === undefined || value === '' ? undefined : checkText('q', value, REQUEST_LIMITS.text);
}

function readStatuses(query: URLSearchParams): readonly RunStatus[] | undefined {
  const given = query.getAll('status').flatMap((value) => value.split(','));
  if (given.some((value) => !RUN_STATUSES.some((status) => status === value))) {
    throw badParameter('status', `must be one or more of ${RUN_STATUSES.join(', ')}`);
  }
  return given.length === 0 ? undefined : RUN_STATUSES.filter((status) => given.includes(status));
}

function readOneOf<T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const text = readText(query, name);
  if (text === undefined) return undefined;
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw badParameter(name, `must be one of ${values.join(', ')}`);
  return value;
}

/** Other orders depend on fields that change while pages are read (heartbeat, end), which would skip and repeat runs. */
function readOrder(query: URLSearchParams): StoreQuery['order'] {
  const sort = readText(query, 'sort');
  if (sort === undefined || sort === '-queued') return 'newest_first';
  if (sort === 'queued') return 'oldest_first';
  throw badParameter(
    'sort',
    'must be queued or -queued (the default): other orders change between pages, so sort by them in the client',
  );
}

function readLimit(query: URLSearchParams): number {
  const text = readText(query, 'limit');
  if (text === undefined) return REQUEST_LIMITS.defaultPage;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > REQUEST_LIMITS.page) {
    throw badParameter('limit', `must be a whole number from 1 to ${REQUEST_LIMITS.page}`);
  }
  return limit;
}
