import type { NamedMapping } from '../http/named.js';

/** What is asked of each build. TeamCity leaves out most of it unasked, and ignores names that an older server does not know. */
const BUILD = [
  'id,buildTypeId,number,state,status,statusText,branchName,webUrl,detachedFromAgent,queuedDate,startDate,finishDate,waitReason',
  'agent(name,connected)',
  'running-info(probablyHanging,lastActivityTime)',
  'approvalInfo(status,timeoutTimestamp)',
  'triggered(type,user(username))',
  'buildType(projectName)',
].join(',');

const QUEUED = "state == 'queued'";
/** A build that no longer needs its agent says so. */
const AGENT_GONE = "state == 'running' && agent.connected == `false` && detachedFromAgent != `true`";
const HANGING = '"running-info".probablyHanging';
const NO_AGENT = `${QUEUED} && contains(waitReason || '', 'no compatible agents')`;
const WAITS_FOR_APPROVAL = `${QUEUED} && approvalInfo.status == 'waitingForApproval'`;

/** The reasons that TeamCity gives for a build in its queue. Others, such as "There are no idle compatible agents", are the queue itself. */
const LIMIT = `(starts_with(waitReason || '', 'The maximum number of running builds') || starts_with(waitReason || '', 'Build is waiting for the following resource'))`;
const DEPENDENCY = `starts_with(waitReason || '', 'Build dependencies have not been built')`;

/** Builds of all projects: personal ones, those of any branch and those that failed to start included. */
export const teamcityMapping: NamedMapping = {
  url: '{url}/app/rest/builds',
  query: { fields: `count,nextHref,build(${BUILD})` },
  requests: [
    { query: { locator: 'state:(queued:true,running:true),defaultFilter:false,count:200' } },
    { query: { locator: 'state:finished,defaultFilter:false,count:200' }, recent: true },
  ],
  // The count is that of the page; a page without builds has no list.
  items: '(!count || count == length(build || `[]`)) && not_null(build, count == `0` && `[]`)',
  paging: { next: 'nextHref' },
  fields: {
    id: 'id',
    type: 'buildTypeId',
    title: `${QUEUED} && waitReason || statusText`,
    status: "state == 'finished' && status || state",
    hold: `${WAITS_FOR_APPROVAL} && 'approval' || ${QUEUED} && ${DEPENDENCY} && 'dependency' || ${QUEUED} && ${LIMIT} && 'limit' || null`,
    waits_for: {
      kind: `${WAITS_FOR_APPROVAL} && 'approval' || null`,
      until: 'approvalInfo.timeoutTimestamp',
    },
    queued_at: 'queuedDate',
    started_at: 'startDate',
    ended_at: 'finishDate',
    url: 'webUrl',
    flag: {
      kind: `${AGENT_GONE} && 'worker_lost' || ${NO_AGENT} && 'cannot_start' || ${HANGING} && 'stuck' || null`,
      by: `${AGENT_GONE} && 'tardy' || 'source'`,
      text: `${AGENT_GONE} && join(' ', ['Its agent', agent.name, 'is disconnected.']) || ${NO_AGENT} && waitReason || ${HANGING} && 'TeamCity takes the build for hanging.' || null`,
      since: `${AGENT_GONE} && '' || ${HANGING} && "running-info".lastActivityTime || ''`,
    },
    failure: { message: "state == 'finished' && status != 'SUCCESS' && statusText || null" },
    initiator: {
      kind: "triggered.type == 'schedule' && 'schedule' || triggered.type == 'user' && 'user' || 'event'",
      name: 'triggered.user.username',
    },
    labels: { project: 'buildType.projectName', branch: 'branchName', agent: 'agent.name', number: 'number' },
  },
  status: {
    queued: 'queued',
    running: 'running',
    SUCCESS: 'succeeded',
    FAILURE: 'failed',
    ERROR: 'failed',
    // "UNKNOWN for canceled builds."
    UNKNOWN: 'cancelled',
  },
  time: { format: 'rfc3339' },
  one: { url: `{url}/app/rest/builds/id:{id}?fields=${BUILD}`, item: '@' },
};
