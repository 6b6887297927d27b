import * as z from 'zod';
import { endingsSchema, historySchema, share, wornRuleSchema } from './history.js';
import { policyRuleSchema } from './policy.js';
import { amount, count, filledText, instant } from './wire-values.js';

const threshold = z
  .object({
    threshold: filledText.meta({ description: 'As a policy writes it.' }),
    threshold_s: amount,
    share: share.meta({ description: 'The bound exceeds this share of the runs, before the margin.' }),
    bound_s: amount,
    rank: count.meta({ description: 'The rank of the bound among the sorted runs.' }),
    is_longest: z
      .boolean()
      .meta({ description: 'The bound is the longest run, since there are too few for the share.' }),
    survival_s: amount
      .nullable()
      .meta({ description: 'The bound that counts cancelled runs as longer; null where few were.' }),
    margin: amount.meta({ description: 'What the bound is multiplied by.' }),
    tested: count.meta({ description: 'Runs of the last days that were replayed.' }),
    exceedances: count.meta({ description: 'How many of them this margin would have called too long.' }),
    by: z.enum(['margin', 'floor', 'limit', 'stale']).meta({
      description:
        'What decided: the margin, the shortest threshold there is, the limit of the system, or the other level.',
    }),
  })
  .nullable();

const change = z.object({
  kind: z.enum(['add', 'change', 'keep', 'remove']),
  rule: policyRuleSchema,
  before: policyRuleSchema.nullable(),
});

/** What `tardy learn --format json` prints, version 1. */
export const learnSchema = z
  .object({
    schema: z.literal('tardy.learn/1'),
    generated_at: instant,
    complete: z.boolean(),
    exit_code: z.int().min(0).max(255),
    target: z.object({ late: share, stale: share }),
    confidence: share,
    history: historySchema,
    proposals: z.array(
      z.object({
        source: z.string(),
        type: z.string().nullable().meta({ description: 'Null for the rule of all types of a source.' }),
        clock: z.enum(['run', 'queue', 'silence']),
        limits: z.enum(['system', 'requested', 'apparent', 'none']).meta({ description: 'Whose the time limits are.' }),
        runs: count,
        days: count,
        from: instant.nullable(),
        to: instant.nullable(),
        left_out: endingsSchema,
        censored: count.meta({ description: 'Runs that were cancelled or had not ended.' }),
        limit_s: amount.nullable(),
        learned: z.boolean(),
        late: threshold,
        stale: threshold,
        refused: z
          .object({
            reason: z.enum(['few_runs', 'few_days', 'few_tested', 'long_runs', 'broken_source']),
            message: z.string(),
          })
          .nullable(),
      }),
    ),
    rules: z.array(policyRuleSchema),
    worn: z
      .array(wornRuleSchema)
      .meta({ description: 'Learned rules of the policy in use whose promise no longer holds.' }),
    plan: z.object({
      changes: z.array(change),
      overridden: z.array(
        z.object({ source: z.string(), type: z.string().nullable(), threshold: z.string(), rule: z.string() }),
      ),
      expected: z.object({
        runs: count,
        false_alarms: count,
        false_alarms_per_1000: amount.nullable(),
        false_alarms_per_1000_at_most: amount.nullable(),
      }),
    }),
  })
  .meta({ description: 'What was learned from a history, version 1.' });
