import type { SourceError } from '@tardy/core/sources';
import type { ConnectionOptions } from '../io.js';

/** One row, by the names of its columns. Values are text, numbers or null; a number that JavaScript cannot hold is text. */
export type DatabaseRow = Readonly<Record<string, unknown>>;

/** An open database. Statements are sent one after the other, each in a transaction that can only read. */
export type Database = {
  readonly query: (sql: string, values: readonly string[], timeoutMs: number) => Promise<readonly DatabaseRow[]>;
  /** The clock of its server, epoch milliseconds; `undefined` where the database is a file and has none. */
  readonly clock: ((timeoutMs: number) => Promise<number>) | undefined;
  /** Ends the statement that is running and the connection. */
  readonly close: () => Promise<void>;
};

/** How to open one. */
export type DatabaseOptions = Pick<ConnectionOptions, 'ca' | 'confinedTo'> & {
  readonly url: string;
  readonly password: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
};

/** What is known about one kind of database server or file. */
export type Driver = {
  readonly open: (options: DatabaseOptions) => Promise<Database>;
  /** What an error of the driver means; `undefined` for one that is none of the database. */
  readonly failure: (error: unknown, where: string) => DatabaseFailure | undefined;
};

/**
 * A failed statement. `retry`: it may succeed a moment later. `noSuchValue`: the database refuses a value that no column of that type can hold,
 * so that there is no such row.
 */
export type DatabaseFailure = {
  readonly error: SourceError;
  readonly retry?: boolean;
  readonly noSuchValue?: boolean;
};
