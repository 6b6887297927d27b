import type { Instant } from '@tardy/core';
import type { RequestSigner, SourceFetch } from '@tardy/core/sources';
import type { FileLock } from './lock-file.js';
import type { Delivered, DeliverOptions, Wire } from './notify/wire.js';

/** The connection to one source: how it is read, and what was learned on the way. */
export type Connection = {
  /** One request. */
  readonly fetch: SourceFetch;
  /** Requests of one listing: limited in number, and never the same twice. */
  readonly listing: () => SourceFetch;
  /**
   * What to add to the local clock to get the source's, in milliseconds; `undefined` until a response has shown it. `jumpMs` is by how
   * much its responses contradicted each other.
   */
  readonly clock: () =>
    { readonly offsetMs: number; readonly uncertaintyMs: number; readonly jumpMs: number } | undefined;
  readonly close: () => Promise<void>;
};

/** A client certificate with its key, both in PEM. */
export type ClientCertificate = { readonly certificate: string; readonly key: string };

/** How to connect to a source. */
export type ConnectionOptions = {
  /** The URL that relative requests are resolved against; credentials go to its origin only. */
  readonly baseUrl: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Other secrets of the source, which it sends in its own way. They appear in no output either. */
  readonly secrets?: readonly string[];
  /** Signs each request to the host of `baseUrl`. */
  readonly signer?: RequestSigner | undefined;
  /** For all requests of the source together, in milliseconds. */
  readonly timeoutMs: number;
  /** Certificates (PEM) to trust in addition to the built-in ones. */
  readonly ca: string | undefined;
  /** Shown to the host of `baseUrl` only. */
  readonly clientCertificate?: ClientCertificate | undefined;
  /** Hosts to reach although they are link-local or serve the credentials of a cloud. */
  readonly allowHosts?: readonly string[];
  /** Set for a source of a config that was found rather than named: the folder that its files have to lie in. */
  readonly confinedTo?: string | undefined;
  /** Receives one line per request, without secrets. */
  readonly debug: ((line: string) => void) | undefined;
};

/** Who may have written a file. */
export type FileAccess = {
  /** Owned by neither this user nor the administrator. */
  readonly ownedByOthers: boolean;
  readonly writableByAll: boolean;
};

/** One of the two output streams. */
export type OutputStream = {
  readonly write: (text: string) => void;
  readonly isTty: boolean;
  /** Width in columns; absent where there is no terminal. */
  readonly columns: number | undefined;
};

/** A key as a terminal sends it. `name` is that of Node's readline: `up`, `return`, `escape`, `a`. */
export type Key = { readonly name: string | undefined; readonly text: string; readonly ctrl: boolean };

/** What a command needs that stays until it is stopped. */
export type LiveIo = {
  /** Writes to stdout at once. */
  readonly write: (text: string) => void;
  /** Aborted by SIGINT and SIGTERM; the reason is the exit code that shells expect then (130, 143). A second signal ends the process. */
  readonly stopped: AbortSignal;
  /** The size of the terminal on stdout; `undefined` where there is none. */
  readonly size: () => { readonly columns: number; readonly rows: number } | undefined;
  /** Calls back when that size changes. */
  readonly onResize: (changed: () => void) => void;
  /** Calls back with each key; false where standard input is no terminal. */
  readonly onKey: (pressed: (key: Key) => void) => boolean;
  /** Waits; ends early, without an error, once `signal` is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Gives the terminal back: no more keys and sizes. */
  readonly release: () => void;
};

/** Everything outside itself that a command may touch. Built once in `main.ts`, faked in tests. */
export type CliIo = {
  /** Held back until the exit code is decided: a reader that has gone must not change it. */
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => Instant;
  /** Waits for so many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Whether a person types the standard input. */
  readonly stdinIsTty: boolean;
  readonly readStdin: () => Promise<string>;
  /**
   * `undefined` if there is no such file.
   *
   * @param within a folder that the file must lie in, links followed.
   * @throws {UsageError} for any other failure.
   */
  readonly readFile: (path: string, within?: string) => Promise<string | undefined>;
  /**
   * The text of a file in parts, decompressed if it is compressed with gzip; `undefined` if there is no such file.
   *
   * @throws {UsageError} for any other failure, also while it is read.
   */
  readonly openText: (path: string) => Promise<AsyncIterable<string> | undefined>;
  /** Who may have written a file or folder; `undefined` if there is none. */
  readonly fileAccess: (path: string) => Promise<FileAccess | undefined>;
  /**
   * Checks that a file can be written, without changing it.
   *
   * @throws {UsageError} naming the path.
   */
  readonly checkWritable: (path: string) => Promise<void>;
  /**
   * @param mode of a file that does not exist yet; without it, what the umask leaves.
   * @throws {UsageError} naming the path.
   */
  readonly writeFile: (path: string, text: string, mode?: number) => Promise<void>;
  /**
   * A file that ships with the command line for browsers, by its name.
   *
   * @throws {UsageError} if this installation lacks it.
   */
  readonly readAsset: (name: string) => Promise<Uint8Array>;
  /** Makes the process stay. */
  readonly live: () => Promise<LiveIo>;
  /** Replaces every secret in use; what is printed or written passes through it already. */
  readonly scrub: (text: string) => string;
  /**
   * Adds text at the end of a file.
   *
   * @throws {UsageError} naming the path.
   */
  readonly appendFile: (path: string, text: string) => Promise<void>;
  readonly connect: (options: ConnectionOptions) => Promise<Connection>;
  /** What a path leads to; `undefined` if there is nothing. */
  readonly pathKind: (path: string) => Promise<'file' | 'folder' | 'other' | undefined>;
  /**
   * Locks a path against other processes of tardy; `undefined` while another one holds it.
   *
   * @throws {UsageError} if its folder is missing or cannot be written.
   */
  readonly lock: (path: string) => Promise<FileLock | undefined>;
  /** Delivers a message. Never throws for what its receiver or the network does. */
  readonly deliver: (wire: Wire, options: DeliverOptions) => Promise<Delivered>;
};
