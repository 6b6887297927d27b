import { setTimeout as wait } from 'node:timers/promises';
import { SourceError, type RequestSigner } from '@tardy/core/sources';
import { EtagStore } from './etag-store.js';
import type { JsonLimits } from './json-body.js';
import type { Pool } from './pool.js';
import type { Credentials } from '../scrub.js';

/** Limits on what a source may send. By default a body has at most 64 levels, 2,000,000 values and 100,000 entries in one array or
 * object, and 200,000 different names of fields. */
export type TransportLimits = {
  /** One body, in bytes, both as transferred and decoded. Default 64 MiB. */
  readonly bodyBytes: number;
  /** Requests of one listing, not counting retries and redirects. Default 10 000. */
  readonly requests: number;
} & JsonLimits;

/** How to reach a source; clock, randomness and timers can be replaced. */
export type TransportOptions = {
  /** The URL of the source; its path is a folder. Credentials go to its origin only. */
  readonly baseUrl: string;
  /** Sent with every request to that origin. */
  readonly credentials?: Credentials;
  /** Signs every request to that origin. */
  readonly signer?: RequestSigner | undefined;
  /** Connections shared with other sources; without it the transport creates and closes its own. */
  readonly pool?: Pool;
  /** Hosts to reach although they are link-local or serve the credentials of a cloud. */
  readonly allowHosts?: readonly string[];
  /** One deadline for all requests, retries and waits of a listing, in milliseconds. Default 60 000. */
  readonly timeoutMs?: number;
  /** For one request, in milliseconds. Default 30 000. */
  readonly requestTimeoutMs?: number;
  readonly limits?: Partial<TransportLimits>;
  /** For the user agent. */
  readonly version?: string;
  /** Stored responses shared with other transports, separated by credentials. */
  readonly etags?: EtagStore;
  /** Receives one line per request, retry and redirect, without secrets. */
  readonly debug?: ((line: string) => void) | undefined;
  /** Aborts everything; requests then throw its reason. */
  readonly signal?: AbortSignal | undefined;
  /** The local clock, epoch milliseconds. */
  readonly now?: () => number;
  /** A monotonic clock in milliseconds, for deadlines. */
  readonly monotonic?: () => number;
  /** From 0 (inclusive) to 1. */
  readonly random?: () => number;
  /** Waits before a retry; throws when the signal ends the wait. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** The options with defaults filled in. */
export type TransportSettings = {
  readonly allowHosts: readonly string[];
  readonly credentials: Credentials;
  readonly signer: RequestSigner | undefined;
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
 * Fills in the defaults.
 *
 * @throws {SourceError} `refused` for a credential that cannot be sent in a header; its value is not shown.
 */
export function fillSettings(options: TransportOptions): TransportSettings {
  const version = options.version === undefined ? '' : `/${options.version}`;
  return {
    credentials: checkCredentials(options.credentials ?? {}),
    signer: options.signer,
    allowHosts: options.allowHosts ?? [],
    timeoutMs: options.timeoutMs ?? 60_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    limits: {
      bodyBytes: 64 * 1024 * 1024,
      requests: 10_000,
      depth: 64,
      values: 2_000_000,
      items: 100_000,
      names: 200_000,
      ...options.limits,
    },
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
      throw new SourceError('refused', 'The name of a credential is not a valid header name.');
    }
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new SourceError(
        'refused',
        `The credential for the header ${name} contains characters that are not allowed in a header, such as a line break.`,
      );
    }
    checked[name.toLowerCase()] = value;
  }
  return checked;
}
