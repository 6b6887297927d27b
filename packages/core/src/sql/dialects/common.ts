import type { SqlText } from '../sql-text.js';

/** Not the backslash, which is one more thing to escape in a literal. */
export const ESCAPE = '!';

/** A glob as the pattern of `like … escape '!'`. `special` are the characters that mean something in such a pattern. */
export function likePattern(glob: string, special = /[!%_]/g, escape = ESCAPE): string {
  return glob.replace(special, `${escape}$&`).replaceAll('*', '%').replaceAll('?', '_');
}

/** Quotes a name with a quote that is doubled inside. */
export function quotedWith(quote: string): (name: string) => SqlText {
  return (name) => `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}

/** A literal of a database in which a backslash is a character like any other. */
export function plainLiteral(text: string): SqlText {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A literal of a database in which a backslash escapes. */
export function backslashLiteral(text: string): SqlText {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

/** A list of literals for `in`. */
export function listOf(values: readonly string[], literal: (text: string) => SqlText): SqlText {
  return `(${values.map(literal).join(', ')})`;
}

/** A function of any number of arguments; of one, its argument. */
export function variadic(name: string): (values: readonly SqlText[]) => SqlText {
  return (values) => (values.length === 1 ? String(values[0]) : `${name}(${values.join(', ')})`);
}

/** Where a key stands in a JSON path such as `$."key"`, in which a backslash escapes. */
export function quotedKey(key: string): string {
  return `"${key.replace(/["\\]/g, '\\$&')}"`;
}

/** For a database whose conditions are values. */
export const AS_IT_IS = {
  boolean: (condition: SqlText): SqlText => condition,
  isTrue: (value: SqlText): SqlText => value,
} as const;

/** Seconds and milliseconds, which every database stores as integers. */
export const EPOCH_INSTANTS = {
  epoch_ms: (column: SqlText): SqlText => column,
  epoch_s: (column: SqlText): SqlText => `(${column} * 1000)`,
} as const;
