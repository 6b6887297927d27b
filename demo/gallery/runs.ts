/** The instant at which the gallery's clock is stopped. */
export const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

/** A number of minutes before that, on the wire. */
function ago(minutes: number): string {
  return new Date(NOW - minutes * 60_000).toISOString();
}

const tenant = { id: '7', name: 'Fabrikam' };
const workspace = { id: 'w1', name: 'Contoso' };
const base = { tenant, workspace, initiator: { kind: 'user', name: 'dana' }, labels: { region: 'eu-west' } };
const running = { ...base, status: 'running' };
const ended = { ...base, status: 'completed', queued_at: ago(62), started_at: ago(61), ended_at: ago(18) };

/** One run for each state, under its name. */
export const runs = {
  fresh: {
    ...running,
    id: 'op-4821',
    type: 'baseline_compare',
    title: 'Compare the device baseline',
    queued_at: ago(6.2),
    started_at: ago(6),
    heartbeat_at: ago(0.2),
    progress: { processed: 26, total: 40, unit: 'policies' },
  },
  uncounted: {
    ...running,
    id: 'op-4824',
    type: 'directory_sync',
    title: 'Read the directory',
    queued_at: ago(1.6),
    started_at: ago(1.5),
    heartbeat_at: ago(0.1),
    progress: { processed: 1280, unit: 'users' },
  },
  queued: {
    ...base,
    id: 'op-4830',
    type: 'backup_restore',
    title: 'Restore the backup of Monday',
    status: 'queued',
    queued_at: ago(0.7),
  },
  late: {
    ...running,
    id: 'op-4790',
    type: 'report_export',
    title: 'Export the quarterly report',
    queued_at: ago(75),
    started_at: ago(74),
    progress: { processed: 3, total: 12, unit: 'sheets' },
  },
  stuck: {
    ...running,
    id: 'op-4712',
    type: 'baseline_compare',
    title: 'Compare the mail flow baseline',
    queued_at: ago(201),
    started_at: ago(200),
    heartbeat_at: ago(188),
    progress: { processed: 12, total: 40, unit: 'policies' },
  },
  hold: {
    ...base,
    id: 'op-4799',
    type: 'policy_rollout',
    title: 'Roll out the new sign-in policy',
    status: 'running',
    hold: 'approval',
    hold_since: ago(95),
    queued_at: ago(96),
    started_at: ago(96),
  },
  unknown: {
    ...base,
    id: 'op-4777',
    type: 'licence_audit',
    title: 'Audit the licences',
    status: 'running',
    outcome: 'unknown',
    native: { status: 'awaiting_moderation' },
    queued_at: ago(52),
    started_at: ago(50),
  },
  reconciled: {
    ...ended,
    id: 'op-4701',
    type: 'directory_sync',
    title: 'Write the directory back',
    outcome: 'failed',
    reconciliation: { at: ago(18), reason: 'no heartbeat for 10 min', from: 'running' },
  },
  failed: {
    ...ended,
    id: 'op-4698',
    type: 'backup_restore',
    title: 'Restore the backup of Sunday',
    outcome: 'failed',
    attempt: 2,
  },
  succeeded: {
    ...ended,
    id: 'op-4690',
    type: 'report_export',
    title: 'Export the monthly report',
    outcome: 'succeeded',
    progress: { processed: 12, total: 12, unit: 'sheets' },
  },
};

/** The names of the states. */
export type StateName = keyof typeof runs;
