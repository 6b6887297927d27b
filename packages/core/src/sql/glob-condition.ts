import { globsOf, type Globs } from '../match.js';
import { isStorable, textList, textLiteral, type SqlText } from './sql-text.js';

/** Not the backslash, which is one more thing to escape in a literal. */
const ESCAPE = '!';

/**
 * Whether a text matches any of the globs, as `matchesGlob` has it; null where the text is null.
 *
 * Compared byte by byte whatever the collation of the column: a rule is case-sensitive.
 */
export function globCondition(text: SqlText, globs: Globs): SqlText {
  // A text that no column can hold matches no row.
  const list = globsOf(globs).filter(isStorable);
  const exact = list.filter((glob) => !/[*?]/.test(glob));
  const patterns = list.filter((glob) => /[*?]/.test(glob));
  const subject = `(${text})::text collate "C"`;
  const conditions = [
    ...(exact.length === 0 ? [] : [`${subject} in ${textList(exact)}`]),
    ...patterns.map((glob) => `${subject} like ${textLiteral(likePattern(glob))} escape '${ESCAPE}'`),
  ];
  if (conditions.length === 0) return 'false';
  return conditions.length === 1 ? String(conditions[0]) : `(${conditions.join(' or ')})`;
}

function likePattern(glob: string): string {
  return glob.replace(/[!%_]/g, `${ESCAPE}$&`).replaceAll('*', '%').replaceAll('?', '_');
}
