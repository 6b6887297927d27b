import { PGlite } from '@electric-sql/pglite';
import { readFileSync } from 'node:fs';
import { mergeRuns, type Run } from '../../../run.js';
import type { RunIssue } from '../../../wire.js';
import { SourceError, type Source, type SourceFetch, type SourceQuery } from '../../source.js';
import type { SqlBody } from '../reading/query.js';

/** A database in the process, which a source reads as the command line lets it read PostgreSQL. */
export type SqlTestDatabase = {
  /** Empties it, and fills it with what a file of recorded SQL holds. */
  readonly load: (fixture: string) => Promise<void>;
  readonly exec: (sql: string) => Promise<void>;
  readonly fetch: SourceFetch;
  readonly close: () => Promise<void>;
};

/** A driver gives every value as text. */
const AS_TEXT = Object.fromEntries(
  [16, 20, 21, 23, 25, 114, 700, 701, 1082, 1114, 1184, 1700, 2950, 3802].map((type) => [type, (text: string) => text]),
);

/** Opens an empty database. That takes a while, so tests share one. */
export async function openTestDatabase(): Promise<SqlTestDatabase> {
  const database = new PGlite();
  await database.waitReady;
  const exec = async (sql: string) => void (await database.exec(sql));
  const load = async (fixture: string) => {
    await exec(`reset role; set row_security = on`);
    const { rows } = await database.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`,
    );
    for (const { name } of rows) await exec(`drop schema "${name}" cascade`);
    await exec('create schema public');
    await exec(readFileSync(new URL(`../../${fixture.replace('/', '/fixtures/')}`, import.meta.url), 'utf8'));
    await exec("set search_path = public; set time zone 'UTC'; set datestyle = 'ISO, YMD'; set row_security = off");
  };
  return {
    load,
    exec,
    fetch: async ({ url, body, accept = [] }) => {
      const { sql, values } = body as SqlBody;
      const answer = (status: number, sent: unknown) => ({ status, headers: { get: () => null }, body: sent, url });
      try {
        const { rows } = await database.query(sql, [...values], { parsers: AS_TEXT });
        return answer(200, { rows });
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === '22P02' && accept.includes(404)) return answer(404, {});
        throw new SourceError(code === '42501' ? 'forbidden' : 'shape', String(error));
      }
    },
    close: () => database.close(),
  };
}

/** What a source gave. */
export type ReadRuns = {
  readonly runs: readonly Run[];
  readonly issues: readonly RunIssue[];
  readonly error: SourceError | undefined;
};

/** Reads a source to its end. */
export async function readSource(
  source: Source,
  fetch: SourceFetch,
  query: SourceQuery = { activity: 'active' },
): Promise<ReadRuns> {
  const runs: Run[] = [];
  const issues: RunIssue[] = [];
  let error: SourceError | undefined;
  try {
    for await (const page of source.list(query, fetch)) {
      runs.push(...page.runs);
      issues.push(...page.issues);
    }
  } catch (caught) {
    if (!(caught instanceof SourceError)) throw caught;
    error = caught;
  }
  return { runs: mergeRuns(runs), issues, error };
}
