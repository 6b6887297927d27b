import type { Instant } from '@tardy/core';
import type { Environment } from './environment.js';

/** The server's clock: an offset measured from its responses, monotonic in between. */
export class ServerClock {
  readonly #environment: Environment;
  #offset: number | undefined;
  #uncertainty = Infinity;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** How far a reading may be off, in milliseconds. */
  get uncertaintyMs(): number {
    return this.#uncertainty;
  }

  /** The error of this machine's own clock, in milliseconds; `undefined` before the first sample. */
  get offsetMs(): number | undefined {
    const { monotonic, wallClock } = this.#environment;
    return this.#offset === undefined ? undefined : this.#offset + monotonic() - wallClock();
  }

  /** The server's now. */
  now(): Instant {
    return this.#offset === undefined ? this.#environment.wallClock() : this.#offset + this.#environment.monotonic();
  }

  /**
   * Takes the time that the server sent at some moment between two monotonic instants.
   *
   * The most certain sample wins, unless a new one contradicts it: then one of the clocks was set, or this machine was asleep.
   */
  sample(at: Instant, doubt: number, sentAt: number, receivedAt: number): void {
    const offset = at - (sentAt + receivedAt) / 2;
    const uncertainty = doubt + (receivedAt - sentAt) / 2;
    const contradicts = Math.abs(offset - (this.#offset ?? offset)) > uncertainty + this.#uncertainty;
    if (uncertainty > this.#uncertainty && !contradicts) return;
    this.#offset = offset;
    this.#uncertainty = uncertainty;
  }
}
