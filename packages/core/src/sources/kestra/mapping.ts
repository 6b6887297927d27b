import type { NamedMapping } from '../http/named.js';

/** The states that have ended. All others are asked for, those included that a later version adds. */
const ENDED = 'SUCCESS,WARNING,FAILED,KILLED,CANCELLED,RETRIED,SKIPPED';

/** When an execution entered the state that it is in. */
const ENTERED = 'state.histories[-1].date';
const HELD = "contains(['QUEUED', 'PAUSED', 'BREAKPOINT', 'RETRYING'], state.current)";

/** Executions of all flows of a tenant. */
export const kestraMapping: NamedMapping = {
  url: '{url}/executions/search',
  requests: [
    // From the oldest on, so that an execution that begins meanwhile moves no other to another page.
    { query: { 'filters[state][NOT_IN]': ENDED, sort: 'state.startDate:asc' } },
    { query: { 'filters[state][IN]': ENDED, sort: 'state.endDate:desc' }, recent: true },
  ],
  items: 'results',
  total: 'total',
  paging: { page: 'page', start: 1, size_param: 'size', size: 100 },
  fields: {
    id: 'id',
    type: "namespace && flowId && join('.', [namespace, flowId]) || null",
    status: 'state.current',
    hold_since: `${HELD} && ${ENTERED} || null`,
    queued_at: 'state.startDate',
    // One that is started for later keeps the state CREATED until then.
    not_before: 'scheduleDate',
    started_at: "(state.histories[?state == 'RUNNING'].date)[0] || state.startDate",
    // One that was paused, restarted or is being killed began that long after its first start.
    phase_at: `contains(['RUNNING', 'KILLING', 'RESTARTED'], state.current) && ${ENTERED} || null`,
    ended_at: 'state.endDate',
    failure: { code: "contains(['FAILED', 'KILLED'], state.current) && state.current || null" },
    initiator: {
      kind: "!trigger && 'user' || ends_with(trigger.type || '', '.Schedule') && 'schedule' || 'event'",
      name: 'trigger.id',
    },
    labels: { namespace: 'namespace', flow: 'flowId', revision: 'flowRevision', parent: 'parentId' },
  },
  status: {
    CREATED: 'queued',
    // "Only used when the flow has concurrency limits, and all available slots are taken."
    QUEUED: { status: 'queued', hold: 'limit' },
    SUBMITTED: 'running',
    RUNNING: 'running',
    RESTARTED: 'running',
    RESUBMITTED: 'running',
    KILLING: 'running',
    PAUSED: { status: 'running', hold: 'paused' },
    BREAKPOINT: { status: 'running', hold: 'paused' },
    RETRYING: { status: 'running', hold: 'retry' },
    SUCCESS: 'succeeded',
    WARNING: 'partially_succeeded',
    FAILED: 'failed',
    KILLED: 'cancelled',
    CANCELLED: 'cancelled',
    RETRIED: 'failed',
    SKIPPED: 'skipped',
  },
  time: { format: 'rfc3339' },
  one: { url: '{url}/executions/{id}', item: '@' },
};
