import type { ReceivedHeaders } from './received-headers.js';

/** A response to reuse when the server says that nothing changed. */
export type StoredResponse = {
  readonly etag: string;
  readonly headers: ReceivedHeaders;
  readonly text: string;
};

const MAX_RESPONSES = 64;

/** In characters. Larger bodies are not worth the memory. */
const MAX_LENGTH = 1024 * 1024;

/**
 * Stores responses by `ETag` and evicts the least recently used. Keeps text rather than the parsed value: a caller that modifies
 * its value must not change what the next one gets.
 */
export class EtagStore {
  readonly #responses = new Map<string, StoredResponse>();

  get(key: string): StoredResponse | undefined {
    const response = this.#responses.get(key);
    if (response === undefined) return undefined;
    // A Map keeps insertion order: the most recently used is moved to its end.
    this.#responses.delete(key);
    this.#responses.set(key, response);
    return response;
  }

  put(key: string, response: StoredResponse): void {
    this.#responses.delete(key);
    if (response.text.length > MAX_LENGTH) return;
    this.#responses.set(key, response);
    for (const oldest of this.#responses.keys()) {
      if (this.#responses.size <= MAX_RESPONSES) break;
      this.#responses.delete(oldest);
    }
  }
}
