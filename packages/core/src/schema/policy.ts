import * as z from 'zod';
import { MATCH_FIELDS } from '../match.js';
import type { FlagEffect, PolicyDocument } from '../policy-document.js';
import { createPolicy, type Policy } from '../policy.js';
import { FLAG_KINDS, type FlagKind } from '../run.js';

/** What `parseDuration` reads, as a pattern that an editor can check too. */
const DURATION =
  /^(?:never|(?=.)(?:\d+(?:\.\d+)?d)?(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m)?(?:\d+(?:\.\d+)?s)?(?:\d+ms)?|P(?=.)(?:\d+(?:\.\d+)?W)?(?:\d+(?:\.\d+)?D)?(?:T(?=\d)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?)$/;

const MATCHABLE = `${MATCH_FIELDS.join(', ')} or labels.<name>`;

/** A length of time. */
export const durationSchema = z.string().regex(DURATION);

/** The ages after which a run is late and likely stuck. */
export const thresholdsSchema = z.strictObject({ late: durationSchema.optional(), stale: durationSchema.optional() });

const fields = {
  queue: thresholdsSchema.optional(),
  run: thresholdsSchema.optional(),
  silence: z
    .strictObject({
      ...thresholdsSchema.shape,
      vouches: z
        .boolean()
        .optional()
        .meta({ description: 'Whether a fresh heartbeat keeps a long run from counting as likely stuck.' }),
    })
    .optional(),
  hold: thresholdsSchema.optional(),
  deadline: z.strictObject({ grace: durationSchema.optional() }).optional(),
  flag: z
    .union([
      z.enum(['late', 'stale', 'ignore'] satisfies FlagEffect[]),
      z.strictObject(
        Object.fromEntries(FLAG_KINDS.map((kind) => [kind, thresholdsSchema.optional()])) as Record<
          FlagKind,
          z.ZodOptional<typeof thresholdsSchema>
        >,
      ),
    ])
    .optional()
    .meta({
      description: 'The thresholds of each kind of flag; in short late or stale at once for every kind, or ignore.',
    }),
  clock_tolerance: durationSchema
    .optional()
    .meta({ description: 'How far in the future a start may lie; never is not allowed.' }),
};

const match = z
  .record(
    z.string().regex(new RegExp(`^(?:${MATCH_FIELDS.join('|')}|labels\\.[^]+)$`)),
    z.union([z.string(), z.array(z.string()).min(1)]),
  )
  .meta({ description: `Which runs the rule is for: globs of ${MATCHABLE}; all must match, a list means any of.` });

const learned = z
  .strictObject({
    at: z.string().meta({ description: 'The day on which the rule was learned.' }),
    since: z.string().meta({ description: 'The day on which the first of the runs ended.' }),
    runs: z.number().min(0).meta({ description: 'How many runs it was learned from.' }),
    target: z
      .strictObject({ late: z.number().min(0), stale: z.number().min(0) })
      .meta({ description: 'False alarms per run that each level may raise.' }),
    took: z.array(durationSchema).meta({
      description:
        'How long these runs took: the shortest, the durations that 10, 25, 50, 75, 90, 95, 99, 99.5 and 99.9 % did not exceed, the longest. Empty for a rule of several types.',
    }),
  })
  .meta({ description: 'Written by `tardy learn`. It changes no verdict.' });

/** One rule of a policy. */
export const policyRuleSchema = z.strictObject({ match, learned: learned.optional(), ...fields });

/**
 * A policy as written in YAML or JSON. Strict: a key that does not exist is an error, since a typo would otherwise silently leave a
 * threshold at its default.
 */
export const policySchema = z
  .strictObject({
    version: z.literal(1).optional(),
    defaults: z.strictObject(fields).optional(),
    rules: z
      .array(policyRuleSchema)
      .optional()
      .meta({ description: 'All that match apply in order; a later one overrides the fields that it names.' }),
    digest: z
      .string()
      .optional()
      .meta({ description: 'Set by a server that publishes its policy; otherwise ignored.' }),
  })
  .meta({ description: 'When a run counts as late or likely stuck. Durations are 90s, 15m, 1d12h, PT15M or never.' });

/**
 * Makes a policy from a value read from YAML or JSON.
 *
 * @throws {PolicyError} that lists each issue with its path, such as `rules[0].queue.late`, and how to fix it.
 */
export function loadPolicy(value: unknown): Policy {
  // It checks whatever it is given.
  return createPolicy(value as PolicyDocument);
}
