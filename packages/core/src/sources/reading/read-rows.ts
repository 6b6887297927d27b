import type { Run } from '../../run.js';
import { parseRun, type ParsedRun, type RunIssue } from '../../wire.js';
import { isObject, type JsonObject } from './body.js';
import { SourceError, type SourcePage } from '../source.js';
import { checkShape, type Shape } from './shape.js';

/** Converts a row of a system to the wire form of a run. */
export type RowToWire = (row: JsonObject) => Readonly<Record<string, unknown>>;

/** Reads the rows of a page. A row that cannot be read becomes an issue and does not hide the others. */
export function readRows(
  rows: readonly unknown[],
  name: string,
  toWire: RowToWire,
): Pick<SourcePage, 'runs' | 'issues'> {
  return collectRuns(rows, (row) => readRow(row, name, toWire));
}

/** How many issues of one page are kept; the others are counted. */
const MOST_ISSUES = 1_000;

/** Parses rows; those that cannot be read become issues. */
export function collectRuns<Row>(
  rows: readonly Row[],
  parse: (row: Row, index: number) => ParsedRun,
): { readonly runs: Run[]; readonly issues: RunIssue[] } {
  const runs: Run[] = [];
  const issues: RunIssue[] = [];
  let more = 0;
  for (let index = 0; index < rows.length; index++) {
    const parsed = parse(rows[index] as Row, index);
    if (parsed.ok) runs.push(parsed.run);
    else if (issues.length < MOST_ISSUES) issues.push(parsed.issue);
    else more++;
  }
  if (more > 0) issues.push({ id: undefined, reason: `${more} more rows cannot be read` });
  return { runs, issues };
}

/**
 * Reads the row of a response for a single run.
 *
 * @throws {SourceError} `shape` if it cannot be read.
 */
export function readOneRow(row: unknown, id: string, name: string, toWire: RowToWire): Run {
  const parsed = readRow(row, name, toWire);
  if (parsed.ok) return parsed.run;
  throw new SourceError('shape', `Run ${id} cannot be read: ${parsed.issue.reason}.`);
}

/** A row whose fields have other types than its system gives them; `id` is that of the run. */
class RowError extends SourceError {
  readonly id: unknown;

  constructor(message: string, id: unknown) {
    super('shape', message);
    this.id = id;
  }
}

/**
 * The wire form of a row whose fields are of the types that its system gives them. They are checked last, so that the issue can name the
 * run.
 *
 * @param system the name of the system in messages
 * @throws {SourceError} `shape` if one is not: a value of another type is never taken for none.
 */
export function checkedWire<Wire extends Readonly<Record<string, unknown>>>(
  row: JsonObject,
  shape: Shape,
  system: string,
  wire: Wire,
): Wire {
  try {
    checkShape(row, shape, system);
  } catch (error) {
    if (error instanceof SourceError) throw new RowError(error.message, wire['id']);
    throw error;
  }
  return wire;
}

/** Keeps the labels that have a text. A number or a missing value is no reason to reject a run. */
export function textLabels(labels: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(labels)) {
    const value = labels[name];
    if (typeof value === 'string' && value !== '') texts[name] = value;
  }
  return texts;
}

function readRow(row: unknown, name: string, toWire: RowToWire): ParsedRun {
  try {
    return parseRun(isObject(row) ? toWire(row) : row, name);
  } catch (error) {
    const id = error instanceof RowError && typeof error.id === 'string' ? error.id.slice(0, 200) : undefined;
    return { ok: false, issue: { id, reason: reasonOf(error) } };
  }
}

/** Why a row cannot be converted: that is an issue of this row, and no other is hidden. */
function reasonOf(error: unknown): string {
  // A field of the row has another type.
  if (error instanceof SourceError && error.code === 'shape') return error.message;
  if (error instanceof URIError) return 'a text that goes into its URL holds half of a surrogate pair';
  throw error;
}
