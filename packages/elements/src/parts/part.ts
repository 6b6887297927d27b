/** How long after a failure it is tried again. */
const RETRY_MS = 10_000;

/**
 * Code that a page needs only at times: a browser loads it when it is first needed. A server has it from the start, since it draws
 * in one go.
 */
export class Part<T> {
  /** The code, once it is here. */
  value: T | undefined;
  /** The last attempt to load it failed. */
  hasFailed = false;
  readonly #import: () => Promise<T>;
  #loading: Promise<T | undefined> | undefined;
  #failedAt = -Infinity;

  constructor(load: () => Promise<T>) {
    this.#import = load;
  }

  /** It is neither here nor on its way, and has not failed a moment ago. */
  get isDue(): boolean {
    return this.value === undefined && this.#loading === undefined && performance.now() > this.#failedAt + RETRY_MS;
  }

  /** The attempt to load it that has not ended. */
  get loading(): Promise<unknown> | undefined {
    return this.value === undefined ? this.#loading : undefined;
  }

  /** Loads it, unless it is here; `undefined` if that is impossible at the moment. The next call tries again. */
  load(): Promise<T | undefined> {
    return (this.#loading ??= this.#load());
  }

  /** Uses it: at once where it is here, and otherwise as soon as it has been loaded. */
  use(use: (code: T) => void): void {
    if (this.value !== undefined) use(this.value);
    else void this.load().then((code) => code !== undefined && use(code));
  }

  #load(): Promise<T | undefined> {
    return this.#import().then(
      (code) => {
        this.hasFailed = false;
        return (this.value = code);
      },
      () => {
        this.hasFailed = true;
        this.#failedAt = performance.now();
        this.#loading = undefined;
        return undefined;
      },
    );
  }
}

/** Code that is here from the start. */
export function loaded<T>(code: T): Part<T> {
  const part = new Part<T>(() => new Promise((resolve) => resolve(code)));
  part.value = code;
  return part;
}
