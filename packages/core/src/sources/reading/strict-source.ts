import type { Source, SourceFetch, SourceRequest, SourceResponse } from '../source.js';
import { isObject } from './body.js';
import { checkShape, type Shape } from './shape.js';

/**
 * What the responses of a system must be, by an expression for the URL, to which the name of a GraphQL query is added; the first that
 * fits counts. Those of `inside` are checked only where a run is looked into: elsewhere a row that cannot be read is an issue of its own
 * and hides no other.
 */
export type ResponseShapes = {
  readonly everywhere?: readonly ResponseShape[];
  readonly inside?: readonly ResponseShape[];
};

type ResponseShape = readonly [url: RegExp, shape: Shape];

/** The source, whose successful responses are checked before it reads them. */
export function strictSource(source: Source, system: string, { everywhere = [], inside = [] }: ResponseShapes): Source {
  const checked = new WeakMap<object, Shape>();
  // The same fetch gives the same: adapters keep by it what all runs of one look share.
  const outer = memoized((fetch) => strictFetch(fetch, everywhere, system, checked));
  const inner = memoized((fetch) => strictFetch(fetch, [...inside, ...everywhere], system, checked));
  const { inspect } = source;
  return {
    ...source,
    list: (query, fetch) => source.list(query, outer(fetch)),
    get: (id, fetch, which) => source.get(id, outer(fetch), which),
    ...(inspect === undefined ? {} : { inspect: (run, fetch) => inspect(run, inner(fetch)) }),
  };
}

function memoized(make: (fetch: SourceFetch) => SourceFetch): (fetch: SourceFetch) => SourceFetch {
  const made = new WeakMap<SourceFetch, SourceFetch>();
  return (fetch) => {
    const known = made.get(fetch) ?? make(fetch);
    made.set(fetch, known);
    return known;
  };
}

function strictFetch(
  fetch: SourceFetch,
  shapes: readonly ResponseShape[],
  system: string,
  checked: WeakMap<object, Shape>,
): SourceFetch {
  return async (request) => {
    const response = await fetch(request);
    if (response.status >= 300) return response;
    const key = keyOf(request);
    const [, shape] = shapes.find(([url]) => url.test(key)) ?? [];
    if (shape !== undefined) checkOnce(response, shape, system, checked);
    return response;
  };
}

/** One response may serve many runs. */
function checkOnce({ body }: SourceResponse, shape: Shape, system: string, checked: WeakMap<object, Shape>): void {
  const known = typeof body === 'object' && body !== null;
  if (known && checked.get(body) === shape) return;
  checkShape(body, shape, system);
  if (known) checked.set(body, shape);
}

function keyOf({ url, body }: SourceRequest): string {
  const query = isObject(body) ? body['query'] : undefined;
  const name = typeof query === 'string' ? /^query (\w{1,60})/.exec(query)?.[1] : undefined;
  return name === undefined ? url : `${url} ${name}`;
}
