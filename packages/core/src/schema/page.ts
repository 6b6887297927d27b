import * as z from 'zod';
import { runSchema } from './run.js';
import { count, filledText, instant, text } from './wire-values.js';

/** A row that could not be read. It makes its page incomplete; it never fails the page and never disappears silently. */
export const issueSchema = z
  .object({ id: text.nullish().meta({ description: 'Absent if it could not be read.' }), reason: z.string() })
  .meta({ description: 'A run that the server could not read.' });

/**
 * A page of the run API. For checking what a server sends; a reader takes `runs` row by row with `parseRun`, since one row that
 * cannot be read must not fail the page.
 */
export const runPageSchema = z
  .object({
    runs: z.array(runSchema),
    next: z.string().nullish().meta({ description: 'Cursor of the next page; absent on the last one. Opaque.' }),
    total: count.nullish().meta({ description: 'Runs on all pages, where that is cheap to count.' }),
    counts: z
      .record(z.string(), count)
      .nullish()
      .meta({ description: 'Runs by tab of the operations list, where that is cheap to count.' }),
    complete: z
      .boolean()
      .optional()
      .meta({ description: 'False if a row of this page could not be read, or if runs may be missing.' }),
    issues: z.array(issueSchema).optional(),
    now: instant.meta({ description: 'The clock of the server, which its runs are judged by.' }),
  })
  .meta({
    description: 'A page of runs. It may hold fewer runs than the limit, even none, and still have a next page.',
  });

/** Totals over some runs. */
export const totalsSchema = z.object({
  active: count,
  queued: count,
  running: count,
  held: count,
  fresh: count,
  late: count,
  likely_stale: count,
  unknown: count,
  follow_up: count.meta({ description: 'Ended runs that need a follow-up.' }),
  follow_up_lately: count.meta({ description: 'Of those, the ones that ended at or after `since`.' }),
});

const ownerTotalsSchema = totalsSchema.extend({
  id: filledText.optional().meta({ description: 'Absent for runs without an owner.' }),
  name: text.optional(),
});

/** The response of `GET /runs/summary`. */
export const runSummarySchema = z
  .object({
    totals: totalsSchema,
    workspaces: z.array(ownerTotalsSchema),
    tenants: z.array(ownerTotalsSchema.extend({ workspace_id: filledText.optional() })),
    complete: z.boolean(),
    issues: z.array(issueSchema).optional(),
    since: instant.meta({ description: 'Start of the time range of recent runs.' }),
    now: instant,
  })
  .meta({ description: 'Totals over what the caller may see. `queued`, `running` and `held` add up to `active`.' });

/** An error of the run API (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What happened and what to do.' }),
    parameter: z.string().optional().meta({ description: 'The invalid parameter.' }),
  })
  .meta({ description: 'A problem (RFC 9457).' });

const eventId = z.string().meta({ description: 'Opaque. Send it as `Last-Event-ID` to resume.' });

/** One server-sent event of `GET /runs/events`, its `data` decoded. */
export const runEventSchema = z
  .discriminatedUnion('event', [
    z
      .object({ event: z.literal('run'), id: eventId, data: runSchema })
      .meta({ description: 'A run is new or has changed.' }),
    z
      .object({
        event: z.literal('gone'),
        id: eventId,
        data: z.object({ id: filledText, source: text, attempt: count.min(1) }),
      })
      .meta({ description: 'A run no longer exists or is no longer visible.' }),
    z
      .object({ event: z.literal('reset'), id: eventId, data: z.object({}) })
      .meta({ description: 'Events were lost: read the list again.' }),
  ])
  .meta({ description: 'A server-sent event. On the wire `data` is one line of JSON.' });
