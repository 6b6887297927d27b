import { globsOf, type Globs } from '../match.js';
import type { SqlDialect } from './dialects/dialect.js';
import { anyOf, isStorable, type SqlText } from './sql-text.js';

/**
 * Whether a text matches any of the globs, as `matchesGlob` has it; null where the text is null.
 *
 * Compared byte by byte whatever the collation of the column: a rule is case-sensitive.
 */
export function globCondition(text: SqlText, globs: Globs, dialect: SqlDialect): SqlText {
  // A text that no column can hold matches no row.
  const list = globsOf(globs).filter(isStorable);
  const exact = list.filter((glob) => !/[*?]/.test(glob));
  const patterns = list.filter((glob) => /[*?]/.test(glob));
  const subject = dialect.asText(text);
  const conditions = [
    ...(exact.length === 0 ? [] : [dialect.isOneOf(subject, exact)]),
    ...patterns.map((glob) => dialect.matches(subject, glob)),
  ];
  return conditions.length === 0 ? NO_ROW : anyOf(conditions);
}

/** A condition that no row meets, in every dialect. */
export const NO_ROW: SqlText = '1 = 0';
