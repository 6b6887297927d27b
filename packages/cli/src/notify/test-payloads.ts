import { AdaptiveCard, SerializationContext, Versions } from 'adaptivecards';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { CloudEvent, HTTP } from 'cloudevents';

/** What is wrong with a payload by what its receiver documents; empty if it would be accepted. */
export type Check = (body: unknown) => readonly string[];

type Json = Readonly<Record<string, unknown>>;

const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv);
// OpenAPI's name for it in the description of PagerDuty's API.
ajv.addFormat('url', (text: string) => URL.canParse(text));

function schemaCheck(schema: object): Check {
  const validate = ajv.compile(schema);
  return (body) =>
    validate(body) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/**
 * The body of `POST /enqueue` as PagerDuty's OpenAPI document for the Events API v2 describes it (github.com/PagerDuty/api-schema,
 * reference/events-v2/openapiv3.json, 2025-09-24; the repository states no licence, so this is our own wording of its facts), with the
 * limits of the documentation: 1024 characters in a summary, 255 in a key, 512 KB in all.
 */
export const pagerduty: Check = (body) => [
  ...pagerdutySchema(body),
  ...(Buffer.byteLength(JSON.stringify(body)) > 512 * 1024 ? ['is larger than 512 KB'] : []),
];

const pagerdutySchema = schemaCheck({
  type: 'object',
  required: ['routing_key', 'event_action'],
  additionalProperties: false,
  properties: {
    routing_key: { type: 'string', minLength: 1 },
    event_action: { enum: ['trigger', 'acknowledge', 'resolve'] },
    dedup_key: { type: 'string', minLength: 1, maxLength: 255 },
    client: { type: 'string' },
    client_url: { type: 'string', format: 'url' },
    links: {
      type: 'array',
      items: {
        type: 'object',
        required: ['href'],
        additionalProperties: false,
        properties: { href: { type: 'string', format: 'url' }, text: { type: 'string' } },
      },
    },
    payload: {
      type: 'object',
      required: ['summary', 'severity', 'source'],
      additionalProperties: false,
      properties: {
        summary: { type: 'string', minLength: 1, maxLength: 1024 },
        timestamp: { type: 'string', format: 'date-time' },
        severity: { enum: ['critical', 'warning', 'error', 'info'] },
        source: { type: 'string', minLength: 1 },
        component: { type: 'string' },
        group: { type: 'string' },
        class: { type: 'string' },
        custom_details: { type: 'object' },
      },
    },
  },
  if: { properties: { event_action: { const: 'trigger' } } },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { required: ['payload'] },
  else: { required: ['dedup_key'] },
});

/**
 * `CreateAlertPayload` and `CloseAlertPayload` of Opsgenie's OpenAPI document (github.com/opsgenie/opsgenie-oas, definitions/alert.yaml;
 * the repository states no licence, so this is our own wording of its facts), with the limits of the alert API's documentation.
 */
export const opsgenie: Check = schemaCheck({
  type: 'object',
  additionalProperties: false,
  properties: {
    message: { type: 'string', minLength: 1, maxLength: 130 },
    alias: { type: 'string', minLength: 1, maxLength: 512 },
    description: { type: 'string', maxLength: 15_000 },
    tags: { type: 'array', maxItems: 20, items: { type: 'string', maxLength: 50 } },
    details: { type: 'object', additionalProperties: { type: 'string', maxLength: 8_000 } },
    entity: { type: 'string', maxLength: 512 },
    source: { type: 'string', maxLength: 100 },
    priority: { enum: ['P1', 'P2', 'P3', 'P4', 'P5'] },
    user: { type: 'string', maxLength: 100 },
    note: { type: 'string', maxLength: 25_000 },
  },
  anyOf: [{ required: ['message', 'alias'] }, { required: ['note'], not: { required: ['message'] } }],
});

/** The limits of Block Kit, as docs.slack.dev gives them for messages, headers and rich text. */
export const slack: Check = schemaCheck({
  type: 'object',
  required: ['text', 'blocks'],
  additionalProperties: false,
  properties: {
    text: { type: 'string', minLength: 1, maxLength: 40_000 },
    unfurl_links: { type: 'boolean' },
    unfurl_media: { type: 'boolean' },
    blocks: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      items: { anyOf: [{ $ref: '#/$defs/header' }, { $ref: '#/$defs/rich' }] },
    },
  },
  $defs: {
    header: {
      type: 'object',
      required: ['type', 'text'],
      additionalProperties: false,
      properties: {
        type: { const: 'header' },
        text: {
          type: 'object',
          required: ['type', 'text'],
          additionalProperties: false,
          properties: {
            type: { const: 'plain_text' },
            text: { type: 'string', minLength: 1, maxLength: 150 },
            emoji: { type: 'boolean' },
          },
        },
      },
    },
    rich: {
      type: 'object',
      required: ['type', 'elements'],
      additionalProperties: false,
      properties: {
        type: { const: 'rich_text' },
        elements: {
          type: 'array',
          minItems: 1,
          items: { anyOf: [{ $ref: '#/$defs/section' }, { $ref: '#/$defs/list' }] },
        },
      },
    },
    list: {
      type: 'object',
      required: ['type', 'style', 'elements'],
      additionalProperties: false,
      properties: {
        type: { const: 'rich_text_list' },
        style: { enum: ['bullet', 'ordered'] },
        elements: { type: 'array', minItems: 1, items: { $ref: '#/$defs/section' } },
      },
    },
    section: {
      type: 'object',
      required: ['type', 'elements'],
      additionalProperties: false,
      properties: {
        type: { const: 'rich_text_section' },
        elements: { type: 'array', minItems: 1, items: { $ref: '#/$defs/element' } },
      },
    },
    element: {
      type: 'object',
      required: ['type', 'text'],
      additionalProperties: false,
      properties: {
        type: { enum: ['text', 'link'] },
        text: { type: 'string', minLength: 1, maxLength: 3_000 },
        url: { type: 'string', format: 'uri', maxLength: 3_000 },
        style: { type: 'object', additionalProperties: { type: 'boolean' } },
      },
    },
  },
});

/** The limits of Discord's documentation of webhooks and embeds. */
export const discord: Check = (body) => [
  ...discordSchema(body),
  ...(embedCharacters(body) > 6000 ? ['has more than 6000 characters in its embeds'] : []),
];

const discordSchema = schemaCheck({
  type: 'object',
  required: ['allowed_mentions'],
  additionalProperties: false,
  properties: {
    content: { type: 'string', maxLength: 2000 },
    embeds: {
      type: 'array',
      maxItems: 10,
      items: {
        type: 'object',
        additionalProperties: false,
        properties: {
          title: { type: 'string', maxLength: 256 },
          description: { type: 'string', maxLength: 4096 },
          color: { type: 'integer', minimum: 0, maximum: 0xffffff },
        },
      },
    },
    allowed_mentions: { const: { parse: [] } },
  },
});

function embedCharacters(body: unknown): number {
  const { embeds = [] } = body as { embeds?: readonly { title?: string; description?: string }[] };
  return embeds.reduce((sum, { title = '', description = '' }) => sum + title.length + description.length, 0);
}

/** The card goes through the parser that Teams uses; the envelope is that of a workflow's webhook, at most 28 KB. */
export const teams: Check = (body) => {
  const { type, attachments } = body as { type: unknown; attachments: readonly Json[] };
  const [attachment] = attachments;
  const problems = [
    ...(type === 'message' ? [] : ['is no message']),
    ...(attachments.length === 1 ? [] : ['has not exactly one attachment']),
    ...(attachment?.['contentType'] === 'application/vnd.microsoft.card.adaptive' ? [] : ['is no card']),
    ...(Buffer.byteLength(JSON.stringify(body)) > 28 * 1024 ? ['is larger than 28 KB'] : []),
  ];
  const context = new SerializationContext(Versions.v1_4);
  const card = new AdaptiveCard();
  card.parse(attachment?.['content'], context);
  for (let index = 0; index < context.eventCount; index++) problems.push(context.getEventAt(index).message);
  return problems;
};

/** Receives the request as the SDK of CloudEvents does, in strict mode. */
export function cloudEvent(headers: Readonly<Record<string, string>>, body: unknown) {
  const event = HTTP.toEvent({ headers, body: JSON.stringify(body) });
  if (Array.isArray(event)) throw new Error('a batch');
  return new CloudEvent(event, true);
}
