import { isServer, type ReactiveController, type ReactiveElement } from 'lit';
import type { Instant } from '@tardy/core';
import type { ListenerInterest, OpsStore, RunChange, StoreView } from '../store/ops-store.js';
import { speakFor } from './spokesman.js';
import { GivenSource, type Given } from './given-source.js';

/** What a connection asks its element, and tells it. */
export type ConnectionOptions = {
  readonly given: () => Given;
  readonly wants: () => ListenerInterest;
  readonly nextWordsAt: (now: Instant) => Instant;
  /** Another store is shown from now on: nothing of the one before may remain. */
  readonly opened: () => void;
  readonly viewChanged: (store: OpsStore, changes: readonly RunChange[]) => void;
};

/** Connects an element to the store behind what it was given, for as long as the element is in the page. */
export class StoreConnection implements ReactiveController {
  store: OpsStore | undefined;
  readonly #host: ReactiveElement;
  readonly #options: ConnectionOptions;
  readonly #source = new GivenSource();
  #leave: (() => void) | undefined;
  /** Watches the data inside the element; a server has no observer. */
  #watch: MutationObserver | undefined;
  #isChanged = false;

  constructor(host: ReactiveElement, options: ConnectionOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  get view(): StoreView | undefined {
    return this.store?.view;
  }

  /** Opens what is given, unless it is open. Called before each update; a server calls no `hostUpdate`. */
  open(): void {
    const { given, opened, wants, nextWordsAt, viewChanged } = this.#options;
    const host = this.#host;
    const wanted = given();
    if (this.#leave !== undefined && !this.#isChanged && this.#source.isOpen(wanted)) return;
    this.#isChanged = false;
    const store = this.#source.open(wanted, () => insideOf(host));
    if (store === this.store && this.#leave !== undefined) return;
    this.#leaveStore();
    this.store = store;
    opened();
    if (store === undefined || isServer || !host.isConnected) return;
    const leave = store.join({
      wants,
      nextWordsAt,
      viewChanged: (changes) => {
        host.requestUpdate();
        viewChanged(store, changes);
      },
    });
    const silence = speakFor(store, host);
    this.#leave = () => {
      silence();
      leave();
    };
    viewChanged(store, []);
  }

  hostConnected(): void {
    this.#watch ??= new MutationObserver(() => {
      const { store, report, src } = this.#options.given();
      if (store !== undefined || report !== undefined || src !== undefined) return;
      this.#isChanged = true;
      this.#host.requestUpdate();
    });
    this.#watch.observe(this.#host, { childList: true, characterData: true, subtree: true });
    // A store is forgotten when its last element leaves: an element that comes back asks for it again.
    if (this.#host.hasUpdated) this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#watch?.disconnect();
    this.#leaveStore();
  }

  hostUpdated(): void {
    this.store?.plan();
  }

  #leaveStore(): void {
    this.#leave?.();
    this.#leave = undefined;
  }
}

function insideOf(element: Element): string {
  return element.querySelector(':scope > script[type="application/json"]')?.textContent ?? '';
}
