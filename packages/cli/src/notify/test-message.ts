import type { Alert, Due, DueReason } from '@tardy/core';
import { NOON } from '../test-io.js';
import { isSecretReference } from '../config/secret.js';
import type { OpenTarget } from './kind.js';
import { TARGET_KINDS } from './kinds.js';
import type { Step } from './plan.js';

const HOUR = 3_600_000;

/** An alert about a run that has been stuck for two hours. */
export function anAlert(key: string, fields: Partial<Alert> = {}): Alert {
  return {
    key,
    sourceName: 'host',
    run: {
      source: 'host',
      id: `op_${key}`,
      attempt: 1,
      type: 'tenant_backup',
      title: `Back up ${key}`,
      tenant: { id: '7', name: 'Fabrikam' },
      url: `https://host.example/runs/op_${key}`,
    },
    level: 'likely_stale',
    label: 'Likely stuck',
    headline: 'No heartbeat for 42 min',
    since: NOON - 2 * HOUR,
    seenAt: NOON,
    starts: [NOON - 2 * HOUR],
    deliveries: {},
    ...fields,
  };
}

/** An alert with a text of an API wherever a source may put one. */
export function hostileAlert(text: string): Alert {
  return anAlert('a', {
    sourceName: text || 'host',
    label: text,
    headline: text,
    run: {
      source: text,
      id: text || 'id',
      attempt: 1,
      type: text,
      title: text,
      tenant: { id: text, name: text },
      workspace: { id: text, name: text },
      url: `https://host.example/${text}?q=${text}`,
    },
  });
}

/** Something that is due about an alert. */
export function due(reason: DueReason, alert: Alert): Due {
  const ended = {
    at: NOON,
    how: reason === 'vanished' ? 'vanished' : 'recovered',
    text: 'it ended: succeeded',
  } as const;
  return { reason, alert: reason === 'recovered' || reason === 'vanished' ? { ...alert, ended } : alert };
}

/** A step that sends something. */
export function aStep(some: readonly Due[], fields: Partial<Step> = {}): Step {
  return {
    kind: 'digest',
    thread: 'tardy-a',
    message: { id: 'f00d'.repeat(16), target: 'ops', at: NOON, due: some },
    ...fields,
  };
}

/** Opens a target of a kind; references resolve to `values`, or to themselves without the braces. */
export async function openKind(
  kind: string,
  config: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>> = {},
): Promise<OpenTarget> {
  const found = TARGET_KINDS.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return found.open(config, { name: 'ops', folder: '/project' }, async (field, reference) => {
    if (!isSecretReference(reference)) throw new Error(`${field} is a literal`);
    return values[field] ?? reference.replaceAll(/[${}]/g, '');
  });
}

/** A config of each kind, with everything that it takes. */
export const CONFIGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  slack: { url: '${env:SLACK}' },
  teams: { url: '${env:TEAMS}' },
  discord: { url: '${env:DISCORD}' },
  email: {
    host: 'smtp.example',
    port: 2525,
    security: 'none',
    user: 'tardy',
    password: '${env:SMTP}',
    from: 'tardy@example.com',
    to: ['ops@example.com', 'boss@example.com'],
  },
  pagerduty: { routing_key: '${env:PD}', url: 'https://events.eu.pagerduty.com/' },
  opsgenie: { api_key: '${env:GENIE}', url: 'https://api.eu.opsgenie.com' },
  webhook: { url: 'https://hook.example/alerts', headers: { Authorization: '${env:HOOK}' } },
  exec: { command: ['./page', '--now'] },
};
