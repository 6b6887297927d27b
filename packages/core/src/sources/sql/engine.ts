import { SourceConfigError } from '../source.js';

/** A family of databases that understand the same SQL and have the same catalogue. */
export type Engine = 'postgres' | 'mysql' | 'sqlite' | 'duckdb';

/** The engines by the scheme of a database's URL. */
const ENGINES: Readonly<Record<string, Engine>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
  sqlite: 'sqlite',
  duckdb: 'duckdb',
};

/** The schemes of URLs of databases. */
export const DATABASE_SCHEMES: readonly string[] = Object.keys(ENGINES);

/** The engine that a URL leads to; `undefined` for what is not the URL of a database. */
export function engineOf(address: string): Engine | undefined {
  const scheme = /^([a-z]+):/i.exec(address)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(ENGINES, scheme) ? ENGINES[scheme] : undefined;
}

/** Whether the database is a file rather than a server. */
export function isFile(engine: Engine): boolean {
  switch (engine) {
    case 'sqlite':
    case 'duckdb':
      return true;
    case 'postgres':
    case 'mysql':
      return false;
  }
}

/**
 * Checks the URL of a database.
 *
 * @param example how to write it, for the message.
 * @throws {SourceConfigError} that never repeats the URL, which may hold a password.
 */
export function databaseUrl(text: string, example: string): string {
  const problem = databaseUrlProblem(text);
  if (problem !== undefined) throw new SourceConfigError(`${problem} Write it as ${example}`);
  return text;
}

/** What is wrong with the URL of a database; `undefined` if nothing is. */
export function databaseUrlProblem(text: string): string | undefined {
  const engine = engineOf(text);
  if (engine === undefined) return `Not the URL of a database: it begins with ${DATABASE_SCHEMES.join(':, ')}:.`;
  if (isFile(engine)) return /^[a-z]+:(?:\/\/)?.+/i.test(text) ? undefined : 'The path of the file is missing.';
  if (!URL.canParse(text) || !/^[a-z]+:\/\//i.test(text)) return 'Not a valid URL.';
  const { password, searchParams } = new URL(text);
  if (password !== '' || searchParams.has('password')) {
    return 'A password in a URL is refused because URLs end up in logs and lists of processes. Give it by reference.';
  }
  return undefined;
}

/** How an engine writes what differs between them. */
export type EngineText = {
  /** The placeholder of the n-th value, counted from 1. */
  readonly placeholder: (n: number) => string;
  readonly identifier: (name: string) => string;
  /** A value as text, compared letter by letter. */
  readonly asText: (expression: string) => string;
};

/** The text of each engine. */
export const ENGINE_TEXT: Readonly<Record<Engine, EngineText>> = {
  postgres: {
    placeholder: (n) => `$${n}`,
    identifier: quotedBy('"'),
    asText: (expression) => `cast(${expression} as text)`,
  },
  mysql: {
    placeholder: () => '?',
    identifier: quotedBy('`'),
    asText: (expression) => `cast(${expression} as char character set utf8mb4) collate utf8mb4_bin`,
  },
  sqlite: {
    placeholder: () => '?',
    identifier: quotedBy('"'),
    asText: (expression) => `cast(${expression} as text) collate binary`,
  },
  duckdb: {
    placeholder: (n) => `$${n}`,
    identifier: quotedBy('"'),
    asText: (expression) => `cast(${expression} as varchar)`,
  },
};

function quotedBy(mark: string): (name: string) => string {
  return (name) => `${mark}${name.replaceAll(mark, mark + mark)}${mark}`;
}

/** A text as a literal. A backslash is only a letter: sessions are opened that way. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
