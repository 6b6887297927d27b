import { MATCH_FIELDS, type RunMatch } from '../match.js';
import type { Policy } from '../policy.js';
import { globCondition } from './glob-condition.js';
import { columnText, type ColumnName, type RunColumns } from './run-columns.js';
import { allOf, isStorable, textLiteral, type SqlText } from './sql-text.js';

/** The column that says whether a rule matches the row. */
export function ruleColumn(index: number): SqlText {
  return `rule_${index}`;
}

/** Each rule of the policy as a condition over the table, in order. */
export function ruleConditions(policy: Policy, columns: RunColumns): readonly SqlText[] {
  return policy.document.rules.map(({ match }) => matchCondition(match, columns));
}

function matchCondition(match: RunMatch, columns: RunColumns): SqlText {
  return allOf(
    Object.entries(match).map(([field, globs]) => {
      const text = fieldText(field, columns);
      return text === undefined ? 'false' : globCondition(text, globs);
    }),
  );
}

/** The text that a rule matches; `undefined` for one that no row has. */
function fieldText(field: string, columns: RunColumns): SqlText | undefined {
  if (MATCH_FIELDS.includes(field)) return columnText(columns, field as ColumnName);
  if (!field.startsWith('labels.')) return undefined;
  const labels = columnText(columns, 'labels');
  const key = field.slice('labels.'.length);
  return labels === undefined || !isStorable(key) ? undefined : `${labels} ->> ${textLiteral(key)}`;
}
