import type { NamedMapping } from '../http/named.js';

/** Pipelines that are pending or running, of all repositories of a server; in one answer, without pages. */
export const woodpeckerMapping: NamedMapping = {
  url: '{url}/api/pipelines',
  items: '@',
  fields: {
    // A person finds a pipeline by its number in its repository; its own id is left out by older servers.
    id: "repo_id && number && join('-', [to_string(repo_id), to_string(number)]) || null",
    type: "join(' ', ['repository', to_string(repo_id)])",
    title: 'title || message',
    status: 'status',
    queued_at: 'created',
    started_at: 'started',
    ended_at: 'finished',
    initiator: {
      kind: "event == 'cron' && 'schedule' || event == 'manual' && 'user' || 'event'",
      name: 'author',
    },
    labels: { branch: 'branch', sha: 'commit', event: 'event' },
  },
  status: {
    created: 'queued',
    pending: 'queued',
    blocked: { status: 'queued', hold: 'approval' },
    running: 'running',
    success: 'succeeded',
    failure: 'failed',
    error: 'failed',
    killed: 'cancelled',
    canceled: 'cancelled',
    declined: 'cancelled',
    skipped: 'skipped',
  },
  time: { format: 'epoch_s' },
};
