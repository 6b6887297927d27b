import * as z from 'zod';
import { amount, count } from './wire-values.js';

/** How many runs of a history ended in which way. */
export const endingsSchema = z
  .partialRecord(z.enum(['ended', 'cut', 'cancelled', 'active', 'held', 'skipped', 'unusable']), count)
  .meta({
    description:
      '`ended`: by itself, well or badly. `cut`: by its system at its limit, or closed as stuck. `held`: it waited for somebody.',
  });

/** The history that something was learned from or replayed. */
export const historySchema = z.object({
  rows: count.meta({ description: 'Rows that were read.' }),
  repeated: count.meta({ description: 'How many of them were further copies of a run.' }),
  types: count.meta({ description: 'Types of runs, counted for each source.' }),
  sources: z.array(
    z.object({
      name: z.string(),
      format: z.string().meta({ description: 'The format of a file, or the kind of a source.' }),
      rows: count,
      unreadable: count,
      issues: z.array(z.string()).meta({ description: 'What is wrong with the first unreadable rows.' }),
      incomplete: z.string().nullable(),
    }),
  ),
});

/** A share or a rate. */
export const share = amount.max(1);

/** A learned rule whose promise no longer holds. */
export const wornRuleSchema = z.object({
  code: z.literal('policy_worn'),
  rule: z.string().meta({ description: 'Its threshold, such as `rules[3].run.stale`.' }),
  since: z.string().meta({ description: 'The day on which it was learned.' }),
  target: share.meta({ description: 'The false alarms per run that it promised.' }),
  runs: count.meta({ description: 'Runs since then.' }),
  exceedances: count.meta({ description: 'How many of them passed it and ended by themselves.' }),
});
