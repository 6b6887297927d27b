import type { NamedMapping } from '../http/named.js';

/** The states of builds that have not ended, one request each (pages/apis/rest_api/builds.md of buildkite/docs). */
const ACTIVE = ['creating', 'scheduled', 'running', 'failing', 'canceling'];

/** Builds of all pipelines of an organisation. */
export const buildkiteMapping: NamedMapping = {
  url: '{url}/builds',
  query: { per_page: 100 },
  requests: [...ACTIVE.map((state) => ({ query: { state } })), { query: { state: 'finished' }, recent: true }],
  items: '@',
  paging: { link: true },
  fields: {
    id: 'id',
    type: 'pipeline.slug',
    title: 'message',
    // A build that waits for a person keeps the state that it had.
    status: "blocked && 'blocked' || state",
    queued_at: 'scheduled_at || created_at',
    started_at: 'started_at || created_at',
    ended_at: 'finished_at',
    url: 'web_url',
    progress: { processed: 'length(jobs[?finished_at])', total: 'length(jobs)', unit: "'jobs'" },
    flag: {
      kind: "state == 'running' && length(jobs) > `0` && length(jobs[?finished_at]) == length(jobs) && 'stuck' || null",
      by: "'tardy'",
      text: "'All of its jobs have finished, yet the build is running.'",
      since: 'max(jobs[].finished_at)',
    },
    initiator: {
      kind: "source == 'schedule' && 'schedule' || source == 'ui' && 'user' || source == 'api' && 'api' || 'event'",
      name: 'creator.name',
    },
    labels: { branch: 'branch', sha: 'commit', source: 'source' },
  },
  status: {
    creating: 'queued',
    scheduled: 'queued',
    waiting: { status: 'queued', hold: 'dependency' },
    running: 'running',
    failing: 'running',
    canceling: 'running',
    blocked: { status: 'queued', hold: 'approval' },
    passed: 'succeeded',
    failed: 'failed',
    waiting_failed: 'failed',
    canceled: 'cancelled',
    skipped: 'skipped',
    not_run: 'skipped',
  },
  time: { format: 'rfc3339' },
};
