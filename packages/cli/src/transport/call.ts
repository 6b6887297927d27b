import type { Dispatcher } from 'undici';
import { showAddress } from './address.js';
import type { OffsetBounds } from './clock-estimate.js';
import type { TransportSettings } from './settings.js';

/** One request of an adapter, resolved and ready to be sent, perhaps several times. */
export type Call = {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  /** Headers of the adapter, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Statuses besides 2xx that are answers to the adapter. */
  readonly accept: readonly number[];
  /** What is left of the time for the whole source, in milliseconds. */
  readonly remainingMs: () => number;
};

/** Where a call stands between redirects. */
export type Hop = {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  /** Whether credentials may go along: not once a redirect has left the origin. */
  readonly credentialed: boolean;
  /** Redirects taken so far. */
  readonly taken: number;
};

/** What a try works with, and whom it tells. */
export type CallContext = {
  readonly settings: TransportSettings;
  /** The configured origin. */
  readonly origin: string;
  /** Stands for the credentials where answers are kept apart. */
  readonly identity: string;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly onSent: () => void;
  /** Bytes of a body, as they travelled. */
  readonly onBytes: (bytes: number) => void;
  readonly onUnchanged: () => void;
  readonly onClock: (bounds: OffsetBounds) => void;
  /** Absent when nobody listens, so that no line is made for nothing. */
  readonly debug: ((line: string) => void) | undefined;
};

/** Whether the adapter wants to see an answer with this status. */
export function isWanted(call: Call, status: number): boolean {
  return (status >= 200 && status < 300) || call.accept.includes(status);
}

/** The request as messages show it. Behind a redirect the query is left out: links to blob stores are signed there. */
export function showHop({ method, url, taken }: Hop): string {
  if (taken === 0) return `${method} ${showAddress(url)}`;
  return `${method} ${showAddress(new URL(url.pathname, url))} (after a redirect)`;
}
