import { inOrder } from './in-order.js';
import { SourceError, type SourceErrorCode, type SourcePage } from '../source.js';

/** Places of one system that are read concurrently: the repositories of an owner, the projects of a group. */
export type Places = {
  readonly names: readonly string[];
  /** Their name in messages, such as `repositories`. */
  readonly plural: string;
  /** The name of one of them in messages. */
  readonly titleOf: (name: string) => string;
  readonly list: (name: string) => AsyncIterable<SourcePage>;
};

/** How many first pages are requested ahead. A system refuses some of too many concurrent requests. */
const AHEAD = 6;

/** Failures that every other place would hit as well. */
const OF_ALL: readonly SourceErrorCode[] = ['auth', 'rate_limited', 'timeout', 'network', 'limit'];

/**
 * Reads them all. A place that fails is reported and does not hide the others.
 *
 * @throws {SourceError} that every place would hit, with how many were read completely before it.
 */
export async function* readPlaces({ names, plural, titleOf, list }: Places): AsyncGenerator<SourcePage, void> {
  let complete = 0;
  async function* read(name: string): AsyncGenerator<SourcePage, void> {
    try {
      yield* list(name);
      complete++;
    } catch (error) {
      if (!(error instanceof SourceError) || OF_ALL.includes(error.code)) throw error;
      const reason = `${titleOf(name)} could not be read completely (${error.code}): ${error.message}`;
      yield { runs: [], issues: [], incomplete: reason };
    }
  }
  try {
    yield* inOrder(names.map(read), AHEAD);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { code, message, status } = error;
    throw new SourceError(code, `${message} ${complete} of ${names.length} ${plural} were read completely.`, {
      ...(status === undefined ? {} : { status }),
      cause: error,
    });
  }
}
