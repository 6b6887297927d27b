export { backtestSchema } from './backtest.js';
export { acknowledgementsSchema } from './acknowledgements.js';
export { jsonSchemas, namedJsonSchemas, type JsonSchema, type SchemaName } from './json-schema.js';
export { openApiDocument } from './openapi.js';
export { issueSchema, problemSchema, runEventSchema, runPageSchema, runSummarySchema, totalsSchema } from './page.js';
export { loadPolicy, policySchema } from './policy.js';
export { reportRunSchema, reportSchema, reportSourceSchema, reportTotalsSchema } from './report.js';
export { ownerSchema, runSchema, type RunWire } from './run.js';
export { stateSchema } from './state.js';
