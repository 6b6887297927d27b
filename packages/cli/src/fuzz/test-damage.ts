import type { Random } from './test-random.js';

/** A response as it is sent, byte by byte. */
export type WireResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The connection breaks off after the body, although more was announced. */
  readonly breaksOff?: boolean;
};

/** A damaged response, and what was done to it, for the reader of a fault. */
export type Damaged = { readonly response: WireResponse; readonly what: string };

/**
 * One way to damage a response. After a `noticeable` one a stuck run must not go unnoticed: what arrives says that something is wrong.
 * Others may leave a valid response that says less; after those nothing must crash or hang.
 */
export type Damage = {
  readonly name: string;
  readonly noticeable: boolean;
  /** The damaged response; `undefined` if this one cannot be damaged so. `others` are the texts of the other responses of the scenario. */
  readonly apply: (response: WireResponse, random: Random, others: readonly string[]) => Damaged | undefined;
};
