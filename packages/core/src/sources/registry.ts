import * as kinds from './kinds.js';
import type { SourceKind } from './descriptor.js';
import { SourceConfigError } from './source.js';

/** The kinds of source by their name in configs and URIs. */
export const SOURCE_KINDS: Readonly<Record<string, SourceKind>> = Object.fromEntries(
  Object.values(kinds).map((kind) => [kind.kind, kind]),
);

/**
 * The kind with that name.
 *
 * @throws {SourceConfigError} that names the known kinds.
 */
export function sourceKind(kind: string): SourceKind {
  const found = Object.hasOwn(SOURCE_KINDS, kind) ? SOURCE_KINDS[kind] : undefined;
  if (found !== undefined) return found;
  throw new SourceConfigError(
    `Unknown kind of source "${kind}". Known kinds: ${Object.keys(SOURCE_KINDS).join(', ')}.`,
  );
}
