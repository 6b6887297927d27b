import type { Dispatcher } from 'undici';
import { showUrl } from './url.js';
import type { OffsetBounds } from './clock-estimate.js';
import type { TransportSettings } from './settings.js';

/** One request of an adapter, resolved and ready to send, possibly several times. */
export type Call = {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  /** The adapter's headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Statuses besides 2xx that the adapter handles. */
  readonly accept: readonly number[];
  /** Time left for the source, in milliseconds. */
  readonly remainingMs: () => number;
};

/** The state of a call between redirects. */
export type Hop = {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  /** Whether every redirect so far stayed at the configured origin; only then are headers of the source sent. */
  readonly home: boolean;
  /** Redirects followed so far. */
  readonly taken: number;
};

/** What an attempt works with, and its callbacks. */
export type CallContext = {
  readonly settings: TransportSettings;
  /** The configured origin. */
  readonly origin: string;
  /** Identifies the credentials, so that stored responses of different ones are kept separate. */
  readonly identity: string;
  readonly dispatcher: Dispatcher;
  /** The proxy for a URL, for messages. */
  readonly proxyFor: (url: URL) => string | undefined;
  readonly signal: AbortSignal;
  readonly onSent: () => void;
  /** Bytes of a body as transferred. */
  readonly onBytes: (bytes: number) => void;
  readonly onUnchanged: () => void;
  readonly onClock: (bounds: OffsetBounds) => void;
  /** Absent if nobody listens, so that no line is built in vain. */
  readonly debug: ((line: string) => void) | undefined;
};

/** Whether the adapter handles a response with this status. */
export function isWanted(call: Call, status: number): boolean {
  return (status >= 200 && status < 300) || call.accept.includes(status);
}

/** The request for messages. After a redirect the query is omitted: links to blob stores are signed there. */
export function showHop({ method, url, taken }: Hop): string {
  if (taken === 0) return `${method} ${showUrl(url)}`;
  return `${method} ${showUrl(new URL(url.pathname, url))} (after a redirect)`;
}
