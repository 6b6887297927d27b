import { parseRun, runKey, type Run } from '@tardy/core';
import { youngestOf } from './cadence.js';
import type { Environment } from './environment.js';
import { parseJson } from './run-page.js';
import type { Facts } from './run-store.js';

/** Events that arrive close together are applied together. */
const GATHER_MS = 50;

/** Callbacks: events arrived, everything must be read again, the stream has closed, there are none. */
type EventsCallbacks = {
  readonly arrived: () => void;
  readonly reset: () => void;
  readonly closed: () => void;
  readonly none: () => void;
};

/** Server-sent events of a run API. Events wait here until they are applied to what was last read. */
export class RunEvents {
  readonly #url: string;
  readonly #environment: Environment;
  readonly #callbacks: EventsCallbacks;
  readonly #waiting = new Map<string, Run | undefined>();
  #source: EventSource | undefined;
  #isGathering = false;

  constructor(url: string, environment: Environment, callbacks: EventsCallbacks) {
    this.#url = url;
    this.#environment = environment;
    this.#callbacks = callbacks;
  }

  get isOpen(): boolean {
    return this.#source?.readyState === 1;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  openIfVisible(): void {
    const { openEvents, isVisible } = this.#environment;
    if (this.#source !== undefined || openEvents === undefined || !isVisible()) return;
    const source = (this.#source = openEvents(this.#url));
    source.addEventListener('run', ({ data }) => {
      const parsed = parseRun(parseJson(data as string), 'api');
      // A run that cannot be read is left to the next poll, which reports it.
      if (parsed.ok) this.#gather(runKey(parsed.run), parsed.run);
    });
    source.addEventListener('gone', ({ data }) => {
      const gone = parseJson(data as string) as Partial<Run> | null | undefined;
      if (gone?.id !== undefined) this.#gather(runKey(gone as Run), undefined);
    });
    source.addEventListener('reset', () => this.#callbacks.reset());
    source.addEventListener('error', () => {
      if (source.readyState === 2) {
        this.close();
        this.#callbacks.none();
      }
      this.#callbacks.closed();
    });
  }

  close(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  /** What was read, with the events that came since. */
  applyTo(facts: Facts): Facts {
    if (this.isEmpty) return facts;
    const runs = new Map(facts.runs.map((run) => [runKey(run), run]));
    for (const [key, run] of this.#waiting) {
      if (run === undefined) runs.delete(key);
      else runs.set(key, run);
    }
    this.#waiting.clear();
    const after = [...runs.values()];
    return { ...facts, runs: after, youngest: youngestOf(after) };
  }

  #gather(key: string, run: Run | undefined): void {
    this.#waiting.set(key, run);
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#environment.setTimer(() => {
      this.#isGathering = false;
      this.#callbacks.arrived();
    }, GATHER_MS);
  }
}
