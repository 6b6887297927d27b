import { SOURCE_KINDS, SourceError, type Source, type SourceFetch } from '@tardy/core/sources';
import type { Connection } from '../io.js';

/** A source with the connection to it, which is absent where the runs are already here (a file, standard input). */
export type OpenedSource = {
  readonly source: Source;
  readonly connection: Connection | undefined;
  /** Where its credential was taken from, in words; `undefined` if it has none. */
  readonly credentialFrom?: string | undefined;
};

/** Who speaks where a verdict quotes a source of this kind; `undefined` if its runs speak for themselves. */
export function systemOf(kind: string | undefined): string | undefined {
  return kind !== undefined && Object.hasOwn(SOURCE_KINDS, kind) ? SOURCE_KINDS[kind]?.system : undefined;
}

/** Stands in for the connection that a file or standard input does not have. */
export const unreachable: SourceFetch = () => {
  throw new SourceError('refused', 'Runs from a file or standard input have no server to ask.');
};
