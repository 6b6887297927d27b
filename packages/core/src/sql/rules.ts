import { MATCH_FIELDS, type RunMatch } from '../match.js';
import type { Policy } from '../policy.js';
import type { SqlDialect } from './dialects/dialect.js';
import { globCondition, NO_ROW } from './glob-condition.js';
import { columnText, type ColumnName, type RunColumns } from './run-columns.js';
import { isStorable, type SqlText } from './sql-text.js';
import type { Stage } from './stages.js';

/** The column that says whether a rule matches the row. */
export function ruleColumn(index: number): SqlText {
  return `rule_${index}`;
}

/** The columns that say which rules match, over the table. */
export function ruleStage(policy: Policy, columns: RunColumns, dialect: SqlDialect): Stage {
  return Object.fromEntries(
    policy.document.rules.map(({ match }, index) => [
      ruleColumn(index),
      dialect.boolean(matchCondition(match, columns, dialect)),
    ]),
  );
}

function matchCondition(match: RunMatch, columns: RunColumns, dialect: SqlDialect): SqlText {
  const conditions = Object.entries(match).map(([field, globs]) => {
    const text = fieldText(field, columns, dialect);
    return text === undefined ? NO_ROW : globCondition(text, globs, dialect);
  });
  return conditions.length === 0 ? '1 = 1' : conditions.join(' and ');
}

/** The text that a rule matches; `undefined` for one that no row has. */
function fieldText(field: string, columns: RunColumns, dialect: SqlDialect): SqlText | undefined {
  if (MATCH_FIELDS.includes(field)) return columnText(columns, field as ColumnName, dialect);
  if (!field.startsWith('labels.')) return undefined;
  const labels = columnText(columns, 'labels', dialect);
  const key = field.slice('labels.'.length);
  return labels === undefined || !isStorable(key) ? undefined : dialect.jsonText(labels, key);
}
