const CHUNK_BITS = 12;
const CHUNK = 2 ** CHUNK_BITS;

/**
 * A table that grows by rows of numbers, in typed arrays of one length: nothing is copied while it grows, and nothing is left behind for the
 * collector. Times need 64 bits, other numbers 32.
 */
export class RowTable {
  readonly #floats: Float64Array[] = [];
  readonly #integers: Uint32Array[] = [];
  readonly #floatColumns: number;
  readonly #integerColumns: number;
  #length = 0;

  constructor(floatColumns: number, integerColumns: number) {
    this.#floatColumns = floatColumns;
    this.#integerColumns = integerColumns;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a row of zeros and gives its index. */
  addRow(): number {
    if ((this.#length & (CHUNK - 1)) === 0) {
      this.#floats.push(new Float64Array(CHUNK * this.#floatColumns));
      this.#integers.push(new Uint32Array(CHUNK * this.#integerColumns));
    }
    return this.#length++;
  }

  float(row: number, column: number): number {
    const chunk = this.#floats[row >> CHUNK_BITS] as Float64Array;
    return chunk[(row & (CHUNK - 1)) * this.#floatColumns + column] as number;
  }

  setFloat(row: number, column: number, value: number): void {
    const chunk = this.#floats[row >> CHUNK_BITS] as Float64Array;
    chunk[(row & (CHUNK - 1)) * this.#floatColumns + column] = value;
  }

  integer(row: number, column: number): number {
    const chunk = this.#integers[row >> CHUNK_BITS] as Uint32Array;
    return chunk[(row & (CHUNK - 1)) * this.#integerColumns + column] as number;
  }

  setInteger(row: number, column: number, value: number): void {
    const chunk = this.#integers[row >> CHUNK_BITS] as Uint32Array;
    chunk[(row & (CHUNK - 1)) * this.#integerColumns + column] = value;
  }
}

const TEXT_BITS = 16;
const TEXT_CHUNK = 2 ** TEXT_BITS;

/** Longer texts are cut: their place must fit into 32 bits. */
const LONGEST_TEXT = 4096;

/** A list of texts that grows, as characters in large arrays: a million short ones cost little more than their characters. */
export class TextColumn {
  readonly #chunks: Uint16Array[] = [];
  /** Where each text begins: its chunk, and the place in it that holds its length. */
  readonly #places = new RowTable(0, 1);
  #used = TEXT_CHUNK;

  push(text: string): void {
    const length = Math.min(text.length, LONGEST_TEXT);
    if (this.#used + length >= TEXT_CHUNK) {
      this.#chunks.push(new Uint16Array(TEXT_CHUNK));
      this.#used = 0;
    }
    const chunk = this.#chunks[this.#chunks.length - 1] as Uint16Array;
    const start = this.#used;
    chunk[start] = length;
    for (let index = 0; index < length; index++) chunk[start + 1 + index] = text.charCodeAt(index);
    this.#used += length + 1;
    this.#places.setInteger(this.#places.addRow(), 0, (this.#chunks.length - 1) * TEXT_CHUNK + start);
  }

  /** Whether the text at an index is this one. */
  has(index: number, text: string): boolean {
    const place = this.#places.integer(index, 0);
    const chunk = this.#chunks[place >>> TEXT_BITS] as Uint16Array;
    const start = (place & (TEXT_CHUNK - 1)) + 1;
    const length = Math.min(text.length, LONGEST_TEXT);
    if (chunk[start - 1] !== length) return false;
    for (let unit = 0; unit < length; unit++) if (chunk[start + unit] !== text.charCodeAt(unit)) return false;
    return true;
  }

  at(index: number): string {
    const place = this.#places.integer(index, 0);
    const chunk = this.#chunks[place >>> TEXT_BITS] as Uint16Array;
    const start = (place & (TEXT_CHUNK - 1)) + 1;
    return String.fromCharCode(...chunk.subarray(start, start + (chunk[start - 1] as number)));
  }
}
