import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import type { Source, SourceErrorCode } from '../source.js';
import type { Server } from './fetch.js';

/**
 * What an adapter has to show. Each folder of a kind exports its own from `testing/conformance.ts`, as `conformanceCases`.
 */
export type ConformanceCase = {
  readonly name: string;
  readonly source: Source;
  /** An active row as the system sends it. */
  readonly row: JsonObject;
  /** A second row, healthy too. */
  readonly other: JsonObject;
  /** States of the system: the row in each, and what the run then is. */
  readonly states: readonly (readonly [title: string, row: JsonObject, run: Partial<Run>])[];
  /** For each field that matters, the row with that field broken. */
  readonly broken: readonly (readonly [field: string, row: JsonObject])[];
  /** The row in an unknown status. */
  readonly unknownStatus: { readonly row: JsonObject; readonly native: string };
  /** The list with only these rows, and the response for one run. */
  readonly serve: (rows: readonly JsonObject[]) => Server;
  /** The meaning of a body that is an empty list, if the system may send one; `none` where that is a list without runs. */
  readonly emptyList?: SourceErrorCode | 'none';
  /** A server whose pages stop before everything announced has arrived. */
  readonly cutShort: Server;
  /** Paths to which queries are sent by POST. */
  readonly queries?: readonly string[];
  /** A server of two pages, the second of which fails; absent if the system has no pages. */
  readonly failingSecondPage?: Server;
};
