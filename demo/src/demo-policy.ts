import { createPolicy } from '@tardy/core';

/** Thresholds of seconds, so that a visitor can watch how a killed worker is found. */
export const DEMO_POLICY = createPolicy({
  version: 1,
  defaults: {
    queue: { late: '20s', stale: '2m' },
    run: { late: '1m', stale: '5m' },
    silence: { late: '4s', stale: '10s' },
    hold: { late: '1d', stale: 'never' },
    deadline: { grace: '30s' },
  },
  rules: [{ match: { type: 'tenant_backup' }, run: { late: '2m', stale: '10m' } }],
});
