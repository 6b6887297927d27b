import * as z from 'zod';
import { RUN_STATUSES } from '../run.js';
import { REQUEST_LIMITS } from '../server/list-parameters.js';
import { jsonSchemaOf, namedJsonSchemas, type SchemaName } from './json-schema.js';
import { problemClassSchema } from './vocabulary.js';
import { instant } from './wire-values.js';

// No name holds a NUL, and PostgreSQL takes none.
// oxlint-disable-next-line no-control-regex -- NUL is what it refuses.
const textWithoutNul = z.string().regex(/^[^\u0000]*$/);
const identifier = textWithoutNul.min(1).max(REQUEST_LIMITS.identifier);

const target = {
  tenant_id: identifier.meta({ description: 'Runs of this tenant. 404 for callers who are not a member of it.' }),
  workspace_id: identifier.meta({ description: 'Runs of this workspace. 404 for callers who are not a member of it.' }),
};
const kinds = {
  type: identifier.meta({ description: 'Runs of this type.' }),
  source: identifier.meta({ description: 'Runs of this source.' }),
};
const list = {
  status: z.array(z.enum(RUN_STATUSES)).min(1).meta({ description: 'Runs in any of these statuses.' }),
  problem_class: problemClassSchema.meta({ description: 'Evaluated by the server with the policy that it publishes.' }),
  ...target,
  ...kinds,
  q: textWithoutNul
    .max(REQUEST_LIMITS.text)
    .meta({ description: 'Text that title, type, id or tenant contains, ignoring case.' }),
  since: instant.meta({
    description: 'Runs queued (or started, where that is unknown) at or after this instant, in the years 0001 to 9999.',
  }),
  sort: z.enum(['-queued', 'queued']).default('-queued').meta({
    description: 'Newest or oldest first: the only orders in which pagination stays correct while runs change.',
  }),
  limit: z.int().min(1).max(REQUEST_LIMITS.page).default(REQUEST_LIMITS.defaultPage),
  cursor: z
    .string()
    .regex(/^[\w-]+$/)
    .max(REQUEST_LIMITS.cursor)
    .meta({ description: 'The `next` of the previous page, with the same filters and sort.' }),
};
const summary = {
  ...target,
  since: instant.meta({
    description: 'Start of the time range of recent runs, in the years 0001 to 9999; by default a day before now.',
  }),
};

const HEADERS = {
  Date: { description: 'The clock of the server.', schema: { type: 'string' }, required: true },
  ETag: { description: 'For `If-None-Match`. Weak where the body contains the time.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds, or an HTTP date.', schema: { type: 'string' }, required: true },
  'WWW-Authenticate': { description: 'How to sign in, where the host says so.', schema: { type: 'string' } },
  'Cache-Control': { description: '`private, no-store`.', schema: { type: 'string' } },
};

type HeaderName = keyof typeof HEADERS;

/**
 * The run API as an OpenAPI 3.1 document, made from the schemas that the code uses.
 *
 * @param serverUrl where the API is mounted, such as `/api`; relative to the URL of the document.
 */
export function openApiDocument(serverUrl = '/'): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Run API',
      version: '1.0.0',
      description:
        'Runs as facts, for surfaces that judge them with one policy. Read-only. The host decides who may see which runs; ' +
        'what a caller may not see never affects a response to that caller.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: serverUrl }],
    paths: {
      '/runs': {
        get: operation({
          operationId: 'listRuns',
          summary: 'A page of runs',
          parameters: parametersOf(list),
          success: jsonSuccess('A page of runs.', 'RunPage'),
          problems: ['BadRequest', 'Unauthorized', 'Forbidden', 'NotFound'],
        }),
      },
      '/runs/summary': {
        get: operation({
          operationId: 'summarizeRuns',
          summary: 'Totals, overall and by workspace and tenant',
          parameters: parametersOf(summary),
          success: jsonSuccess('Totals over what the caller may see.', 'RunSummary'),
          problems: ['BadRequest', 'Unauthorized', 'Forbidden', 'NotFound'],
        }),
      },
      '/runs/events': {
        get: operation({
          operationId: 'followRuns',
          summary: 'Changes as server-sent events',
          parameters: [
            ...parametersOf({ ...target, ...kinds }),
            header('Last-Event-ID', 'The `id` of the event to resume after.'),
          ],
          success: eventsSuccess(),
          problems: ['BadRequest', 'Unauthorized', 'Forbidden', 'NotFound'],
        }),
      },
      '/runs/{id}': {
        get: operation({
          operationId: 'getRun',
          summary: 'One run, in its newest attempt',
          parameters: [
            {
              name: 'id',
              in: 'path',
              required: true,
              schema: jsonSchemaOf(textWithoutNul.min(1).max(REQUEST_LIMITS.runId)),
            },
            ...parametersOf({
              source: kinds.source.meta({ description: 'Required if an id is not unique across sources.' }),
            }),
          ],
          success: jsonSuccess('The run.', 'Run'),
          problems: ['BadRequest', 'Unauthorized', 'Forbidden', 'NotFound'],
        }),
      },
      '/policy': {
        get: operation({
          operationId: 'getPolicy',
          summary: 'The resolved policy, so that every surface judges alike',
          parameters: [],
          success: jsonSuccess('The policy with every default filled in, as far as it concerns the caller.', 'Policy'),
          problems: ['Unauthorized'],
        }),
      },
    },
    components: {
      schemas: schemasOfApi(),
      headers: HEADERS,
      responses: {
        NotModified: { description: 'Nothing has changed.', headers: headers('Date', 'ETag', 'Cache-Control') },
        BadRequest: problem('A parameter is not valid; `parameter` names it.'),
        Unauthorized: problem('Nobody is signed in.', 'WWW-Authenticate'),
        Forbidden: problem('The caller is a member, but lacks the capability to read runs.'),
        NotFound: problem(
          'It does not exist, or the caller is not a member of the tenant it belongs to: the same response for both.',
        ),
        TooManyRequests: problem('Too many requests. The host sets the rate limit.', 'Retry-After'),
        TooLarge: { description: 'The URL or the headers are larger than the HTTP server reads; it may send no body.' },
        ServerError: problem('The server could not read its runs, or this one.'),
      },
    },
  };
}

type ProblemName = 'BadRequest' | 'Unauthorized' | 'Forbidden' | 'NotFound';

const PROBLEM_STATUS: Readonly<Record<ProblemName, string>> = {
  BadRequest: '400',
  Unauthorized: '401',
  Forbidden: '403',
  NotFound: '404',
};

type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly object[];
  readonly success: { readonly response: object; readonly revalidates: boolean };
  readonly problems: readonly ProblemName[];
};

function operation({ operationId, summary: title, parameters, success, problems }: Operation): object {
  const known = success.revalidates
    ? [header('If-None-Match', 'The `ETag` of a response that the caller already has.')]
    : [];
  return {
    operationId,
    summary: title,
    parameters: [...parameters, ...known],
    responses: {
      200: success.response,
      ...(success.revalidates ? { 304: ref('responses', 'NotModified') } : {}),
      ...Object.fromEntries(problems.map((name) => [PROBLEM_STATUS[name], ref('responses', name)])),
      429: ref('responses', 'TooManyRequests'),
      431: ref('responses', 'TooLarge'),
      500: ref('responses', 'ServerError'),
    },
  };
}

function parametersOf(shape: Readonly<Record<string, z.ZodType>>): object[] {
  return Object.entries(shape).map(([name, type]) => {
    const { description, ...schema } = jsonSchemaOf(type);
    // Also read where the parameter is repeated.
    const list = schema['type'] === 'array' ? { style: 'form', explode: false } : {};
    return { name, in: 'query', ...(description === undefined ? {} : { description }), ...list, schema };
  });
}

function header(name: string, description: string): object {
  return { name, in: 'header', description, schema: { type: 'string' } };
}

function jsonSuccess(description: string, schema: SchemaName): Operation['success'] {
  const content = { 'application/json': { schema: ref('schemas', schema) } };
  return { response: { description, headers: headers('Date', 'ETag', 'Cache-Control'), content }, revalidates: true };
}

/**
 * OpenAPI 3.1 cannot describe the items of a stream; the extension has the name that 3.2 gives it. Without `schema`, which some
 * tools take for that of the stream and others for that of an item.
 */
function eventsSuccess(): Operation['success'] {
  const content = {
    'text/event-stream': {
      example: 'event: reset\nid: b2f1c0de\ndata: {}\n\n',
      'x-itemSchema': ref('schemas', 'RunEvent'),
    },
  };
  const description =
    'An event stream: `run`, `gone` and `reset`; comments keep it alive. A host without change events responds with 404.';
  return { response: { description, headers: headers('Date', 'Cache-Control'), content }, revalidates: false };
}

function problem(description: string, ...more: HeaderName[]): object {
  const content = { 'application/problem+json': { schema: ref('schemas', 'Problem') } };
  return { description, headers: headers('Date', ...more), content };
}

function headers(...names: HeaderName[]): object {
  return Object.fromEntries(names.map((name) => [name, ref('headers', name)]));
}

function ref(kind: 'schemas' | 'responses' | 'headers', name: string): object {
  return { $ref: `#/components/${kind}/${name}` };
}

/** Files of the command line: the API neither takes nor sends them. */
const FILES: readonly SchemaName[] = ['AlertState', 'Alert', 'Acknowledgements', 'Acknowledgement'];

function schemasOfApi(): Record<string, unknown> {
  const all = Object.entries(namedJsonSchemas('#/components/schemas/'));
  return Object.fromEntries(all.filter(([name]) => !FILES.some((file) => file === name)));
}
