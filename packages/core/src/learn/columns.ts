type Numbers = Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array;

const CHUNK_BITS = 14;
const CHUNK = 2 ** CHUNK_BITS;

/**
 * A list of numbers that grows, in typed arrays of one length: nothing is copied while it grows, and nothing is left behind for the collector.
 */
export class NumberColumn<Chunk extends Numbers> {
  readonly #chunks: Chunk[] = [];
  readonly #make: (length: number) => Chunk;
  #length = 0;

  constructor(make: (length: number) => Chunk) {
    this.#make = make;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const place = this.#length & (CHUNK - 1);
    if (place === 0) this.#chunks.push(this.#make(CHUNK));
    (this.#chunks[this.#length >> CHUNK_BITS] as Chunk)[place] = value;
    this.#length++;
  }

  at(index: number): number {
    return (this.#chunks[index >> CHUNK_BITS] as Chunk)[index & (CHUNK - 1)] as number;
  }

  set(index: number, value: number): void {
    (this.#chunks[index >> CHUNK_BITS] as Chunk)[index & (CHUNK - 1)] = value;
  }

  /** A copy of the numbers in one array. */
  values(): Chunk {
    const all = this.#make(this.#length);
    for (const [index, chunk] of this.#chunks.entries()) {
      const from = index << CHUNK_BITS;
      all.set(chunk.subarray(0, this.#length - from), from);
    }
    return all;
  }
}

/** A list of numbers of any kind. */
export function floatColumn(): NumberColumn<Float64Array> {
  return new NumberColumn((length) => new Float64Array(length));
}

/** A list of texts that grows: all in one column, so that a million short ones cost their characters only. */
export class TextColumn {
  readonly #units = new NumberColumn((length) => new Uint16Array(length));
  readonly #ends = new NumberColumn((length) => new Uint32Array(length));

  push(text: string): void {
    for (let index = 0; index < text.length; index++) this.#units.push(text.charCodeAt(index));
    this.#ends.push(this.#units.length);
  }

  at(index: number): string {
    let text = '';
    for (let unit = index === 0 ? 0 : this.#ends.at(index - 1); unit < this.#ends.at(index); unit++) {
      text += String.fromCharCode(this.#units.at(unit));
    }
    return text;
  }
}

/** The positions of the values in rising order, those of equal values in theirs; `undefined` if the values are in that order. */
export function orderOf(values: Float64Array): Uint32Array | undefined {
  let isSorted = true;
  for (let index = 1; index < values.length && isSorted; index++) {
    isSorted = (values[index] as number) >= (values[index - 1] as number);
  }
  if (isSorted) return undefined;
  const order = new Uint32Array(values.length).map((_, index) => index);
  return order.sort((one, other) => (values[one] as number) - (values[other] as number));
}
