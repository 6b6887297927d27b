import type { JsonObject } from '../../reading/body.js';
import { GITHUB_ACTIVE_STATUSES, GITHUB_OUTCOMES } from '../run.js';
import { githubSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { example } from './published-api.js';

const NOT_FOUND = { status: 404, body: { message: 'Not Found' } };
const FAILED = { status: 500, body: {} };

const workflowRun = (example('workflow-run-paginated')['workflow_runs'] as JsonObject[])[0] ?? {};
const inProgress: JsonObject = { ...workflowRun, status: 'in_progress' };
const ended = (conclusion: string | null): JsonObject => ({ ...workflowRun, status: 'completed', conclusion });
const tenant = { id: 'octocat/Hello-World', name: undefined };
const createdAt = Date.parse('2020-01-22T19:33:08Z');

/** A repository on GitHub. */
export const githubCase: ConformanceCase = {
  name: 'github',
  source: githubSource('octo', { repository: 'octo-org/octo-repo' }),
  row: inProgress,
  other: { ...inProgress, id: 30433643 },
  states: [
    ['queued', workflowRun, { id: '30433642', status: 'queued', queuedAt: createdAt, startedAt: undefined, tenant }],
    ...Object.entries(GITHUB_ACTIVE_STATUSES).map(
      ([status, meaning]) => [`in the status ${status}`, { ...workflowRun, status }, meaning] as const,
    ),
    ...Object.entries(GITHUB_OUTCOMES).map(
      ([conclusion, outcome]) =>
        [`ended as ${conclusion}`, ended(conclusion), { status: 'completed', outcome }] as const,
    ),
    ['in progress', inProgress, { status: 'running', startedAt: createdAt, heartbeatAt: undefined, attempt: 1 }],
    [
      'run again',
      { ...inProgress, run_attempt: 3, run_started_at: '2020-01-23T08:00:00Z' },
      { attempt: 3, queuedAt: Date.parse('2020-01-23T08:00:00Z'), initiator: { kind: 'user', name: 'octocat' } },
    ],
    ['success', ended('success'), { status: 'completed', outcome: 'succeeded', endedAt: createdAt }],
    ['stale', ended('stale'), { outcome: 'cancelled', native: { status: 'completed', outcome: 'stale' } }],
    [
      'to be approved before its first job',
      ended('action_required'),
      { status: 'queued', outcome: 'pending', hold: 'approval', startedAt: undefined, endedAt: undefined },
    ],
    ['a conclusion of tomorrow', ended('evaporated'), { status: 'completed', outcome: 'unknown' }],
  ],
  broken: [
    ['id', { ...inProgress, id: null }],
    ['created_at', { ...inProgress, created_at: 'yesterday' }],
    ['run_started_at', { ...inProgress, run_started_at: '2020-01-22T19:33:08' }],
    ['run_attempt', { ...inProgress, run_attempt: '1' }],
    ['name and path', { ...inProgress, name: null, path: null }],
  ],
  unknownStatus: { row: { ...workflowRun, status: 'hibernating' }, native: 'hibernating' },
  serve: (rows) => (url) => {
    const id = /\/runs\/(\d+)$/.exec(url.pathname)?.[1];
    if (id !== undefined) return String(rows[0]?.['id']) === id ? { body: rows[0] } : NOT_FOUND;
    const status = url.searchParams.get('status');
    // GitHub filters by what a run is; one of unknown status comes with any, here with those in progress.
    const active = ['queued', 'requested', 'waiting', 'pending'];
    const held = rows.filter((row) => {
      if (status === null) return true;
      const own = String((row as JsonObject | null)?.['status']);
      return own === status || (status === 'in_progress' && !active.includes(own));
    });
    return { body: { total_count: held.length, workflow_runs: held } };
  },
  cutShort: (url) => ({
    body:
      url.searchParams.get('status') === 'queued'
        ? { total_count: 7, workflow_runs: [workflowRun] }
        : { total_count: url.searchParams.has('status') ? 0 : 7, workflow_runs: [] },
  }),
  failingSecondPage: (url) => {
    if (url.searchParams.get('page') === '2') return FAILED;
    const next = `<${url.href}&page=2>; rel="next", <${url.href}&page=2>; rel="last"`;
    return { body: { total_count: 2, workflow_runs: [inProgress] }, headers: { link: next } };
  },
};

const [repository] = example('minimal-repository-items') as unknown as JsonObject[];

/** An organisation whose one repository responds like another server. */
const organisation =
  (answer: Server): Server =>
  (url, request) =>
    url.pathname.endsWith('/orgs/octo-org/repos')
      ? { body: [{ ...repository, name: 'octo-repo' }] }
      : answer(url, request);

// A repository that fails is reported, and hides no other: there is no failing second page.
const { failingSecondPage: _, ...ofRepository } = githubCase;

/** All repositories of an organisation. */
export const githubOwnerCase: ConformanceCase = {
  ...ofRepository,
  name: 'github, all of an owner',
  source: githubSource('octo', { owner: 'octo-org' }),
  states: githubCase.states.map(([title, row, expected]) => [
    title,
    row,
    expected.id === undefined ? expected : { ...expected, id: `octo-repo/${expected.id}` },
  ]),
  serve: (rows) => organisation(githubCase.serve(rows)),
  cutShort: organisation(githubCase.cutShort),
  emptyList: 'not_found',
};
