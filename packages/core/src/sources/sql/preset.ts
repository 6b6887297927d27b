import type { Engine } from './engine.js';
import type { SqlRuns } from './runs.js';

/** What every preset can be told in a config. */
export type PresetConfig = {
  readonly url: string;
  /** The schema of its tables. */
  readonly schema?: string | undefined;
  /** An expression over its tables that gives the tenant of a run. */
  readonly tenant?: string | undefined;
};

/** The tables of a system as they were found in a database. */
export type FoundTables = {
  readonly engine: Engine;
  /** A table as a query names it. */
  readonly table: (name: string) => string;
  /** Whether a table, or a column of it, exists. */
  readonly has: (table: string, column?: string) => boolean;
  /** What the query for the version gave. */
  readonly version: string | undefined;
};

/** How runs are read from the tables of one system. */
export type SqlPreset<Config extends PresetConfig = PresetConfig> = {
  /** The databases on which the system runs. */
  readonly engines: readonly Engine[];
  /** The schema in which the system keeps its tables; absent if wherever the connection begins. */
  readonly schema?: string | undefined;
  /** The tables that are read, with the columns without which this preset does not know the schema. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** Tables that some versions or set-ups lack. */
  readonly optionalTables?: readonly string[];
  /** A query whose only row has the version of the schema as `version`. */
  readonly version?: (table: FoundTables['table'], has: FoundTables['has']) => string | undefined;
  /** The versions that this preset knows, in words. */
  readonly knows: string;
  /** Whether it knows the version found. Without it, the columns tell. */
  readonly isKnown?: (version: string | undefined) => boolean;
  readonly runs: (found: FoundTables, config: Config) => SqlRuns;
};
