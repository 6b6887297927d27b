/**
 * Counts by rank that grow one at a time, and the k-th smallest among what has been added so far: both in logarithmic time. A Fenwick
 * tree.
 */
export class RankedCounts {
  readonly #tree: Int32Array;
  readonly #top: number;
  #size = 0;

  /** @param ranks how many ranks there are; they are numbered from 0. */
  constructor(ranks: number) {
    this.#tree = new Int32Array(ranks + 1);
    this.#top = ranks === 0 ? 0 : 2 ** Math.floor(Math.log2(ranks));
  }

  /** How many have been added. */
  get size(): number {
    return this.#size;
  }

  add(rank: number): void {
    this.#size++;
    for (let node = rank + 1; node < this.#tree.length; node += node & -node) {
      this.#tree[node] = (this.#tree[node] as number) + 1;
    }
  }

  /** The rank of the `position`-th smallest, counted from 1; `position` is at most `size`. */
  at(position: number): number {
    let node = 0;
    let left = position;
    for (let step = this.#top; step > 0; step >>= 1) {
      const next = node + step;
      const count = this.#tree[next];
      if (count === undefined || count >= left) continue;
      node = next;
      left -= count;
    }
    return node;
  }
}
