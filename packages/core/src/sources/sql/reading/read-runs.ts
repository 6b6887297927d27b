import { isObject, listOf } from '../../reading/body.js';
import { endedLimit } from '../../reading/ended-limit.js';
import { readPages } from '../../reading/read-pages.js';
import { collectRuns } from '../../reading/read-rows.js';
import {
  SourceError,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceRequest,
  type SourceResponse,
} from '../../source.js';
import type { Run } from '../../../run.js';
import type { RunIssue } from '../../../wire.js';
import type { Engine } from '../engine.js';
import type { SqlRuns } from '../runs.js';
import { PAGE_ROWS, RunQueries, sqlRequest } from './query.js';
import { columnsOf, sqlRowReader, type SqlRowReader } from './row.js';

/** Reads the runs of one database. */
export class RunReader {
  readonly #address: string;
  readonly #runs: SqlRuns;
  readonly #queries: RunQueries;
  readonly #read: SqlRowReader;

  /** `name` is that of the source. */
  constructor(engine: Engine, address: string, name: string, runs: SqlRuns) {
    const columns = columnsOf(runs.fields);
    this.#address = address;
    this.#runs = runs;
    this.#queries = new RunQueries(engine, runs, columns);
    this.#read = sqlRowReader(runs, columns, name);
  }

  /** The pages of the runs that are wanted; those that have ended come last, so that one which ends meanwhile is not missed. */
  async *list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const which = query.activity === 'all' ? 'all' : 'active';
    let pages = 0;
    for await (const page of this.#pages(which, fetch)) {
      pages++;
      yield page;
    }
    if (pages > 1) yield* this.#withoutId(which, fetch);
    if (query.activity !== 'recent') return;
    const ended = this.#queries.ended(endedLimit(query));
    if (ended === undefined) return;
    const rows = rowsIn(await fetch(this.#request([ended, []])));
    yield collectRuns(rows, this.#read);
  }

  /** The run with that id; `undefined` if the database has none. */
  async get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    // A text that no id of this table can be is refused by the database with an error of its own: 404 stands for it.
    const response = await fetch({ ...this.#request(this.#queries.one(id)), accept: [404] });
    if (response.status === 404) return undefined;
    const [row, second] = rowsIn(response);
    if (row === undefined) return undefined;
    if (second !== undefined) throw new SourceError('shape', `${ambiguous(id)} Map an id that is unique.`);
    const parsed = this.#read(row);
    if (!parsed.ok) throw new SourceError('shape', `Run ${id} cannot be read: ${parsed.issue.reason}.`);
    return parsed.run;
  }

  #pages(which: 'active' | 'all', fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    return readPages(this.#request(this.#queries.page(which, undefined)), fetch, (response) => {
      const ahead = rowsIn(response);
      const more = ahead.length > PAGE_ROWS;
      const rows = more ? ahead.slice(0, PAGE_ROWS) : ahead;
      const page = collectRuns(rows, this.#read);
      // The row ahead as well: it would be left out of the next page if it had the id of the last one here.
      const issues = [...page.issues, ...repeatedIds(ahead)];
      return { page: { runs: page.runs, issues }, next: more ? this.#next(which, idOf(rows.at(-1))) : undefined };
    });
  }

  #next(which: 'active' | 'all', after: string | undefined): SourceRequest | SourceError {
    if (after !== undefined) return this.#request(this.#queries.page(which, after));
    return new SourceError(
      'shape',
      `${PAGE_ROWS} rows have no id (from ${this.#runs.fields.id}). Map one that is never null.`,
    );
  }

  async *#withoutId(which: 'active' | 'all', fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const rows = rowsIn(await fetch(this.#request([this.#queries.withoutId(which), []])));
    if (rows.length > 0) yield collectRuns(rows, this.#read);
  }

  #request([sql, values]: readonly [sql: string, values: readonly string[]]): SourceRequest {
    return sqlRequest(this.#address, sql, values);
  }
}

/** The rows of a response. */
function rowsIn(response: SourceResponse): readonly unknown[] {
  return listOf(response, 'rows', 'a database');
}

/**
 * Rows that share an id: of two such rows one would be counted and the other, perhaps the stuck one, be taken for a repetition. They follow each
 * other, since pages are in the order of ids.
 */
function repeatedIds(rows: readonly unknown[]): readonly RunIssue[] {
  const issues: RunIssue[] = [];
  let last: string | undefined;
  let reported: string | undefined;
  for (const row of rows) {
    const id = idOf(row);
    if (id !== undefined && id === last && id !== reported) {
      reported = id;
      issues.push({ id: id.slice(0, 200), reason: `${ambiguous(id)} Map an id that is unique` });
    }
    last = id;
  }
  return issues;
}

function ambiguous(id: string): string {
  return `Several rows have the id ${id.slice(0, 200)}.`;
}

function idOf(row: unknown): string | undefined {
  const id = isObject(row) ? row['id'] : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}
