import type { Instant } from '@tardy/core';
import type { SourceFetch } from '@tardy/core/sources';

/** A line to one source: how it is read, and what was learnt on the way. */
export type Connection = {
  /** One request. */
  readonly fetch: SourceFetch;
  /** Requests that belong to one listing: bounded in number, and never the same twice. */
  readonly listing: () => SourceFetch;
  /** What to add to the local clock to get the source's, in milliseconds; `undefined` until an answer told. */
  readonly clock: () => { readonly offsetMs: number; readonly uncertaintyMs: number } | undefined;
  readonly close: () => Promise<void>;
};

/** A certificate that stands for its owner, with its key, both in PEM. */
export type ClientCertificate = { readonly certificate: string; readonly key: string };

/** What a connection needs to know. */
export type ConnectionOptions = {
  /** Address that relative requests are resolved against; credentials go to its origin only. */
  readonly baseUrl: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** For all requests of the source together, in milliseconds. */
  readonly timeoutMs: number;
  /** Certificates (PEM) to trust besides the usual ones. */
  readonly ca: string | undefined;
  /** Shown to the host of `baseUrl`, and to no other. */
  readonly clientCertificate?: ClientCertificate | undefined;
  /** Receives a line for each request, free of secrets. */
  readonly debug: ((line: string) => void) | undefined;
};

/** One of the two output streams. */
export type OutputStream = {
  readonly write: (text: string) => void;
  readonly isTty: boolean;
  /** Width in columns; absent where there is no terminal. */
  readonly columns: number | undefined;
};

/** Everything a command may touch outside itself. Built once in `main.ts`; faked in tests. */
export type CliIo = {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => Instant;
  readonly readStdin: () => Promise<string>;
  /** `undefined` when there is no such file; other failures throw. */
  readonly readFile: (path: string) => Promise<string | undefined>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
  readonly connect: (options: ConnectionOptions) => Promise<Connection>;
};
