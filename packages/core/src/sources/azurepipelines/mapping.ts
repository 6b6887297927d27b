import type { NamedMapping } from '../http/named.js';

/**
 * The statuses of builds that have not ended (`BuildStatus`), in the order in which a build passes them: one that moves on between
 * two requests is read twice and never missed. Without a filter a page holds completed builds first.
 */
const ACTIVE = ['postponed', 'notStarted', 'inProgress', 'cancelling'];

/** Builds, which runs of pipelines are too, of one project. Version 6.0 of the API is that of Azure DevOps Server 2020. */
export const azurepipelinesMapping: NamedMapping = {
  url: '{url}/_apis/build/builds',
  auth: { user: '' },
  query: { 'api-version': '6.0', $top: 200, queryOrder: 'queueTimeAscending' },
  requests: [
    ...ACTIVE.map((statusFilter) => ({ query: { statusFilter } })),
    { query: { statusFilter: 'completed', queryOrder: 'finishTimeDescending' }, recent: true },
  ],
  // The count is that of the page.
  items: '(!count || count == length(value)) && value',
  paging: { cursor_header: 'x-ms-continuationtoken', param: 'continuationToken' },
  fields: {
    id: 'id',
    type: 'definition.name',
    title: 'buildNumber',
    status: "status == 'completed' && (result && result != 'none' && result || 'completed') || status",
    queued_at: 'queueTime',
    started_at: 'startTime',
    ended_at: 'finishTime',
    url: '_links.web.href',
    initiator: {
      kind: "reason == 'schedule' && 'schedule' || (reason == 'manual' || reason == 'userCreated') && 'user' || 'event'",
      name: 'requestedFor.displayName',
    },
    labels: { branch: 'sourceBranch', sha: 'sourceVersion', reason: 'reason' },
  },
  status: {
    postponed: { status: 'queued', hold: 'paused' },
    notStarted: 'queued',
    inProgress: 'running',
    cancelling: 'running',
    completed: 'completed',
    succeeded: 'succeeded',
    partiallySucceeded: 'partially_succeeded',
    failed: 'failed',
    canceled: 'cancelled',
  },
  time: { format: 'rfc3339' },
  one: { url: '{url}/_apis/build/builds/{id}?api-version=6.0', item: '@' },
};
