import type { Run } from '../../run.js';
import type { SourcePage, SourceQuery } from '../source.js';

/** Longer runs are rare enough to be asked after one by one. */
const LONGEST_MS = 7 * 86_400_000;

/** So many runs show in which order a list comes. */
const ENOUGH = 20;

/** In a list by starts, no more than this share of the runs seems to have started after the one before it. */
const MOST_RISES = 0.1;

/**
 * The pages of a list of ended runs, as far as `endedSince` needs them: the rest is not requested.
 *
 * @param order `ended`: the request asks for the latest ends first. `unknown`: a list that turns out to come by its starts, the latest first, as most
 *   do, ends a week before that instant, since a run that started earlier may have ended later; any other is read to its end.
 */
export async function* backTo(
  { endedSince }: Pick<SourceQuery, 'endedSince'>,
  pages: AsyncIterable<SourcePage>,
  order: 'ended' | 'unknown' = 'unknown',
): AsyncGenerator<SourcePage, void> {
  const starts = new FallingStarts();
  for await (const page of pages) {
    yield page;
    if (endedSince === undefined) continue;
    starts.add(page.runs);
    const isPast =
      order === 'ended'
        ? ({ endedAt }: Run) => endedAt !== undefined && endedAt < endedSince
        : (run: Run) => (startOf(run) ?? Infinity) < endedSince - LONGEST_MS;
    const isReached = page.runs.length > 0 && page.runs.every(isPast);
    if (isReached && (order === 'ended' || starts.areFalling)) return;
  }
}

/** Whether a list comes by its starts, going by what has been read of it: of a few runs another time is known, such as that of a later attempt. */
class FallingStarts {
  #last: number | undefined;
  #compared = 0;
  #rises = 0;

  add(runs: readonly Run[]): void {
    for (const run of runs) {
      const start = startOf(run);
      if (start === undefined) continue;
      if (this.#last !== undefined) this.#compared++;
      if (start > (this.#last ?? Infinity)) this.#rises++;
      this.#last = start;
    }
  }

  get areFalling(): boolean {
    return this.#compared >= ENOUGH && this.#rises <= this.#compared * MOST_RISES;
  }
}

function startOf({ queuedAt, startedAt }: Run): number | undefined {
  return queuedAt ?? startedAt;
}
