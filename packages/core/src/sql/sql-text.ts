/** A piece of SQL, ready to use in a statement. */
export type SqlText = string;

/** Where a value of a run is stored: the name of a column, or an expression of your own (columns qualified by the alias of the table). */
export type SqlColumn = string | { readonly sql: SqlText };

/** A name as an identifier: exactly this column, whatever characters and case it has. */
export function identifier(name: string): SqlText {
  if (name === '' || !isStorable(name)) throw new RangeError(`${JSON.stringify(name)} cannot be the name of a column.`);
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a literal; nothing in it can end the literal, under either setting of `standard_conforming_strings`. */
export function textLiteral(text: string): SqlText {
  if (!isStorable(text)) throw new RangeError(`${JSON.stringify(text)} cannot be written in SQL.`);
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Whether a database can store the text: PostgreSQL supports neither NUL nor halves of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text);
}

/** A list of literals for `in`. */
export function textList(texts: readonly string[]): SqlText {
  return `(${texts.map(textLiteral).join(', ')})`;
}

/** Conditions that must all hold. */
export function allOf(conditions: readonly SqlText[]): SqlText {
  return conditions.length === 0 ? 'true' : conditions.length === 1 ? String(conditions[0]) : conditions.join(' and ');
}
