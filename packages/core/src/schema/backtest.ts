import * as z from 'zod';
import { RUN_OUTCOMES } from '../run.js';
import { endingsSchema, historySchema, share } from './history.js';
import { amount, count, filledText, instant } from './wire-values.js';

/** How one policy did at one level. */
const backtestLevelSchema = z.object({
  runs: count.meta({ description: 'Runs that ended by themselves and for which the policy has a threshold.' }),
  false_alarms: count.meta({ description: 'How many of them were called late or stuck.' }),
  false_alarms_per_1000: amount.nullable().meta({ description: 'Per 1,000 of `runs`; null if there are none.' }),
  false_alarms_per_1000_at_most: amount
    .nullable()
    .meta({ description: 'The largest rate that this is compatible with, at 95 % (Clopper and Pearson).' }),
  hangs: count.meta({ description: 'Runs that hung: their system ended them at its limit, or closed them as stuck.' }),
  hangs_caught: count.meta({ description: 'How many of them were called late or stuck before that limit.' }),
  median_delay_s: amount
    .nullable()
    .meta({ description: 'From the start of a hung run to the alarm, in seconds; null if none was caught.' }),
  median_lead_s: amount.nullable().meta({ description: 'From the alarm to the end of a hung run, in seconds.' }),
  cancelled_past: count.meta({ description: 'Cancelled runs past the threshold: somebody may have found them stuck.' }),
  refused_share: share.meta({
    description: 'The share of the runs that ended by themselves for which the policy has no threshold.',
  }),
  injected: z.object({ runs: count, caught: count, caught_within_1h: count }).nullable().meta({
    description: 'Each of `runs` again as one that never ends, until its system would end it; null without --inject.',
  }),
});

const alarmSchema = z.object({
  level: z.enum(['late', 'stale']),
  source: z.string(),
  type: z.string(),
  id: z.string(),
  attempt: z.int().min(1),
  started_at: instant.meta({ description: 'When the clock of the run started.' }),
  at: instant,
  ended_at: instant,
  threshold_s: amount,
  rule: filledText.meta({ description: 'Where the threshold comes from, such as `rules[2].run.stale`.' }),
  outcome: z.enum(RUN_OUTCOMES),
  meaning: z.enum(['ended', 'hang', 'cancelled']).meta({
    description:
      '`ended`: by itself, so the alarm was false. `hang`: its system ended it later. `cancelled`: somebody may have found it stuck.',
  }),
});

/** What `tardy backtest --format json` prints, version 1. */
export const backtestSchema = z
  .object({
    schema: z.literal('tardy.backtest/1'),
    generated_at: instant,
    complete: z.boolean().meta({ description: 'Everything that was requested arrived and could be read.' }),
    exit_code: z.int().min(0).max(255),
    clock: z.enum(['run', 'queue']),
    history: historySchema,
    replay: z.object({
      runs: count.meta({ description: 'Runs that were replayed, whatever became of them.' }),
      from: instant.nullable().meta({ description: 'When the first of them started.' }),
      to: instant.nullable().meta({ description: 'When the last of them started.' }),
      endings: endingsSchema,
    }),
    policies: z
      .array(
        z.object({
          name: z.string(),
          kind: z.enum(['relearned', 'fixed', 'other']),
          levels: z.object({ late: backtestLevelSchema, stale: backtestLevelSchema }),
          alarms: z.array(alarmSchema).optional().meta({ description: 'Present with --alarms.' }),
        }),
      )
      .meta({ description: 'Learned rules first, then each --policy.' }),
    promises: z.array(
      z.object({
        policy: z.string(),
        promise: z.enum(['max_false', 'min_caught']),
        kept: z.enum(['yes', 'no', 'unproved']).meta({ description: '`unproved`: there are too few runs to tell.' }),
        value: share.nullable(),
        bound: share,
      }),
    ),
  })
  .meta({ description: 'What a backtest found, version 1.' });
