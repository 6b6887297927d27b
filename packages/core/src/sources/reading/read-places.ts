import { inOrder } from './in-order.js';
import { SourceError, type SourceErrorCode, type SourcePage } from '../source.js';

/** Many places of one system that are read side by side: the repositories of an owner, the projects of a group. */
export type Places = {
  readonly names: readonly string[];
  /** What they are called in messages, as `repositories`. */
  readonly plural: string;
  /** How one of them is called in messages. */
  readonly titleOf: (name: string) => string;
  readonly list: (name: string) => AsyncIterable<SourcePage>;
};

/** Places whose first page is asked for while another is read: a system that is asked for many things at once refuses some. */
const AHEAD = 6;

/** Failures that every other place would meet as well. */
const OF_ALL: readonly SourceErrorCode[] = ['auth', 'rate_limited', 'timeout', 'network', 'limit'];

/**
 * Reads them all. One that fails is told of, and hides no other.
 *
 * @throws {SourceError} that would be met everywhere, with how many were read whole before it.
 */
export async function* readPlaces({ names, plural, titleOf, list }: Places): AsyncGenerator<SourcePage, void> {
  let whole = 0;
  async function* read(name: string): AsyncGenerator<SourcePage, void> {
    try {
      yield* list(name);
      whole++;
    } catch (error) {
      if (!(error instanceof SourceError) || OF_ALL.includes(error.code)) throw error;
      const reason = `${titleOf(name)} could not be read whole (${error.code}): ${error.message}`;
      yield { runs: [], issues: [], incomplete: reason };
    }
  }
  try {
    yield* inOrder(names.map(read), AHEAD);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { code, message, status } = error;
    throw new SourceError(code, `${message} ${whole} of ${names.length} ${plural} were read whole.`, {
      ...(status === undefined ? {} : { status }),
      cause: error,
    });
  }
}
