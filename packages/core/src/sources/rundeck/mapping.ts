import type { NamedMapping } from '../http/named.js';

/** Executions that are running in all projects. Version 41 of the API is that of Rundeck 4.0, and later servers know it. */
export const rundeckMapping: NamedMapping = {
  url: '{url}/api/41/project/*/executions/running',
  auth: { header: 'X-Rundeck-Auth-Token' },
  items: 'executions',
  total: 'paging.total',
  paging: { offset: 'offset', size_param: 'max', size: 100 },
  fields: {
    id: 'id',
    // A command that is run without a job has none.
    type: "job && (job.group && join('/', [job.group, job.name]) || job.name) || 'ad hoc'",
    title: 'description',
    status: 'status',
    queued_at: '"date-started".unixtime',
    started_at: '"date-started".unixtime',
    ended_at: '"date-ended".unixtime',
    tenant: 'project',
    url: 'permalink',
    initiator: { kind: "executionType == 'scheduled' && 'schedule' || 'user'", name: 'user' },
  },
  status: {
    queued: 'queued',
    scheduled: { status: 'queued', hold: 'schedule' },
    running: 'running',
    succeeded: 'succeeded',
    failed: 'failed',
    'failed-with-retry': 'failed',
    timedout: 'failed',
    aborted: 'cancelled',
    missed: 'skipped',
  },
  time: { format: 'epoch_ms' },
  one: { url: '{url}/api/41/execution/{id}', item: '@' },
};
