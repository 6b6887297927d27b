import * as z from 'zod';
import { defineTarget, secretField } from '../kind.js';
import { cut, itemOf, plainText, subjectOf, type AlertMessage } from '../message.js';

const DEFAULT_URL = 'https://api.opsgenie.com';

/** Opsgenie takes 130 characters in a message, 15,000 in a description, 512 in an entity and 100 in a source. */
const LONGEST_MESSAGE = 130;
const LONGEST_DESCRIPTION = 15_000;
const LONGEST_ENTITY = 512;
const MOST_RUNS = 20;

type Config = { readonly api_key: string; readonly url?: string | undefined };

/** Opsgenie, by its alert API. Each run is an alert with its own alias, so that one that arrives twice changes nothing. */
export const opsgenie = defineTarget<Config>({
  kind: 'opsgenie',
  title: 'Opsgenie',
  sends: 'an alert for each run, or one for all if more than 10 are new at once; closes it',
  twice: 'it has the same `alias`, and Opsgenie counts it on the open alert',
  style: 'incidents',
  schema: z.strictObject({
    api_key: secretField('key of an API integration'),
    url: z
      .string()
      .optional()
      .meta({
        description: `origin of the API; \`${DEFAULT_URL}\` by default, \`https://api.eu.opsgenie.com\` in the EU`,
      }),
  }),
  wire: ({ api_key, url = DEFAULT_URL }, { kind, thread, message }) => {
    const alerts = `${url.replace(/\/$/, '')}/v2/alerts`;
    const closes = kind === 'close';
    return {
      via: 'http',
      url: closes ? `${alerts}/${encodeURIComponent(thread)}/close?identifierType=alias` : alerts,
      headers: { authorization: `GenieKey ${api_key}` },
      body: closes
        ? { source: 'tardy', note: cut(plainText(message, MOST_RUNS), LONGEST_DESCRIPTION) }
        : opening(message, thread),
      repeatable: true,
      // Somebody deleted the alert: nothing is left to be closed.
      accept: closes ? [404] : [],
    };
  },
});

function opening(message: AlertMessage, alias: string): object {
  const { due, at } = message;
  const [first] = due;
  const single = due.length === 1 && first !== undefined ? first : undefined;
  const item = single === undefined ? undefined : itemOf(single, at);
  return {
    message: cut(subjectOf(message), LONGEST_MESSAGE),
    alias,
    description: cut(plainText(message, MOST_RUNS), LONGEST_DESCRIPTION),
    source: 'tardy',
    ...(item === undefined ? {} : { entity: cut(item.place, LONGEST_ENTITY) }),
    priority: due.some(({ alert }) => alert.level === 'likely_stale') ? 'P2' : 'P3',
    tags: ['tardy'],
    ...(item?.url === undefined ? {} : { details: { url: item.url } }),
  };
}
