export { compilePolicy, type SqlOptions, type SqlVerdict } from './compile-policy.js';
export type { RunColumns } from './run-columns.js';
export { identifier, textLiteral, type SqlColumn, type SqlText } from './sql-text.js';
export type { InstantColumns } from './sql-time.js';
