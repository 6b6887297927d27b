import * as z from 'zod';
import { FLAG_AUTHORS, FLAG_KINDS, HOLDS, INITIATOR_KINDS, RUN_OUTCOMES, RUN_STATUSES } from '../run.js';
import { RUN_LIMITS } from '../wire-fields.js';
import { amount, filledText, instant, text, words } from './wire-values.js';

/** A workspace or a tenant. */
export const ownerSchema = z.object({ id: filledText, name: words.nullish() });

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
    title: z
      .string()
      .nullish()
      .meta({
        description: `What people call this run; falls back to the type; cut at ${RUN_LIMITS.text} characters.`,
      }),
    workspace: ownerSchema.nullish(),
    tenant: ownerSchema.nullish().meta({ description: 'A tenant belongs to a workspace.' }),
    status: z.enum(RUN_STATUSES),
    outcome: z
      .union([z.enum(RUN_OUTCOMES), text])
      .nullish()
      .meta({
        description: '`pending` while active. An unknown value counts as `unknown` and is kept in `native`.',
      }),
    hold: z.enum(HOLDS).nullish().meta({ description: 'Why an active run waits.' }),
    hold_since: instant.nullish(),
    waits_for: z
      .object({
        kind: filledText.meta({ description: "What it is, in the source's own terms: `environment`, `pool`, `run`." }),
        id: text.nullish(),
        name: words.nullish(),
        url: text.nullish().meta({ description: 'Used only if it is an http or https URL.' }),
        state: words.nullish().meta({ description: 'Its state, as the source spells it.' }),
        until: instant.nullish().meta({ description: 'The hold ends by itself at this instant.' }),
      })
      .nullish()
      .meta({ description: 'What a held run waits for.' }),
    queued_at: instant.nullish(),
    not_before: instant.nullish(),
    started_at: instant.nullish(),
    phase_at: instant.nullish().meta({
      description: 'When the run entered its current phase, if that is later than its first start.',
    }),
    heartbeat_at: instant
      .nullish()
      .meta({ description: 'The last evidence that the worker is alive, whatever the source calls it.' }),
    heartbeat_interval: z
      .number()
      .min(RUN_LIMITS.heartbeatInterval.least)
      .max(RUN_LIMITS.heartbeatInterval.most)
      .nullish()
      .meta({ description: 'How often a live run sends a heartbeat in this source, in seconds.' }),
    ended_at: instant.nullish(),
    deadline_at: instant
      .nullish()
      .meta({ description: 'A promised limit, or when the system itself will end the run.' }),
    attempt: z
      .number()
      .min(1)
      .refine(Number.isInteger, { error: 'must be a whole number of at least 1' })
      .meta({ type: 'integer' })
      .nullish()
      .meta({ description: 'Default: 1.' }),
    flag: z
      .object({
        kind: z.enum(FLAG_KINDS),
        by: z
          .enum(FLAG_AUTHORS)
          .nullish()
          .meta({ description: 'Who concluded it: the source itself, or Tardy. Default: the source.' }),
        text: words.nullish().meta({ description: "The system's own reason, quoted." }),
        since: instant.nullish().meta({ description: 'When the evidence began.' }),
      })
      .nullish()
      .meta({ description: 'Evidence against the run.' }),
    progress: z
      .object({
        processed: amount,
        total: amount.nullish(),
        succeeded: amount.nullish(),
        failed: amount.nullish(),
        skipped: amount.nullish(),
        unit: words.nullish(),
      })
      .nullish(),
    reconciliation: z
      .object({ at: instant, reason: words.nullish(), from: words.nullish() })
      .nullish()
      .meta({ description: 'The system itself closed the run after it went stale.' }),
    failure: z.object({ code: text.nullish(), message: words.nullish() }).nullish(),
    initiator: z.object({ kind: z.enum(INITIATOR_KINDS), name: words.nullish() }).nullish(),
    url: text
      .nullish()
      .meta({ description: 'Where people can open the run; used only if it is an http or https URL.' }),
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
