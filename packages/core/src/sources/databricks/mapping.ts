import type { NamedMapping } from '../http/named.js';

/** Runs of all jobs of a workspace, and those that are submitted without a job. */
export const databricksMapping: NamedMapping = {
  url: '{url}/api/2.2/jobs/runs/list',
  // "Greater than 0 and less than 25".
  query: { limit: 24 },
  requests: [{ query: { active_only: true } }, { query: { completed_only: true }, recent: true }],
  // A response without runs has no list.
  items: 'not_null(runs, has_more == `false` && `[]`)',
  // More runs without a token is no text, and so an error.
  paging: { cursor: 'has_more != `false` && (next_page_token || `{}`)', param: 'page_token' },
  fields: {
    id: 'run_id',
    type: 'run_name',
    title: 'status.queue_details.message || state.state_message',
    status: "state.life_cycle_state == 'TERMINATED' && state.result_state || state.life_cycle_state",
    queued_at: 'start_time',
    started_at: 'start_time',
    ended_at: 'end_time',
    url: 'run_page_url',
    failure: {
      code: "(state.life_cycle_state == 'INTERNAL_ERROR' || contains(['FAILED', 'TIMEDOUT'], state.result_state)) && (status.termination_details.code || state.result_state || state.life_cycle_state) || null",
      message:
        "(state.life_cycle_state == 'INTERNAL_ERROR' || contains(['FAILED', 'TIMEDOUT'], state.result_state)) && state.state_message || null",
    },
    initiator: {
      kind: "trigger == 'PERIODIC' && 'schedule' || trigger == 'ONE_TIME' && 'user' || 'event'",
      name: 'creator_user_name',
    },
    labels: { job: 'job_id', type: 'run_type', trigger: 'trigger' },
  },
  status: {
    // The reasons that Databricks knows are limits, all of them.
    QUEUED: { status: 'queued', hold: 'limit' },
    PENDING: 'queued',
    BLOCKED: { status: 'queued', hold: 'dependency' },
    WAITING_FOR_RETRY: { status: 'queued', hold: 'retry' },
    RUNNING: 'running',
    TERMINATING: 'running',
    INTERNAL_ERROR: 'failed',
    SKIPPED: 'skipped',
    SUCCESS: 'succeeded',
    SUCCESS_WITH_FAILURES: 'succeeded',
    FAILED: 'failed',
    TIMEDOUT: 'failed',
    CANCELED: 'cancelled',
    MAXIMUM_CONCURRENT_RUNS_REACHED: 'skipped',
    EXCLUDED: 'skipped',
    DISABLED: 'skipped',
    UPSTREAM_FAILED: 'skipped',
    UPSTREAM_CANCELED: 'skipped',
  },
  time: { format: 'epoch_ms' },
};
