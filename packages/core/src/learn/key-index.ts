const FIRST_CAPACITY = 1024;

/** What a number is found by. */
export type Key = { readonly group: number; readonly attempt: number; readonly id: string };

/**
 * Numbers by key, of which it keeps only a 64-bit hash: 24 bytes each, where a map of texts would need a hundred. Two of a million keys have
 * the same hash with a probability of 3 in 100 million.
 */
export class KeyIndex {
  #capacity = FIRST_CAPACITY;
  #high = new Uint32Array(FIRST_CAPACITY);
  #low = new Uint32Array(FIRST_CAPACITY);
  /** The number plus 1; 0 for an empty place. */
  #value = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  /** The number of a key; if it has none yet, it gets `next`, and the result is `undefined`. */
  findOrAdd({ group, attempt, id }: Key, next: number): number | undefined {
    if (this.#size * 2 >= this.#capacity) this.#grow();
    const seed = Math.imul(group, 0x9e3779b1) ^ Math.imul(attempt, 0x85ebca77);
    const high = hash(id, seed ^ 0x9747b28c);
    const low = hash(id, Math.imul(seed, 0xc2b2ae3d) ^ 0x3c6ef372);
    const place = this.#place(high, low);
    const found = this.#value[place] as number;
    if (found > 0) return found - 1;
    this.#high[place] = high;
    this.#low[place] = low;
    this.#value[place] = next + 1;
    this.#size++;
    return undefined;
  }

  #place(high: number, low: number): number {
    const mask = this.#capacity - 1;
    let place = low & mask;
    while ((this.#value[place] as number) > 0 && (this.#high[place] !== high || this.#low[place] !== low)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #grow(): void {
    const [high, low, value] = [this.#high, this.#low, this.#value];
    this.#capacity *= 2;
    this.#high = new Uint32Array(this.#capacity);
    this.#low = new Uint32Array(this.#capacity);
    this.#value = new Uint32Array(this.#capacity);
    for (let old = 0; old < value.length; old++) {
      if ((value[old] as number) === 0) continue;
      const place = this.#place(high[old] as number, low[old] as number);
      this.#high[place] = high[old] as number;
      this.#low[place] = low[old] as number;
      this.#value[place] = value[old] as number;
    }
  }
}

/** MurmurHash3 (Austin Appleby, public domain) over UTF-16 units. */
function hash(text: string, seed: number): number {
  let mixed = seed;
  for (let index = 0; index < text.length; index++) {
    let part = Math.imul(text.charCodeAt(index), 0xcc9e2d51);
    part = (part << 15) | (part >>> 17);
    mixed ^= Math.imul(part, 0x1b873593);
    mixed = (mixed << 13) | (mixed >>> 19);
    mixed = (Math.imul(mixed, 5) + 0xe6546b64) | 0;
  }
  mixed ^= text.length;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
