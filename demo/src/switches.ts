import type { Policy } from '@tardy/core';

/** How the API treats browsers. A script with a token is never affected, for comparison. */
export const API_MODES = {
  normal: 'works',
  slow: 'is slow (4 s)',
  '500': 'fails (500)',
  '429': 'is rate limited (429)',
  '401': 'says signed out (401)',
  '403': 'says forbidden (403)',
  '404': 'says not found (404)',
  garbage: 'sends garbage',
} as const;

/** A key of `API_MODES`. */
export type ApiMode = keyof typeof API_MODES;

/** Offsets of the server's clock in milliseconds, and their labels on the strip. */
export const CLOCKS = { '0': 'correct', '3600000': '1 h ahead', '-3600000': '1 h behind' } as const;

/** The policies to choose from. */
export type Policies = Readonly<Record<PolicyName, Policy>>;

/** The labels of the policies on the strip. */
export const POLICY_NAMES = { fast: 'seconds', normal: 'minutes and hours' } as const;

/** A key of `POLICY_NAMES`. */
export type PolicyName = keyof typeof POLICY_NAMES;

/** The settings of the control strip, for all viewers of this demo. */
export type Switches = { api: ApiMode; clock: keyof typeof CLOCKS; policy: PolicyName; reconciler: boolean };

/** The switches at the start of the demo. */
export function newSwitches(): Switches {
  return { api: 'normal', clock: '0', policy: 'fast', reconciler: false };
}
