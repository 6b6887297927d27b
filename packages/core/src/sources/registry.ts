import * as kinds from './kinds.js';
import type { SourceKind } from './descriptor.js';
import { SourceConfigError } from './source.js';

/** The kinds of source by their name in configs and URIs. */
export const SOURCE_KINDS: Readonly<Record<string, SourceKind>> = Object.fromEntries(
  Object.values(kinds).map((kind) => [kind.kind, kind]),
);

/** The kinds of source by the schemes of URLs that are theirs. */
const BY_SCHEME: Readonly<Record<string, SourceKind>> = Object.fromEntries(
  Object.values(kinds).flatMap((kind) => (kind.schemes ?? []).map((scheme) => [scheme, kind])),
);

/** The kind whose URI a URL with this scheme is, as it is; `undefined` if there is none. */
export function kindOfScheme(scheme: string): SourceKind | undefined {
  return Object.hasOwn(BY_SCHEME, scheme) ? BY_SCHEME[scheme] : undefined;
}

/** The kinds that know the tables of one system. */
export function presetKinds(): readonly SourceKind[] {
  return Object.values(SOURCE_KINDS).filter(({ presetOf }) => presetOf !== undefined);
}

/**
 * The kind with that name.
 *
 * @throws {SourceConfigError} that names the known kinds.
 */
export function sourceKind(kind: string): SourceKind {
  const found = Object.hasOwn(SOURCE_KINDS, kind) ? SOURCE_KINDS[kind] : undefined;
  if (found !== undefined) return found;
  const near = Object.keys(SOURCE_KINDS).find((known) => differsByOne(known, kind));
  const guess = near === undefined ? '' : ` Did you mean ${near}:?`;
  throw new SourceConfigError(
    `Unknown kind of source "${kind}".${guess} Known kinds: ${Object.keys(SOURCE_KINDS).join(', ')}.`,
  );
}

/** Whether one typing mistake lies between two words: a letter too many, too few or wrong, or two that changed places. */
function differsByOne(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  const at = [...short].findIndex((letter, index) => letter !== long[index]);
  if (at < 0) return long.length - short.length === 1;
  const rest = (word: string, by: number) => word.slice(at + by);
  if (short.length !== long.length) return rest(short, 0) === rest(long, 1);
  const swapped = short[at] === long[at + 1] && short[at + 1] === long[at] && rest(short, 2) === rest(long, 2);
  return rest(short, 1) === rest(long, 1) || swapped;
}
