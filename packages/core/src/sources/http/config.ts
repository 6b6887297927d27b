import * as z from 'zod';
import { HOLDS, RUN_OUTCOMES, RUN_STATUSES } from '../../run.js';
import { urlProblem } from '../reading/base-url.js';

const expression = z.string().min(1).describe('A JMESPath expression.');
const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const url = z.string().refine((text) => urlProblem(text.replaceAll('{id}', 'id')) === undefined, {
  error: (issue) => urlProblem(String(issue.input)) ?? 'Not a valid URL.',
});

const owner = z.union([expression, z.strictObject({ id: expression, name: expression.optional() })]);

/** Where each field of a run is in a row. */
const fields = z.strictObject({
  id: expression,
  type: expression,
  title: expression.optional(),
  status: expression,
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
    .optional()
    .describe('What a held run waits for; a hold ends by itself at `until`.'),
  queued_at: expression.optional(),
  not_before: expression.optional(),
  started_at: expression.optional(),
  phase_at: expression.optional().describe('When the run entered what it does now, if that is later than its start.'),
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

const status = z.enum(RUN_STATUSES);
const outcome = z.enum(RUN_OUTCOMES);
const meaning = z.union([
  z.enum([...RUN_STATUSES, ...RUN_OUTCOMES.filter((name) => name !== 'pending' && name !== 'unknown')]),
  z.strictObject({ status, outcome: outcome.optional(), hold: z.enum(HOLDS).optional() }),
]);

/** Requests that differ from the main one, if a system lists one status at a time. */
const request = z.strictObject({
  query: values.optional(),
  body: z.unknown().optional(),
  status: z.string().optional().describe('The native status of rows that do not state one.'),
  recent: z.boolean().optional().describe('Holds runs that have ended: asked only where those are wanted.'),
  optional: z.boolean().optional().describe('An older server does not know it: status 400 means no runs.'),
});

const name = z.string().min(1);
const size = { size: z.int().positive().optional(), size_param: name.optional() };
const paging = z.union([
  z.strictObject({ next: expression }),
  z.strictObject({ cursor: expression, param: name }),
  z.strictObject({ cursor_header: name.describe('The response header that holds the cursor.'), param: name }),
  z.strictObject({
    page: name,
    start: z.int().nonnegative().optional(),
    pages: expression.optional().describe('How many pages there are in all; without it they end with an empty one.'),
    ...size,
  }),
  z.strictObject({ offset: name, ...size }),
  z.strictObject({ link: z.literal(true) }),
]);

/** A JSON API described so that its runs can be read: the fields after `kind: http` in a config. */
export const httpConfigSchema = z
  .strictObject({
    url,
    method: z.enum(['GET', 'POST']).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    query: values.optional(),
    body: z.unknown().optional(),
    auth: z
      .union([
        z.strictObject({ header: z.string().min(1), prefix: z.string().optional() }),
        z.strictObject({ user: z.string().describe('The token is the password of this user; the name may be empty.') }),
      ])
      .optional()
      .describe(
        'How the token is sent; by default `Authorization: Bearer …`, or `Basic …` for one written `user:password`.',
      ),
    requests: z.array(request).min(1).optional(),
    items: expression.describe('The rows, from the response body.'),
    fields,
    status: z.record(z.string(), meaning),
    time: z.strictObject({
      format: z.enum(['rfc3339', 'epoch_s', 'epoch_ms']),
      zone: z
        .string()
        .regex(/^(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/, 'a fixed offset such as +00:00')
        .optional()
        .describe('What times without an offset are in. Never guessed.'),
    }),
    paging: paging.optional(),
    total: expression.optional().describe('The total number of runs, from the response body.'),
    one: z
      .strictObject({
        url: url.refine((text) => text.includes('{id}'), 'holds {id} where the id of the run goes'),
        item: expression,
      })
      .optional(),
  })
  .refine(({ url, one }) => one === undefined || new URL(one.url).origin === new URL(url).origin, {
    path: ['one', 'url'],
    error: 'lies at another origin than url, where no credentials go',
  });

export type HttpConfig = z.infer<typeof httpConfigSchema>;
