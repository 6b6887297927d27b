import * as z from 'zod';
import { HOLDS, RUN_OUTCOMES, RUN_STATUSES } from '../../run.js';
import { databaseUrlProblem } from './engine.js';
import { isZone } from './reading/local-time.js';

/** The URL of a database in a config. */
export const databaseUrlField = z.string().refine((text) => databaseUrlProblem(text) === undefined, {
  error: (issue) => databaseUrlProblem(String(issue.input)) ?? 'Not a valid URL.',
});

/** A time zone in a config. */
export const zoneField = z
  .string()
  .refine(isZone, 'it must be UTC, a fixed offset such as +01:00, or a name such as Europe/Berlin');

const expression = z
  .string()
  .min(1)
  // One statement is sent, and a mapping is a part of it.
  .refine((text) => !text.includes(';'), 'it must be one expression: it contains a semicolon');
const owner = z.union([expression, z.strictObject({ id: expression, name: expression.optional() })]);

const fields = z.strictObject({
  id: expression.describe('Unique, never null, and kept for the life of a run.'),
  type: expression,
  title: expression.optional(),
  status: expression,
  outcome: expression.optional().describe('How an ended run ended, in the words of Tardy.'),
  hold: expression.optional(),
  hold_since: expression.optional(),
  waits_for: z
    .strictObject({
      kind: expression,
      id: expression.optional(),
      name: expression.optional(),
      url: expression.optional(),
      state: expression.optional(),
      until: expression.optional(),
    })
    .optional(),
  queued_at: expression.optional(),
  not_before: expression.optional(),
  started_at: expression.optional(),
  phase_at: expression.optional(),
  heartbeat_at: expression.optional(),
  heartbeat_interval: expression.optional().describe('How often a live run sends a heartbeat, in seconds.'),
  ended_at: expression.optional(),
  deadline_at: expression.optional(),
  attempt: expression.optional(),
  workspace: owner.optional(),
  tenant: owner.optional(),
  url: expression.optional(),
  flag: z
    .strictObject({
      kind: expression,
      by: expression.optional(),
      text: expression.optional(),
      since: expression.optional(),
    })
    .optional(),
  progress: z
    .strictObject({
      processed: expression,
      total: expression.optional(),
      succeeded: expression.optional(),
      failed: expression.optional(),
      skipped: expression.optional(),
      unit: expression.optional(),
    })
    .optional(),
  failure: z.strictObject({ code: expression.optional(), message: expression.optional() }).optional(),
  initiator: z.strictObject({ kind: expression, name: expression.optional() }).optional(),
  labels: z.record(z.string(), expression).optional(),
});

const meaning = z.union([
  z.enum([...RUN_STATUSES, ...RUN_OUTCOMES.filter((name) => name !== 'pending' && name !== 'unknown')]),
  z.strictObject({
    status: z.enum(RUN_STATUSES),
    outcome: z.enum(RUN_OUTCOMES).optional(),
    hold: z.enum(HOLDS).optional(),
  }),
]);

/** A table of runs described so that it can be read: the fields after `kind: sql` in a config. */
export const sqlConfigSchema = z
  .strictObject({
    url: databaseUrlField,
    table: z.string().min(1).optional().describe('The table, with its schema if need be: billing.operation_runs.'),
    from: expression.optional().describe('In place of a table: what follows `from` in a query, joins included.'),
    where: expression.optional().describe('Which rows are runs; all by default.'),
    active: expression
      .optional()
      .describe('Which runs have not ended, if an index knows it by another condition than the status.'),
    fields,
    statuses: z
      .record(z.string(), meaning)
      .optional()
      .describe('What the statuses mean. By default they are those of Tardy: queued, running and completed.'),
    instants: z
      .enum(['timestamp', 'epoch_s', 'epoch_ms'])
      .optional()
      .describe('What times are; `timestamp` by default.'),
    zone: zoneField.optional().describe('What times without a zone are in. Never guessed.'),
  })
  .refine(({ table, from }) => (table === undefined) !== (from === undefined), {
    error: 'needs either table or from',
  });

export type SqlConfig = z.infer<typeof sqlConfigSchema>;
