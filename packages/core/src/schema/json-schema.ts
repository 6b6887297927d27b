import * as z from 'zod';
import { backtestSchema } from './backtest.js';
import { learnSchema } from './learn.js';
import { issueSchema, problemSchema, runEventSchema, runPageSchema, runSummarySchema, totalsSchema } from './page.js';
import { durationSchema, policySchema, thresholdsSchema } from './policy.js';
import {
  reportAcknowledgementsSchema,
  reportRecordedSchema,
  reportAlertsSchema,
  reportRunSchema,
  reportSchema,
  reportSourceSchema,
  reportTotalsSchema,
} from './report.js';
import { ownerSchema, runSchema } from './run.js';
import { acknowledgementSchema, acknowledgementsSchema } from './acknowledgements.js';
import { alertRunSchema, alertSchema, stateSchema } from './state.js';
import { instant } from './wire-values.js';

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const NAMED = {
  Run: runSchema,
  Owner: ownerSchema,
  Instant: instant,
  RunIssue: issueSchema,
  RunPage: runPageSchema,
  RunSummary: runSummarySchema,
  RunTotals: totalsSchema,
  RunEvent: runEventSchema,
  Problem: problemSchema,
  Policy: policySchema,
  Thresholds: thresholdsSchema,
  Duration: durationSchema,
  Report: reportSchema,
  ReportSource: reportSourceSchema,
  ReportRun: reportRunSchema,
  ReportTotals: reportTotalsSchema,
  ReportAlerts: reportAlertsSchema,
  ReportAcknowledgements: reportAcknowledgementsSchema,
  ReportRecorded: reportRecordedSchema,
  AlertState: stateSchema,
  Alert: alertSchema,
  AlertRun: alertRunSchema,
  Acknowledgements: acknowledgementsSchema,
  Acknowledgement: acknowledgementSchema,
} as const;

/** The name of a schema, in JSON Schemas and in OpenAPI alike. */
export type SchemaName = keyof typeof NAMED;

/**
 * All schemas by name as JSON Schemas that refer to one another below `base`, such as `#/components/schemas/`.
 *
 * They describe what may be sent, so fields that they do not name are allowed wherever readers ignore them.
 */
export function namedJsonSchemas(base: string): Readonly<Record<SchemaName, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `${base}${id}` });
  const named: Record<string, JsonSchema> = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, embeddable(schema)]),
  );
  return named as Record<SchemaName, JsonSchema>;
}

/** One schema as a JSON Schema, to stand within a document. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return embeddable(z.toJSONSchema(schema, { io: 'input' }));
}

/** The published JSON Schemas, each complete in itself, by the name of their file. */
export function jsonSchemas(): Readonly<
  Record<'run' | 'policy' | 'report' | 'backtest' | 'learn' | 'state' | 'acknowledgements', JsonSchema>
> {
  return {
    run: published('Run', 'urn:tardy:schema:run:1', 'A run'),
    policy: published('Policy', 'urn:tardy:schema:policy:1', 'A policy'),
    report: published('Report', 'urn:tardy:schema:report:1', 'A report'),
    learn: standalone(learnSchema, 'urn:tardy:schema:learn:1', 'What was learned'),
    backtest: standalone(backtestSchema, 'urn:tardy:schema:backtest:1', 'A backtest'),
    state: published('AlertState', 'urn:tardy:schema:state:1', 'The state of alerts'),
    acknowledgements: published('Acknowledgements', 'urn:tardy:schema:acknowledgements:1', 'Acknowledgements'),
  };
}

/** A schema that no other refers to. */
function standalone(schema: z.ZodType, id: string, title: string): JsonSchema {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: id, title, ...jsonSchemaOf(schema) };
}

function embeddable(schema: object): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}

function published(name: SchemaName, id: string, title: string): JsonSchema {
  const all = namedJsonSchemas('#/$defs/');
  const definitions = [...reachableFrom(name, all)].sort().map((used) => [used, all[used]] as const);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    title,
    ...all[name],
    ...(definitions.length === 0 ? {} : { $defs: Object.fromEntries(definitions) }),
  };
}

/** The names that a schema refers to, directly or not. */
function reachableFrom(
  name: SchemaName,
  all: Readonly<Record<SchemaName, JsonSchema>>,
  found = new Set<SchemaName>(),
): ReadonlySet<SchemaName> {
  for (const [, used] of JSON.stringify(all[name]).matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)) {
    if (found.has(used as SchemaName)) continue;
    found.add(used as SchemaName);
    reachableFrom(used as SchemaName, all, found);
  }
  return found;
}
