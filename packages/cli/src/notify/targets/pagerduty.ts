import { formatInstant } from '@tardy/core';
import * as z from 'zod';
import { sanitizeInline } from '../../output/sanitize.js';
import { defineTarget, secretField } from '../kind.js';
import { cut, groupsOf, itemOf, subjectOf, type AlertMessage } from '../message.js';

const DEFAULT_URL = 'https://events.pagerduty.com';

/** PagerDuty takes 1024 characters in a summary. */
const LONGEST_SUMMARY = 1024;
const LONGEST_FIELD = 255;
const MOST_RUNS = 20;

type Config = { readonly routing_key: string; readonly url?: string | undefined };

/** PagerDuty, by the Events API v2. Each run is an alert with its own key, so that one that arrives twice changes nothing. */
export const pagerduty = defineTarget<Config>({
  kind: 'pagerduty',
  title: 'PagerDuty',
  sends: 'an alert for each run, or one for all if more than 10 are new at once; resolves it (Events API v2)',
  twice: 'it has the same `dedup_key`, and PagerDuty adds it to the open alert',
  style: 'incidents',
  schema: z.strictObject({
    routing_key: secretField('integration key of the service'),
    url: z
      .string()
      .optional()
      .meta({
        description: `origin of the API; \`${DEFAULT_URL}\` by default, \`https://events.eu.pagerduty.com\` in the EU`,
      }),
  }),
  wire: ({ routing_key, url = DEFAULT_URL }, { kind, thread, message }) => ({
    via: 'http',
    url: `${url.replace(/\/$/, '')}/v2/enqueue`,
    headers: {},
    body:
      kind === 'close'
        ? { routing_key, event_action: 'resolve', dedup_key: thread }
        : { routing_key, event_action: 'trigger', dedup_key: thread, ...trigger(message) },
    repeatable: true,
    accept: [],
  }),
});

function trigger(message: AlertMessage): object {
  const { due, at } = message;
  const alerts = due.map(({ alert }) => alert);
  const [first] = due;
  const single = due.length === 1 ? first : undefined;
  const item = single === undefined ? undefined : itemOf(single, at);
  const run = single?.alert.run;
  return {
    payload: {
      summary: cut(item === undefined ? subjectOf(message) : `${item.title}: ${item.words}`, LONGEST_SUMMARY),
      source: field(single?.alert.sourceName ?? 'tardy'),
      severity: alerts.some(({ level }) => level === 'likely_stale') ? 'critical' : 'warning',
      timestamp: formatInstant(at),
      class: single?.alert.about === 'source' ? 'unreadable source' : 'stuck run',
      ...(run === undefined ? {} : { component: field(run.type || 'run') }),
      ...(run?.tenant === undefined ? {} : { group: field(run.tenant.name ?? run.tenant.id) }),
      custom_details:
        single === undefined || item === undefined
          ? Object.fromEntries(groupsOf(message, MOST_RUNS).map(({ title, items }) => [title, items.map(listed)]))
          : { id: item.place, what: item.words, since: formatInstant(single.alert.since) },
    },
    client: 'tardy',
    ...(item?.url === undefined ? {} : { links: [{ href: item.url, text: 'Open the run' }] }),
  };
}

function listed({ title, words, place }: { title: string; words: string; place: string }): string {
  return `${title}: ${words} (${place})`;
}

function field(text: string): string {
  return cut(sanitizeInline(text), LONGEST_FIELD) || 'unnamed';
}
