import * as z from 'zod';
import { ALERT_LEVELS } from '../alerts/alert.js';
import { FRESHNESS_STATES } from '../classify.js';
import { RUN_OUTCOMES } from '../run.js';
import { wornRuleSchema } from './history.js';
import { runSchema } from './run.js';
import { alertRunSchema } from './state.js';
import { clockSchema, problemClassSchema, toneSchema, verdictSchema } from './vocabulary.js';
import { amount, count, filledText, instant } from './wire-values.js';

const policyDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** One source in a report. */
export const reportSourceSchema = z.object({
  name: z.string(),
  kind: z.string(),
  complete: z.boolean().meta({ description: 'Everything that was requested arrived and could be read.' }),
  runs: count,
  pages: count,
  clock_offset_ms: z.number().nullable().meta({
    description: 'Added to the local clock to get the clock of the source; null if it could not be measured.',
  }),
  clock_uncertainty_ms: amount.nullable(),
  rechecked: count.meta({ description: 'Runs that would have failed the check and were read again.' }),
  dropped: count.meta({ description: 'How many of those had ended or recovered by then.' }),
  unconfirmed: count.meta({
    description: 'Runs that failed the check without confirmation, because the second look at them failed.',
  }),
  requests: count.meta({ description: 'Requests that the second look sent.' }),
  max_requests: count.nullable().meta({ description: 'How many it may send; null if there was none.' }),
  policy_digest: policyDigest.meta({
    description: 'The policy that judged its runs: the one of the report, unless the source publishes its own.',
  }),
  issues: z.array(z.object({ id: z.string().nullable(), reason: z.string() })),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

/** One run of a report with its verdict and its words. */
export const reportRunSchema = z.object({
  run: runSchema,
  problem_class: problemClassSchema,
  freshness: z.object({
    state: z.enum(FRESHNESS_STATES),
    clock: clockSchema.nullable().meta({ description: 'What decided.' }),
    since: instant.nullable().meta({ description: 'When the state was reached.' }),
    age_ms: amount.nullable(),
    threshold_ms: amount.nullable().meta({ description: 'Null for never.' }),
    rule: filledText
      .nullable()
      .meta({ description: 'Where the threshold comes from, such as `defaults.silence.stale`.' }),
    vouched: z.boolean().meta({ description: 'A fresh heartbeat vouches for the run.' }),
    silent: z.boolean().meta({ description: 'The silence clock has reached its late threshold.' }),
    flagged: z
      .boolean()
      .optional()
      .meta({ description: 'A flag that the policy does not ignore stands against the run.' }),
    skewed: z.array(clockSchema).meta({ description: 'Clocks that start too far in the future to be used.' }),
    next_change_at: instant.nullable().meta({ description: 'When the state will change if no news arrives.' }),
    confirmed: z
      .boolean()
      .nullable()
      .meta({ description: 'Whether a second look confirmed the verdict; null if there was none.' }),
  }),
  presentation: z.object({
    label: z.string(),
    tone: toneSchema,
    icon: z.string(),
    headline: z.string(),
    reason: z.string(),
    guidance: z.string(),
  }),
  alert: z
    .object({
      status: z.enum(['new', 'still']),
      since: instant.meta({ description: 'When a check first found it alarming, this time.' }),
      flapping: z.boolean().meta({ description: 'It alarms and recovers again and again.' }),
    })
    .optional()
    .meta({ description: 'Compared with the check before. Absent without a state, and for a run below the level.' }),
  acknowledgement: z
    .object({ by: z.string(), reason: z.string(), until: instant, expired: z.boolean() })
    .optional()
    .meta({ description: 'Who accepts it, if somebody does or did.' }),
});

/** What changed since the check before. */
export const reportAlertsSchema = z.object({
  new: count,
  still: count,
  recovered: count,
  vanished: count,
  kept: count.meta({ description: 'Alarming before, but nothing was read about them this time. They stay open.' }),
  ended: z.array(
    z.object({
      status: z.enum(['recovered', 'vanished']),
      since: instant,
      ended_at: instant.optional(),
      text: z.string(),
      source_name: z.string(),
      run: alertRunSchema,
    }),
  ),
});

/** What the file of acknowledgements did. */
export const reportAcknowledgementsSchema = z.object({
  late: count,
  likely_stale: count,
  unknown: count,
  unmatched: z
    .array(
      z.object({
        match: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
        by: z.string(),
        reason: z.string(),
        until: instant,
      }),
    )
    .meta({ description: 'Entries that match no run that needs attention; empty if not everything was read.' }),
});

/** What a record of earlier checks says about the time before a report. */
export const reportRecordedSchema = z.object({
  since: instant,
  from: instant
    .nullable()
    .meta({ description: 'When the first of its checks was. What was before that is not known.' }),
  late: count.meta({ description: 'Runs that were at most late for some time since then.' }),
  likely_stale: count.meta({ description: 'Runs that were likely stuck for some time since then.' }),
  alarms: z.array(
    z.object({
      level: z.enum(ALERT_LEVELS).meta({ description: 'The worst that it came to.' }),
      since: instant,
      until: instant.nullable().meta({ description: 'Null while it lasts.' }),
      outcome: z.enum(RUN_OUTCOMES).nullable().meta({ description: 'How the run ended, if that ended it.' }),
      label: z.string(),
      headline: z.string(),
      source_name: z.string().meta({ description: 'The source that it was read from, as configured.' }),
      run: alertRunSchema,
    }),
  ),
});

/** The totals of a report: its active runs. */
export const reportTotalsSchema = z.object({
  active: count,
  queued: count,
  running: count,
  held: count,
  fresh: count,
  late: count,
  likely_stale: count,
  unknown: count,
});

/**
 * The report, version 1: the wire form of the type `Report`. Unknown fields are ignored, since fields may be added within a
 * version.
 */
export const reportSchema = z
  .object({
    schema: z.literal('tardy.report/1'),
    generated_at: instant,
    now: instant.meta({ description: 'When the runs were judged, by the clock of the machine that judged them.' }),
    policy: z.object({
      digest: policyDigest,
      from: z.string().optional().meta({ description: 'Where the policy comes from: `built in`, or a file.' }),
      worn: z
        .array(wornRuleSchema)
        .optional()
        .meta({ description: 'Its learned rules that no longer fit, going by a record. Absent without one.' }),
    }),
    config: z.string().nullish().meta({ description: 'The config file in use; `null` if there is none.' }),
    verdict: verdictSchema.meta({ description: 'The worst verdict.' }),
    exit_code: z.int().min(0).max(255),
    complete: z.boolean().meta({ description: 'Every source is complete.' }),
    fail_on: z
      .enum(['late', 'stale', 'never'])
      .optional()
      .meta({ description: 'The level from which the check fails.' }),
    allow_unknown: z
      .boolean()
      .optional()
      .meta({ description: 'Runs that cannot be judged do not make the check unable to tell.' }),
    max_stale: count
      .optional()
      .meta({ description: 'How many runs may reach that level before the check fails; absent for none.' }),
    sources: z.array(reportSourceSchema),
    totals: reportTotalsSchema,
    alerts: reportAlertsSchema.optional().meta({ description: 'Absent without a state.' }),
    acknowledgements: reportAcknowledgementsSchema
      .optional()
      .meta({ description: 'Absent without a file of acknowledgements.' }),
    recorded: reportRecordedSchema.optional().meta({ description: 'Absent without a record of earlier checks.' }),
    runs: z.array(reportRunSchema),
  })
  .meta({ description: 'What a check found, version 1.' });
