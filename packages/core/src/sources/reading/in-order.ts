import type { SourcePage } from '../source.js';

/**
 * Yields what several lists hold, one list after the other, though the first page of each is asked for early: of all at once, or of
 * so many `ahead` of the one that is being read.
 */
export async function* inOrder(
  lists: readonly AsyncGenerator<SourcePage, void>[],
  ahead = lists.length,
): AsyncGenerator<SourcePage, void> {
  const firsts: Promise<IteratorResult<SourcePage, void>>[] = [];
  const startUpTo = (end: number) => {
    for (const list of lists.slice(firsts.length, end)) {
      const first = list.next();
      // A caller that stops early never awaits it; a failure is still thrown where it is awaited.
      first.catch(() => {});
      firsts.push(first);
    }
  };
  for (const [index, list] of lists.entries()) {
    startUpTo(index + 1 + ahead);
    for (let step = await firsts[index]; step !== undefined && !step.done; step = await list.next()) yield step.value;
  }
}
