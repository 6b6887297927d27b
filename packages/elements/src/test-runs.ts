import { formatInstant } from '@tardy/core';
import { T0 } from './test-environment.js';

/** A number of seconds before the tests' first instant, on the wire. */
export function ago(seconds: number): string {
  return formatInstant(T0 - seconds * 1000);
}

const base = { type: 'baseline_compare', tenant: { id: '7', name: 'Fabrikam' } };

/** A run that has just started. */
export const young = {
  ...base,
  id: 'young',
  title: 'Young run',
  status: 'running',
  started_at: ago(10),
  heartbeat_at: ago(1),
};
/** A healthy run whose heartbeat is late in 110 s, long before the run itself. */
export const fresh = {
  ...base,
  id: 'fresh',
  title: 'Fresh run',
  status: 'running',
  started_at: ago(120),
  heartbeat_at: ago(10),
};
/** A run without heartbeat that turns late in 5 s. */
export const soonLate = { ...base, id: 'soon', title: 'Soon late', status: 'running', started_at: ago(3595) };
export const stuck = {
  ...base,
  id: 'stuck',
  title: 'Stuck run',
  status: 'running',
  started_at: ago(12_000),
  heartbeat_at: ago(11_280),
};
export const late = { ...base, id: 'late', title: 'Late run', status: 'running', started_at: ago(4000) };
export const queued = { ...base, id: 'queued', title: 'Queued run', status: 'queued', queued_at: ago(40) };
export const failed = {
  ...base,
  id: 'failed',
  title: 'Failed run',
  status: 'completed',
  outcome: 'failed',
  started_at: ago(3000),
  ended_at: ago(1200),
};
export const done = { ...failed, id: 'done', title: 'Done run', outcome: 'succeeded' };
export const reconciled = {
  ...failed,
  id: 'reconciled',
  title: 'Reconciled run',
  reconciliation: { at: ago(1200), reason: 'no heartbeat', from: 'running' },
};
export const foreign = { ...fresh, id: 'foreign', title: 'Of another tenant', tenant: { id: '8', name: 'Contoso' } };
