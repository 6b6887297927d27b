import { formatInstant } from '@tardy/core';
import * as z from 'zod';
import { alertsDocument, ALERTS_SCHEMA } from '../alerts-document.js';
import { defineTarget, maybeSecretField } from '../kind.js';

type Config = { readonly url: string; readonly headers?: Readonly<Record<string, string>> | undefined };

/** Any HTTP endpoint that takes CloudEvents 1.0 in structured mode. */
export const webhook = defineTarget<Config>({
  kind: 'webhook',
  title: 'Webhook (CloudEvents)',
  sends: 'one CloudEvent 1.0 for each check, in structured mode',
  twice: 'it has the same `source` and `id`, by which receivers recognise it',
  style: 'digest',
  schema: z.strictObject({
    url: maybeSecretField('URL that takes the event'),
    headers: z
      .record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'is not the name of a header'), z.string())
      .optional()
      .meta({ description: 'further headers, each a reference to a secret', secret: 'always' }),
  }),
  wire: ({ url, headers = {} }, { message }) => ({
    via: 'http',
    url,
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      'content-type': 'application/cloudevents+json; charset=utf-8',
    },
    body: {
      specversion: '1.0',
      id: message.id,
      source: `urn:tardy:target:${encodeURIComponent(message.target)}`,
      type: 'tardy.alerts.1',
      time: formatInstant(message.at),
      datacontenttype: 'application/json',
      dataschema: ALERTS_SCHEMA,
      data: alertsDocument(message),
    },
    repeatable: true,
    accept: [],
  }),
});
