import { defineSource, type SourceDescriptor, type SourceKind } from '../descriptor.js';
import type { Shape } from '../reading/shape.js';
import type { HttpConfig } from './config.js';

/**
 * The mapping of one system: a config of `kind: http` whose URLs begin with `{url}`, which stands for the base URL that the user
 * gives, without a slash at its end.
 */
export type NamedMapping = HttpConfig;

/** What the registry needs to know about a system that a mapping describes. */
export type MappingDescriptor = Omit<SourceDescriptor<never>, 'adapter' | 'schema'> & {
  readonly mapping: () => Promise<NamedMapping>;
  /** What a row must be: an expression takes a value of another type for none. */
  readonly row: () => Promise<Shape>;
};

/** Makes a kind of source from a mapping: the system needs no code of its own. */
export function defineMapping({ mapping, row, ...descriptor }: MappingDescriptor): SourceKind {
  return defineSource({
    ...descriptor,
    adapter: async () => (await import('./named-adapter.js')).mappingAdapter(descriptor, await mapping(), await row()),
    schema: async () => (await import('../reading/config-fields.js')).urlConfigSchema,
  });
}
