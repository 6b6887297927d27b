import type { NamedMapping } from '../http/named.js';

/** Jobs of all connections that the token may see. */
export const airbyteMapping: NamedMapping = {
  url: '{url}/jobs',
  // From the oldest on, so that a job that is created meanwhile moves no other to another page.
  query: { orderBy: 'createdAt|ASC' },
  // In the order in which a job passes them: one that moves on between two requests is read twice and never missed.
  requests: [
    { query: { status: 'pending' } },
    // Since 2026; it waits for the capacity of data workers.
    { query: { status: 'queued' }, optional: true },
    { query: { status: 'incomplete' } },
    { query: { status: 'running' } },
    ...['failed', 'cancelled', 'succeeded'].map((status) => ({
      query: { status, orderBy: 'updatedAt|DESC' },
      recent: true,
    })),
  ],
  items: 'data',
  // The link to the next page names the host by which Airbyte knows itself, which need not be the one that was asked.
  paging: { offset: 'offset', size_param: 'limit', size: 100 },
  fields: {
    id: 'jobId',
    type: "jobType && connectionId && join(' ', [jobType, connectionId]) || null",
    status: 'status',
    queued_at: 'startTime',
    started_at: 'startTime',
    ended_at: 'lastUpdatedAt',
    progress: { processed: 'rowsSynced', unit: "'rows'" },
    failure: { code: "status == 'failed' && status || null" },
    labels: { connection: 'connectionId', job: 'jobType' },
  },
  status: {
    pending: 'queued',
    queued: { status: 'queued', hold: 'limit' },
    running: 'running',
    // An attempt has failed, and the next one has not begun.
    incomplete: { status: 'running', hold: 'retry' },
    succeeded: 'succeeded',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  time: { format: 'rfc3339' },
  one: { url: '{url}/jobs/{id}', item: '@' },
};
