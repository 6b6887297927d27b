import type { SourceAdapter } from '../descriptor.js';
import { baseUrl } from '../reading/base-url.js';
import type { HttpConfig } from './config.js';
import type { Shape } from '../reading/shape.js';
import { httpAdapter, httpSource } from './source.js';

/** The base URL of a system. */
type UrlConfig = { readonly url: string };

/** Reads a system as its mapping says, below the base URL that the user gives. */
export function mappingAdapter(
  { kind, example }: { readonly kind: string; readonly example: string },
  mapping: HttpConfig,
  row: Shape,
): SourceAdapter<UrlConfig> {
  return {
    create: (name, { url }) => ({ ...httpSource(name, mappingAt(mapping, url), row), kind }),
    credentialHeaders: (token, { url }) => httpAdapter.credentialHeaders(token, mappingAt(mapping, url)),
    configFromUri: (rest) => ({ url: baseUrl(rest, example) }),
  };
}

function mappingAt(mapping: HttpConfig, url: string): HttpConfig {
  let end = url.length;
  while (url[end - 1] === '/') end--;
  const at = (template: string) => template.replace('{url}', () => url.slice(0, end));
  const { one } = mapping;
  return { ...mapping, url: at(mapping.url), one: one === undefined ? undefined : { ...one, url: at(one.url) } };
}
