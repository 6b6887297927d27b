/** A piece of SQL, ready to use in a statement. */
export type SqlText = string;

/** Where a value of a run is stored: the name of a column, or an expression of your own (columns qualified by the alias of the table). */
export type SqlColumn = string | { readonly sql: SqlText };

/** Whether a database can store the text: none supports both NUL and halves of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text);
}

/** Conditions of which one must hold. */
export function anyOf(conditions: readonly SqlText[]): SqlText {
  return conditions.length === 1 ? String(conditions[0]) : `(${conditions.join(' or ')})`;
}
