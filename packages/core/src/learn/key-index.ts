const FIRST_CAPACITY = 1024;

/** What a number is found by. */
export type Key = { readonly group: number; readonly attempt: number; readonly id: string };

/** Rows by key, in 16 bytes each, where a map of texts would need a hundred: the keys themselves stay where the rows are. */
export class KeyIndex {
  readonly #isAt: (row: number, key: Key) => boolean;
  #capacity = FIRST_CAPACITY;
  #hashes = new Uint32Array(FIRST_CAPACITY);
  /** The row plus 1; 0 for an empty place. */
  #rows = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  /** @param isAt whether a row that was added has this key. */
  constructor(isAt: (row: number, key: Key) => boolean) {
    this.#isAt = isAt;
  }

  /** The row with a key; if there is none, the key belongs to row `next` from now on, and the result is `undefined`. */
  findOrAdd(key: Key, next: number): number | undefined {
    if (this.#size * 2 >= this.#capacity) this.#grow();
    const own = hash(key.id, Math.imul(key.group, 0x9e3779b1) ^ Math.imul(key.attempt, 0x85ebca77));
    const mask = this.#capacity - 1;
    let place = own & mask;
    for (let row = this.#rows[place] as number; row > 0; row = this.#rows[place] as number) {
      if (this.#hashes[place] === own && this.#isAt(row - 1, key)) return row - 1;
      place = (place + 1) & mask;
    }
    this.#hashes[place] = own;
    this.#rows[place] = next + 1;
    this.#size++;
    return undefined;
  }

  #grow(): void {
    const [hashes, rows] = [this.#hashes, this.#rows];
    this.#capacity *= 2;
    this.#hashes = new Uint32Array(this.#capacity);
    this.#rows = new Uint32Array(this.#capacity);
    const mask = this.#capacity - 1;
    for (let old = 0; old < rows.length; old++) {
      if ((rows[old] as number) === 0) continue;
      let place = (hashes[old] as number) & mask;
      while ((this.#rows[place] as number) > 0) place = (place + 1) & mask;
      this.#hashes[place] = hashes[old] as number;
      this.#rows[place] = rows[old] as number;
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
