import type { SourcePage } from '../source.js';

/**
 * Yields several lists one after the other, but requests their first pages early: all at once, or those of the next `ahead` lists while
 * one is being read.
 */
export async function* inOrder(
  lists: readonly AsyncGenerator<SourcePage, void>[],
  ahead = lists.length,
): AsyncGenerator<SourcePage, void> {
  const firsts: Promise<IteratorResult<SourcePage, void>>[] = [];
  const startUpTo = (end: number) => {
    for (const list of lists.slice(firsts.length, end)) {
      const first = list.next();
      // A caller that stops early never awaits this promise. Whoever awaits it still sees the failure.
      first.catch(() => {});
      firsts.push(first);
    }
  };
  for (const [index, list] of lists.entries()) {
    startUpTo(index + 1 + ahead);
    for (let step = await firsts[index]; step !== undefined && !step.done; step = await list.next()) yield step.value;
  }
}
