import type { ReceivedHeaders } from './received-headers.js';

/** An answer that can be used again when the server says that nothing changed. */
export type StoredAnswer = {
  readonly etag: string;
  readonly headers: ReceivedHeaders;
  readonly text: string;
};

const MAX_ANSWERS = 64;

/** In characters; larger bodies are not worth the memory. */
const MAX_LENGTH = 1024 * 1024;

/**
 * Remembers answers by their `ETag`, the least recently used making room. Text is kept, not the parsed value: a caller
 * that changes what it got must not change what the next one gets.
 */
export class EtagStore {
  readonly #answers = new Map<string, StoredAnswer>();

  get(key: string): StoredAnswer | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    // A Map keeps insertion order: what was used goes to its end.
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  put(key: string, answer: StoredAnswer): void {
    this.#answers.delete(key);
    if (answer.text.length > MAX_LENGTH) return;
    this.#answers.set(key, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MAX_ANSWERS) break;
      this.#answers.delete(oldest);
    }
  }
}
