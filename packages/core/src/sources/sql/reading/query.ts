import type { SourceRequest } from '../../source.js';
import { ENGINE_TEXT, type Engine } from '../engine.js';
import type { SqlRuns } from '../runs.js';
import type { SqlColumn } from './row.js';

/** The body of a request to a database: one statement that reads, and its values as text. */
export type SqlBody = { readonly sql: string; readonly values: readonly string[] };

/** How many rows are read at once. */
export const PAGE_ROWS = 5_000;

/** A request that sends a statement to the database at `address`. */
export function sqlRequest(address: string, sql: string, values: readonly string[] = []): SourceRequest {
  const body: SqlBody = { sql, values };
  return { url: address, method: 'POST', body };
}

/** Makes the statements that read runs. */
export class RunQueries {
  readonly #engine: Engine;
  readonly #runs: SqlRuns;
  readonly #select: string;

  constructor(engine: Engine, runs: SqlRuns, columns: readonly SqlColumn[]) {
    this.#engine = engine;
    this.#runs = runs;
    const list = columns.map(({ expression, name }) => `${expression} as ${name}`);
    this.#select = `select ${list.join(',\n  ')}\nfrom ${runs.from}`;
  }

  /** A page in the order of ids, after the one with the id `after`, and one row more, which shows whether there is another page. */
  page(which: 'active' | 'all', after: string | undefined): readonly [sql: string, values: readonly string[]] {
    const { active, fields } = this.#runs;
    const conditions = [
      ...(which === 'active' ? [`(${active})`] : []),
      ...(after === undefined ? [] : [`${fields.id} > ${this.#value()}`]),
    ];
    const sql = `${this.#where(conditions)}\norder by ${fields.id}\nlimit ${PAGE_ROWS + 1}`;
    return [sql, after === undefined ? [] : [after]];
  }

  /** Rows without an id, which no page after the first can hold. */
  withoutId(which: 'active' | 'all'): string {
    const { active, fields } = this.#runs;
    return `${this.#where([...(which === 'active' ? [`(${active})`] : []), `${fields.id} is null`])}\nlimit 10`;
  }

  /** The runs that ended last; `undefined` where the system keeps none. */
  ended(limit: number): string | undefined {
    const { ended } = this.#runs;
    if (ended === undefined) return undefined;
    return `${this.#where([`(${ended.where})`])}\norder by ${ended.order} desc\nlimit ${limit}`;
  }

  /** The run with an id, whatever its status. */
  one(id: string): readonly [sql: string, values: readonly string[]] {
    return [`${this.#where([`${this.#runs.fields.id} = ${this.#value()}`])}\nlimit 2`, [id]];
  }

  #value(): string {
    return ENGINE_TEXT[this.#engine].placeholder(1);
  }

  #where(conditions: readonly string[]): string {
    return conditions.length === 0 ? this.#select : `${this.#select}\nwhere ${conditions.join('\n  and ')}`;
  }
}
