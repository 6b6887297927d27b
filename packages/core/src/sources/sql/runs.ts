import type { Vocabulary } from '../reading/vocabulary.js';

/** An expression of SQL over the tables of `from`. */
export type SqlExpression = string;

/** Where each field of a run is in a row; the names are those of the run API. What is not given, no run has. */
export type SqlFields = {
  /** Unique, never null, and kept for the life of a run: pages are read in its order. */
  readonly id: SqlExpression;
  readonly type: SqlExpression;
  readonly title?: SqlExpression | undefined;
  readonly status: SqlExpression;
  /** One of Tardy's words, for ended runs whose status does not say how they ended. */
  readonly outcome?: SqlExpression | undefined;
  readonly hold?: SqlExpression | undefined;
  readonly hold_since?: SqlExpression | undefined;
  readonly waits_for?: SqlGroup<'kind' | 'id' | 'name' | 'url' | 'state' | 'until'> | undefined;
  readonly queued_at?: SqlExpression | undefined;
  readonly not_before?: SqlExpression | undefined;
  readonly started_at?: SqlExpression | undefined;
  readonly phase_at?: SqlExpression | undefined;
  readonly heartbeat_at?: SqlExpression | undefined;
  /** In seconds. */
  readonly heartbeat_interval?: SqlExpression | undefined;
  readonly ended_at?: SqlExpression | undefined;
  readonly deadline_at?: SqlExpression | undefined;
  /** Counted from 1; a smaller value counts as 1. */
  readonly attempt?: SqlExpression | undefined;
  readonly workspace?: SqlOwner | undefined;
  readonly tenant?: SqlOwner | undefined;
  readonly flag?: SqlGroup<'kind' | 'by' | 'text' | 'since'> | undefined;
  readonly progress?: SqlGroup<'processed' | 'total' | 'succeeded' | 'failed' | 'skipped' | 'unit'> | undefined;
  readonly failure?: SqlGroup<'code' | 'message'> | undefined;
  readonly initiator?: SqlGroup<'kind' | 'name'> | undefined;
  readonly url?: SqlExpression | undefined;
  readonly labels?: Readonly<Record<string, SqlExpression>> | undefined;
};

/** Expressions of one field that has parts. */
export type SqlGroup<Part extends string> = { readonly [part in Part]?: SqlExpression | undefined };

/** A tenant or a workspace: its id, or its id and its name. */
export type SqlOwner = SqlExpression | SqlGroup<'id' | 'name'>;

/** What the times of a table are: a type of the database for dates with a time, or a count since 1970. */
export type SqlTimes = {
  readonly instants: 'timestamp' | 'epoch_s' | 'epoch_ms';
  /** What times without a zone are in: `UTC`, a fixed offset, or an IANA name. Never guessed. */
  readonly zone?: string | undefined;
};

/** Everything needed to read runs from a database. */
export type SqlRuns = SqlTimes & {
  /** What follows `from`, joins included. */
  readonly from: string;
  /** Which rows are runs that have not ended. */
  readonly active: SqlExpression;
  /** How ended runs are found, the last one first; absent where the system deletes them. */
  readonly ended?: { readonly where: SqlExpression; readonly order: SqlExpression } | undefined;
  readonly fields: SqlFields;
  readonly statuses: Vocabulary;
};
