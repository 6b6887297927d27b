import type { PageMessages } from '@tardy/core';
import type { Page } from '../store/page.js';

/** At most one message within this time. */
const QUIET_MS = 10_000;
/** This many changes are named in one message; the others are counted. */
const NAMED = 3;

/** The single polite live region of a page. A change that several elements announce is announced once. */
class Announcer {
  readonly #page: Page;
  readonly #region: HTMLElement;
  readonly #waiting = new Map<string, string>();
  readonly #said = new Map<string, number>();
  #spokeAt = -Infinity;
  #isDue = false;

  constructor(page: Page) {
    this.#page = page;
    const region = (this.#region = document.createElement('div'));
    region.setAttribute('role', 'status');
    region.className = 'ops-announcer';
    // Through the object model: a strict policy blocks only style attributes.
    Object.assign(region.style, {
      position: 'absolute',
      inlineSize: '1px',
      blockSize: '1px',
      overflow: 'hidden',
      clipPath: 'inset(50%)',
      whiteSpace: 'nowrap',
    });
    this.#attach();
  }

  /** A page may replace its body, and a modal dialog hides the rest of the page from assistive technology. */
  #attach(): void {
    const place = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
    if (this.#region.parentNode !== place) place.append(this.#region);
  }

  /** Announces a text when it is due; `key` names its subject. */
  say(key: string, text: string, words: PageMessages): void {
    const { monotonic, setTimer } = this.#page.environment;
    if ((this.#said.get(key) ?? -Infinity) > monotonic() - QUIET_MS) return;
    this.#waiting.set(key, text);
    // Before the text: a region is only announced once it is known.
    this.#attach();
    if (this.#isDue) return;
    this.#isDue = true;
    setTimer(() => this.#speak(words), Math.max(100, this.#spokeAt + QUIET_MS - monotonic()));
  }

  #speak(words: PageMessages): void {
    const now = this.#page.environment.monotonic();
    const texts = [...this.#waiting.values()];
    const more = texts.length - NAMED;
    for (const [key, at] of this.#said) if (at <= now - QUIET_MS) this.#said.delete(key);
    for (const key of this.#waiting.keys()) this.#said.set(key, now);
    this.#waiting.clear();
    this.#isDue = false;
    this.#spokeAt = now;
    this.#region.textContent = [...texts.slice(0, NAMED), ...(more > 0 ? [words.announce.others(more)] : [])].join(
      '. ',
    );
  }
}

/** Announces a text politely, once for the page. */
export function announce(page: Page, key: string, text: string, words: PageMessages): void {
  const announcer = (page.announcer ??= new Announcer(page)) as Announcer;
  announcer.say(key, text, words);
}
