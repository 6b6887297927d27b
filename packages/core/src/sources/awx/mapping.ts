import type { NamedMapping } from '../http/named.js';

/**
 * Jobs of every type: of templates, projects, inventories and workflows, and ad hoc commands. The statuses are those of `UnifiedJob`
 * in awx/main/models/unified_jobs.py.
 */
export const awxMapping: NamedMapping = {
  url: '{url}/api/v2/unified_jobs/',
  query: { order_by: '-id', page_size: 200 },
  requests: [
    { query: { status__in: 'new,pending,waiting,running' } },
    { query: { status__in: 'successful,failed,error,canceled' }, recent: true },
  ],
  items: 'results',
  total: 'count',
  paging: { next: 'next' },
  fields: {
    id: 'id',
    type: 'name',
    title: "job_explanation != '' && job_explanation || description != '' && description || null",
    status: 'status',
    queued_at: 'created',
    started_at: 'started',
    ended_at: 'finished',
    failure: {
      code: "(status == 'failed' || status == 'error') && status || null",
      message: "failed && job_explanation != '' && job_explanation || null",
    },
    initiator: {
      kind: "launch_type == 'scheduled' && 'schedule' || launch_type == 'manual' && 'user' || 'event'",
      name: 'summary_fields.created_by.username',
    },
    labels: { type: 'type', node: 'execution_node' },
  },
  status: {
    new: 'queued',
    pending: 'queued',
    waiting: 'queued',
    running: 'running',
    successful: 'succeeded',
    failed: 'failed',
    error: 'failed',
    canceled: 'cancelled',
  },
  time: { format: 'rfc3339' },
};
