export { compilePolicy, type LateralDialectName, type SqlOptions, type SqlVerdict } from './compile-policy.js';
export { SQL_DIALECTS, type InstantColumns, type SqlDialect, type SqlDialectName } from './dialects/dialect.js';
export { sqlDialect } from './dialects/index.js';
export { judgedRuns, type JudgedRuns, type JudgedRunsOptions } from './judged-runs.js';
export type { VerdictColumn } from './verdict.js';
export type { RunColumns } from './run-columns.js';
export { identifier, textLiteral } from './postgresql-text.js';
export type { SqlColumn, SqlText } from './sql-text.js';
