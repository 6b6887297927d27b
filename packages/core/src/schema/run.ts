import * as z from 'zod';
import { FLAG_KINDS, HOLDS, INITIATOR_KINDS, RUN_OUTCOMES, RUN_STATUSES } from '../run.js';
import { RUN_LIMITS } from '../wire.js';
import { amount, filledText, instant, text } from './wire-values.js';

/** A workspace or a tenant. */
export const ownerSchema = z.object({ id: filledText, name: text.nullish() });

/**
 * The wire form of a run: what `parseRun` reads, for describing and checking. Only `id`, `type` and `status` are required;
 * absent and `null` mean the same; unknown fields are ignored.
 *
 * Accepts exactly what `parseRun` accepts, which is what reads runs: it is faster, and gives a `Run`.
 */
export const runSchema = z
  .object({
    id: filledText.meta({
      description: 'Unique within its source; opaque. A retry may have the same id and another attempt.',
    }),
    source: text.nullish().meta({ description: 'Name of the source that the run was read from.' }),
    type: filledText.meta({ description: 'The kind of work; what policy rules and history group by.' }),
    title: text.nullish().meta({ description: 'What a person calls this very run; falls back to the type.' }),
    workspace: ownerSchema.nullish(),
    tenant: ownerSchema.nullish().meta({ description: 'A tenant lies in a workspace.' }),
    status: z.enum(RUN_STATUSES),
    outcome: z
      .union([z.enum(RUN_OUTCOMES), text])
      .nullish()
      .meta({
        description: '`pending` while active. A value that is not known counts as `unknown` and is kept in `native`.',
      }),
    hold: z.enum(HOLDS).nullish().meta({ description: 'Why an active run rightly waits.' }),
    hold_since: instant.nullish(),
    queued_at: instant.nullish(),
    not_before: instant.nullish(),
    started_at: instant.nullish(),
    heartbeat_at: instant.nullish().meta({ description: 'The last sign of life, whatever the source calls it.' }),
    ended_at: instant.nullish(),
    deadline_at: instant.nullish(),
    attempt: z
      .number()
      .min(1)
      .refine(Number.isInteger, { error: 'must be a whole number from 1' })
      .meta({ type: 'integer' })
      .nullish()
      .meta({ description: '1 where it is absent.' }),
    flag: z
      .object({ kind: z.enum(FLAG_KINDS), text: text.nullish(), since: instant.nullish() })
      .nullish()
      .meta({ description: 'What the source itself says against the run.' }),
    progress: z
      .object({
        processed: amount,
        total: amount.nullish(),
        succeeded: amount.nullish(),
        failed: amount.nullish(),
        skipped: amount.nullish(),
        unit: text.nullish(),
      })
      .nullish(),
    reconciliation: z
      .object({ at: instant, reason: text.nullish(), from: text.nullish() })
      .nullish()
      .meta({ description: 'The system itself closed the run after it went stale.' }),
    failure: z.object({ code: text.nullish(), message: text.nullish() }).nullish(),
    initiator: z.object({ kind: z.enum(INITIATOR_KINDS), name: text.nullish() }).nullish(),
    url: text
      .nullish()
      .meta({ description: 'Where a person sees the run; used only if it is an http or https address.' }),
    labels: z
      .record(z.string(), text.nullish())
      .refine((labels) => Object.keys(labels).length <= RUN_LIMITS.labels, {
        error: `has more than ${RUN_LIMITS.labels} entries`,
      })
      .meta({ maxProperties: RUN_LIMITS.labels })
      .nullish(),
    native: z
      .object({ status: filledText, outcome: text.nullish() })
      .nullish()
      .meta({ description: 'Status and outcome exactly as the source spelled them.' }),
  })
  .meta({ description: 'One run, whatever system it came from: facts, never a verdict.' });

/** A run in its wire form. */
export type RunWire = z.infer<typeof runSchema>;
