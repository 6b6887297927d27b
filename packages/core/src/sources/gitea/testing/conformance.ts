import type { JsonObject } from '../../reading/body.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { FORGEJO_STATUSES, GITEA_CONCLUSIONS } from '../run.js';
import { giteaSource } from '../source.js';
import { forgejoRun, giteaServer, running } from './server.js';

const URL_OF_SERVER = 'http://127.0.0.1:53080';
const RUNS = 'repos/t/web/actions/runs';
const NONE = '1970-01-01T00:00:00Z';
const startedAt = Date.parse('2026-11-28T02:19:46Z');
const createdAt = Date.parse('2026-11-28T02:19:42Z');

const other = { ...running, id: 2, run_number: 2 };
const queued = { ...running, status: 'queued', started_at: NONE, completed_at: NONE };
const ended = (conclusion: string) => ({
  ...running,
  status: 'completed',
  conclusion,
  completed_at: '2026-11-28T02:25:00Z',
});
/** Every run that waits has a job that waits. */
const jobsOf = (rows: readonly (JsonObject | null)[]) =>
  rows.map((row, index) => ({
    id: index + 1,
    run_id: row?.['id'],
    name: 'build',
    labels: [],
    status: 'queued',
    run_attempt: 1,
    created_at: '2026-11-28T02:19:42Z',
    started_at: NONE,
    completed_at: NONE,
  }));

const serveAt =
  (runs: string, jobs: string) =>
  (rows: readonly JsonObject[]): Server => {
    const one = rows.flatMap((row) => {
      const id = String((row as JsonObject | null)?.['id']);
      return [
        [`${RUNS}/${id}`, row],
        [`${RUNS}/${id}/jobs`, jobsOf([row])],
      ] as const;
    });
    return giteaServer({ ...Object.fromEntries(one), [runs]: rows, [jobs]: jobsOf(rows) });
  };

const FAILED: Answer = { status: 500, body: {} };

/** The second page fails, and every page is short of what is announced. */
const twoPages = (row: JsonObject, second: Answer): Server => {
  return (url) => (url.searchParams.get('page') === '1' ? { body: { workflow_runs: [row], total_count: 2 } } : second);
};

const giteaCase: ConformanceCase = {
  name: 'gitea',
  source: giteaSource('ci', { url: URL_OF_SERVER, repository: 't/web' }),
  row: running,
  other,
  states: [
    [
      'running',
      running,
      {
        id: '1',
        type: 'ci.yml',
        title: 'ci',
        status: 'running',
        outcome: 'pending',
        startedAt,
        queuedAt: startedAt,
        endedAt: undefined,
        heartbeatAt: undefined,
        attempt: 1,
        workspace: { id: 't' },
        tenant: { id: 't/web' },
        url: `${URL_OF_SERVER}/t/web/actions/runs/1`,
        initiator: { kind: 'event', name: 't' },
        native: { status: 'in_progress' },
      },
    ],
    ['queued for a runner', queued, { status: 'queued', hold: undefined, queuedAt: createdAt, startedAt: undefined }],
    ['blocked', { ...queued, status: 'waiting' }, { status: 'queued', hold: 'limit', queuedAt: createdAt }],
    [
      'blocked after its first job',
      { ...running, status: 'waiting' },
      { status: 'queued', hold: 'limit', queuedAt: startedAt, startedAt: undefined },
    ],
    ['blocked, of a pull request', { ...queued, status: 'waiting', event: 'pull_request' }, { hold: 'approval' }],
    ['run again', { ...running, run_attempt: 3 }, { attempt: 3, initiator: { kind: 'user', name: 't' } }],
    [
      'of a server that says when',
      { ...queued, created_at: '2026-11-28T01:00:00Z' },
      { queuedAt: createdAt - 4_782_000 },
    ],
    [
      'run again on such a server',
      { ...queued, run_attempt: 2, created_at: '2026-11-27T01:00:00Z' },
      { attempt: 2, queuedAt: createdAt },
    ],
    ['from before runs had attempts', { ...running, run_attempt: 0 }, { attempt: 1 }],
    ['in a zone', { ...queued, started_at: '1970-01-01T01:00:00+01:00' }, { startedAt: undefined }],
    ...Object.entries(GITEA_CONCLUSIONS).map(
      ([conclusion, outcome]) =>
        [
          `ended as ${conclusion}`,
          ended(conclusion),
          { status: 'completed', outcome, endedAt: Date.parse('2026-11-28T02:25:00Z') },
        ] as const,
    ),
    ['ended in a way of tomorrow', ended('evaporated'), { status: 'completed', outcome: 'unknown' }],
  ],
  broken: [
    ['id', { ...running, id: null }],
    ['path', { ...running, path: null }],
    ['started_at', { ...running, started_at: 'yesterday' }],
    ['run_attempt', { ...running, run_attempt: '1' }],
  ],
  unknownStatus: { row: { ...running, status: 'hibernating' }, native: 'hibernating' },
  serve: serveAt(RUNS, 'repos/t/web/actions/jobs'),
  cutShort: (url) => ({
    body: { workflow_runs: url.searchParams.has('status') ? [] : [running], total_count: 7 },
  }),
  failingSecondPage: twoPages(running, FAILED),
};

const forgejo = { ...forgejoRun, repository: running['repository'] };

/** Forgejo, at the same paths. */
const forgejoCase: ConformanceCase = {
  ...giteaCase,
  name: 'gitea, on Forgejo',
  row: forgejo,
  other: { ...forgejo, id: 42 },
  states: [
    ['running', forgejo, { id: '41', type: 'ci.yml', status: 'running', startedAt, queuedAt: createdAt, attempt: 1 }],
    [
      'waiting for a runner since it was run again',
      { ...forgejo, status: 'waiting', updated: '2026-11-28T08:00:00Z', started: NONE },
      { status: 'queued', hold: undefined, phaseAt: Date.parse('2026-11-28T08:00:00Z'), startedAt: undefined },
    ],
    ['blocked', { ...forgejo, status: 'blocked' }, { status: 'queued', hold: 'limit' }],
    ['to be approved', { ...forgejo, status: 'blocked', need_approval: true }, { status: 'queued', hold: 'approval' }],
    ...Object.entries(FORGEJO_STATUSES).map(
      ([status, meaning]) => [`in the state ${status}`, { ...forgejo, status }, { status: meaning.status }] as const,
    ),
  ],
  broken: [
    ['id', { ...forgejo, id: null }],
    ['workflow_id', { ...forgejo, workflow_id: null }],
    ['created', { ...forgejo, created: 'yesterday' }],
    ['started', { ...forgejo, started: 7 }],
  ],
  unknownStatus: { row: { ...forgejo, status: 'unknown' }, native: 'unknown' },
  failingSecondPage: twoPages(forgejo, FAILED),
};

/** All of an organisation by its list, and all of an instance: the same rows, with an id that says where they are. */
const ofMany = (
  name: string,
  config: Readonly<Record<string, string>>,
  list: string,
  prefix: string,
): ConformanceCase => ({
  ...giteaCase,
  name,
  source: giteaSource('ci', { url: URL_OF_SERVER, ...config }),
  states: giteaCase.states.map(([title, row, run]) => [
    title,
    row,
    run.id === undefined ? run : { ...run, id: `${prefix}${run.id}` },
  ]),
  serve: serveAt(`${list}/runs`, `${list}/jobs`),
});

/** The conformance cases of the adapter. */
export const conformanceCases: readonly ConformanceCase[] = [
  giteaCase,
  forgejoCase,
  ofMany('gitea, all of an organisation', { owner: 't' }, 'orgs/t/actions', 'web/'),
  ofMany('gitea, all of an instance', {}, 'admin/actions', 't/web/'),
];
