import { setTimeout as wait } from 'node:timers/promises';
import { SourceError } from '@tardy/core/sources';
import { EtagStore } from './etag-store.js';
import type { Pool } from './pool.js';
import type { Credentials } from './secrets.js';

/** Bounds on what a source may send. */
export type TransportLimits = {
  /** One body, in bytes, both as it travels and decoded. Default 64 MiB. */
  readonly bodyBytes: number;
  /** Requests of one listing; retries and redirects do not count. Default 10 000. */
  readonly requests: number;
  /** Arrays and objects inside one another. Default 64. */
  readonly depth: number;
};

/** What a transport needs to know about its source, and what it reaches the world through. */
export type TransportOptions = {
  /** The address of the source; its path is a folder. Credentials go to its origin only. */
  readonly baseUrl: string;
  /** Sent with every request to that origin. */
  readonly credentials?: Credentials;
  /** Connections to share with other sources; without it the transport has its own, and closes it. */
  readonly pool?: Pool;
  /** One deadline over all requests, retries and waits of a reading, in milliseconds. Default 60 000. */
  readonly timeoutMs?: number;
  /** For one request, in milliseconds. Default 30 000. */
  readonly requestTimeoutMs?: number;
  readonly limits?: Partial<TransportLimits>;
  /** For the user agent. */
  readonly version?: string;
  /** Remembered answers to share with other transports; credentials keep them apart. */
  readonly etags?: EtagStore;
  /** Receives a line for each request, retry and redirect, free of secrets. */
  readonly debug?: ((line: string) => void) | undefined;
  /** Ends everything; requests then throw its reason. */
  readonly signal?: AbortSignal | undefined;
  /** The local clock, epoch milliseconds. */
  readonly now?: () => number;
  /** A clock that is never set, in milliseconds: deadlines go by it. */
  readonly monotonic?: () => number;
  /** From 0 (inclusive) to 1. */
  readonly random?: () => number;
  /** Waits before a retry; throws when the signal ends the wait. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** The same, complete. */
export type TransportSettings = {
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly limits: TransportLimits;
  readonly userAgent: string;
  readonly etags: EtagStore;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/**
 * Fills in what is left out.
 *
 * @throws {SourceError} `refused` for a credential that no header can carry; its value is not shown.
 */
export function fillSettings(options: TransportOptions): TransportSettings {
  const version = options.version === undefined ? '' : `/${options.version}`;
  return {
    credentials: checkCredentials(options.credentials ?? {}),
    timeoutMs: options.timeoutMs ?? 60_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    limits: { bodyBytes: 64 * 1024 * 1024, requests: 10_000, depth: 64, ...options.limits },
    userAgent: `tardy${version}`,
    etags: options.etags ?? new EtagStore(),
    now: options.now ?? (() => Date.now()),
    monotonic: options.monotonic ?? (() => performance.now()),
    random: options.random ?? (() => Math.random()),
    sleep: options.sleep ?? (async (ms, signal) => wait(ms, undefined, { signal })),
  };
}

function checkCredentials(credentials: Credentials): Credentials {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(credentials)) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
      throw new SourceError('refused', 'A credential is to be sent under a name that is not one of a header.');
    }
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new SourceError(
        'refused',
        `The credential for the header ${name} holds characters that no header can carry. Is there a line break in it?`,
      );
    }
    checked[name.toLowerCase()] = value;
  }
  return checked;
}
