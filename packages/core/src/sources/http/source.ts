import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basic, basicOrBearer } from '../reading/basic-or-bearer.js';
import { encoded, isObject, refuseError, withoutQuery } from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { compileExpression } from '../reading/expression.js';
import type { HttpConfig } from './config.js';
import { numberAt, pagerOf, valueAt, withParameters } from './paging.js';
import { rowReader } from './row.js';
import { readPages } from '../reading/read-pages.js';
import type { Shape } from '../reading/shape.js';
import { collectRuns } from '../reading/read-rows.js';
import {
  SourceError,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceRequest,
  type SourceResponse,
} from '../source.js';

/** Any JSON API with a declared mapping, for the registry of kinds. */
export const httpAdapter: SourceAdapter<HttpConfig> = {
  create: (name, config) => httpSource(name, config),
  credentialHeaders: (token, { auth }) => {
    // The characters of a Bearer token (RFC 6750) include no colon.
    if (auth === undefined) return basicOrBearer(token);
    if ('user' in auth) return basic(`${auth.user}:${token}`);
    return { [auth.header.toLowerCase()]: `${auth.prefix ?? ''}${token}` };
  },
};

type Part = {
  readonly request: SourceRequest;
  readonly status: string | undefined;
  readonly recent: boolean;
  readonly optional: boolean;
};

/**
 * Reads any JSON API that a mapping describes.
 *
 * @param row what a row must be, for a mapping of our own.
 * @throws {SourceConfigError} for an expression that is not valid JMESPath. The config is taken as valid otherwise.
 */
export function httpSource(name: string, config: HttpConfig, row?: Shape): Source {
  const readRow = rowReader(config, name, row);
  const pager = pagerOf(config.paging);
  const itemsOf = compileExpression(config.items, 'items');
  const totalOf = config.total === undefined ? undefined : compileExpression(config.total, 'total');
  const itemOf = config.one === undefined ? undefined : compileExpression(config.one.item, 'one.item');
  const parts = partsOf(config);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    for (const part of parts) {
      if (part.recent && query.activity === 'active') continue;
      yield* part.recent ? backTo(query, pagesOf(part, endedLimit(query), fetch)) : pagesOf(part, Infinity, fetch);
    }
  }

  function pagesOf(
    { request, status, optional }: Part,
    limit: number,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    let current = pager.first(request);
    let rows = 0;
    let pages = 0;
    let announced = Infinity;
    let before = '';
    return readPages(current, fetch, (response) => {
      if (optional && pages === 0 && response.status === 400)
        return { page: { runs: [], issues: [] }, next: undefined };
      const items = itemsIn(response);
      const page = collectRuns(items, (row) => readRow(row, status));
      rows += items.length;
      pages++;
      // Rows that arrived count, even if the rest of the response cannot be read: the error follows them.
      let total: number | undefined;
      try {
        total = totalIn(response);
      } catch (error) {
        return { page, next: sourceError(error) };
      }
      announced = Math.min(announced, total ?? Infinity);
      const digest = items.length === 0 ? '' : JSON.stringify([items.length, items[0], items.at(-1)]);
      if (digest !== '' && digest === before) {
        throw new SourceError(
          'shape',
          `Page ${pages} repeats the one before it: does the API know the paging parameters?`,
        );
      }
      before = digest;
      const enough = rows >= limit || (pager.counted && total !== undefined && rows >= total);
      const soFar = { pages, rows, pageRows: items.length };
      let next: SourceRequest | undefined;
      try {
        next = enough ? undefined : valueAt(() => pager.next(current, response, soFar), 'paging', response);
      } catch (error) {
        return { page: { ...page, total }, next: sourceError(error) };
      }
      if (next !== undefined) current = next;
      const lacking = next === undefined && rows < limit && announced !== Infinity && rows < announced;
      const incomplete = lacking ? `The source counts ${announced} runs and sent ${rows}.` : undefined;
      return { page: { ...page, total, incomplete }, next };
    });
  }

  function itemsIn(response: SourceResponse): readonly unknown[] {
    refuseError(response.body, response);
    const items = valueAt(() => itemsOf.of(response.body), 'items', response);
    if (Array.isArray(items)) return items as readonly unknown[];
    const { body } = response;
    const held = isObject(body)
      ? `contains ${Object.keys(body).slice(0, 12).join(', ') || 'nothing'}`
      : 'is not an object';
    throw new SourceError(
      'shape',
      `items: \`${config.items}\` gave no list from ${withoutQuery(response.url)}, whose response ${held}.`,
    );
  }

  function totalIn(response: SourceResponse): number | undefined {
    if (totalOf === undefined) return undefined;
    const name = `total: \`${totalOf.text}\``;
    return numberAt(
      valueAt(() => totalOf.of(response.body), 'total', response),
      name,
      response,
    );
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    if (config.one === undefined || itemOf === undefined) return find(id, fetch);
    const url = config.one.url.replaceAll('{id}', encoded(id));
    const response = await fetch({
      url,
      ...(config.headers === undefined ? {} : { headers: config.headers }),
      accept: [404],
    });
    if (response.status === 404) return undefined;
    refuseError(response.body, response);
    const item = valueAt(() => itemOf.of(response.body), 'one.item', response);
    if (item === undefined || item === null) {
      throw new SourceError('shape', `${withoutQuery(response.url)} sent no run: one.item gives nothing.`);
    }
    const parsed = readRow(item, undefined);
    if (!parsed.ok) throw new SourceError('shape', `Run ${id} cannot be read: ${parsed.issue.reason}.`);
    return parsed.run;
  }

  /** If the mapping has no URL for one run, the list is read again. */
  async function find(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    let found: Run | undefined;
    for await (const { runs } of list({ activity: 'recent' }, fetch)) {
      for (const run of runs) if (run.id === id && (found === undefined || run.attempt >= found.attempt)) found = run;
    }
    return found;
  }

  return { name, kind: 'http', address: config.url, list, get };
}

function sourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  throw error;
}

/** The requests to send. Those for ended runs come last: a run that ends meanwhile is read twice and not missed. */
function partsOf(config: HttpConfig): readonly Part[] {
  const { url, method = 'GET', headers, query = {}, body } = config;
  const base: SourceRequest = {
    url,
    method,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
  };
  const parts = (config.requests ?? [{}]).map((part): Part => {
    const optional = part.optional === true;
    const request = {
      ...base,
      ...(part.body === undefined ? {} : { body: part.body }),
      ...(optional ? { accept: [400] } : {}),
    };
    const url = withParameters({ url: base.url }, { ...query, ...part.query }).url;
    return { request: { ...request, url }, status: part.status, recent: part.recent === true, optional };
  });
  return [...parts.filter(({ recent }) => !recent), ...parts.filter(({ recent }) => recent)];
}
