import { isObject, withoutQuery } from '../reading/body.js';
import { compileExpression, ExpressionError } from '../reading/expression.js';
import type { HttpConfig } from './config.js';
import { nextLink } from '../reading/link-header.js';
import { SourceError, type SourceRequest, type SourceResponse } from '../source.js';

/** The progress in a list. */
export type ReadSoFar = { readonly pages: number; readonly rows: number; readonly pageRows: number };

/**
 * The steps through a list: its first request, and the one after a response; `undefined` at the end. A response that does not say
 * how to continue throws a `SourceError`.
 */
export type Pager = {
  readonly first: (request: SourceRequest) => SourceRequest;
  /** Whether pages are counted, so that a total says which is the last. */
  readonly counted: boolean;
  readonly next: (request: SourceRequest, response: SourceResponse, soFar: ReadSoFar) => SourceRequest | undefined;
};

/**
 * Makes the steps that a mapping declares.
 *
 * Pages that are counted end with an empty one, not with a short one: a server may return fewer rows than requested.
 */
export function pagerOf(paging: HttpConfig['paging']): Pager {
  if (paging === undefined) return { first: (request) => request, next: () => undefined, counted: false };
  if ('next' in paging) {
    const next = compileExpression(paging.next, 'paging.next');
    return {
      first: (request) => request,
      counted: false,
      next: (request, response) => follow(request, response, textAt(next.of(response.body), 'paging.next', response)),
    };
  }
  if ('cursor' in paging) {
    const cursor = compileExpression(paging.cursor, 'paging.cursor');
    return {
      first: (request) => request,
      counted: false,
      next: (request, response) => {
        const value = textAt(cursor.of(response.body), 'paging.cursor', response);
        return value === undefined ? undefined : withParameters(request, { [paging.param]: value });
      },
    };
  }
  if ('cursor_header' in paging) {
    return {
      first: (request) => request,
      counted: false,
      next: (request, response) => {
        const value = response.headers.get(paging.cursor_header);
        return value === null || value === '' ? undefined : withParameters(request, { [paging.param]: value });
      },
    };
  }
  if ('link' in paging) {
    return {
      first: (request) => request,
      counted: false,
      next: (request, response) => follow(request, response, nextLink(response.headers.get('link'))),
    };
  }
  const size = paging.size_param === undefined ? {} : { [paging.size_param]: paging.size ?? 100 };
  if ('page' in paging) {
    const start = paging.start ?? 1;
    const all = paging.pages === undefined ? undefined : compileExpression(paging.pages, 'paging.pages');
    return {
      first: (request) => withParameters(request, { ...size, [paging.page]: start }),
      counted: true,
      next: (request, response, { pages, pageRows }) => {
        const ended =
          all === undefined ? pageRows === 0 : pages >= numberAt(all.of(response.body), 'paging.pages', response);
        return ended ? undefined : withParameters(request, { ...size, [paging.page]: start + pages });
      },
    };
  }
  return {
    first: (request) => withParameters(request, { ...size, [paging.offset]: 0 }),
    counted: true,
    next: (request, _, { rows, pageRows }) =>
      pageRows === 0 ? undefined : withParameters(request, { ...size, [paging.offset]: rows }),
  };
}

/** The request with parameters set: in the body of a POST that has one, else in the query. */
export function withParameters(
  request: SourceRequest,
  parameters: Readonly<Record<string, string | number | boolean>>,
): SourceRequest {
  if (request.method === 'POST' && isObject(request.body))
    return { ...request, body: { ...request.body, ...parameters } };
  const url = new URL(request.url);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
  return { ...request, url: url.href };
}

/** The value of an expression over a response body. */
export function valueAt<T>(read: () => T, name: string, response: SourceResponse): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new SourceError('shape', `${name}: ${error.message}, from ${withoutQuery(response.url)}.`, { cause: error });
  }
}

function follow(request: SourceRequest, response: SourceResponse, next: string | undefined): SourceRequest | undefined {
  if (next === undefined) return undefined;
  if (URL.canParse(next, response.url)) return { ...request, url: new URL(next, response.url).href };
  throw new SourceError('shape', `${withoutQuery(response.url)} names a next page that is not a valid URL.`);
}

function textAt(value: unknown, name: string, response: SourceResponse): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  // `has_more && token` gives it where there is no more.
  if (value === false && name === 'paging.cursor') return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new SourceError('shape', `${name} gave neither text nor a number, from ${withoutQuery(response.url)}.`);
}

/** A count that an expression gave. */
export function numberAt(value: unknown, name: string, response: SourceResponse): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new SourceError('shape', `${name} gave no whole number, from ${withoutQuery(response.url)}.`);
}
