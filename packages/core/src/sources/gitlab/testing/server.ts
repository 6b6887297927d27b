import { Ajv } from 'ajv';
import { isObject, memberOf, type JsonObject } from '../../reading/body.js';
import { GITLAB_STATES } from '../run.js';
import { gitlabSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture, recorded } from '../../testing/fixtures.js';

const openapi = fixture('gitlab/openapi.json');

/** Every status, as GitLab's description of its API lists them. */
export const GITLAB_VOCABULARY = openapi['scope'] as readonly string[];

const ajv = new Ajv({ strict: false, validateFormats: false });
const schemaOf = (name: string) => ajv.compile(nullable(memberOf(memberOf(openapi, 'schemas'), name)));
const isPipeline = schemaOf('API_Entities_Ci_PipelineBasic');
const isJob = schemaOf('API_Entities_Ci_Bridge');

/** The description does not say what may be null; in GitLab's own examples any time, number and name may be. */
function nullable(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'type' && value !== 'object' ? [value, 'null'] : value,
  ) as JsonObject;
}

/** What a fake GitLab holds besides pipelines. */
export type GitlabInside = {
  readonly jobs?: readonly JsonObject[];
  readonly bridges?: readonly JsonObject[];
  /** The names of jobs that GitLab calls stuck; without it, the credential may not ask by GraphQL. */
  readonly stuck?: readonly string[];
  /** Headers of every response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that this server does not know. */
  readonly unknown?: readonly string[];
  /** Whether something on the way takes GitLab's own headers off. */
  readonly bare?: boolean;
};

const NOT_FOUND: Answer = { status: 404, body: { message: '404 Not Found' } };

/** A project on a GitLab that keeps to its published description. */
export function gitlab(rows: readonly JsonObject[], inside: GitlabInside = {}): Server {
  return (url, request) => {
    const [, id, what] = /\/pipelines(?:\/([^/]+))?(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    if (url.pathname === '/api/graphql') return stuckAnswer(request.body, inside);
    if (id === undefined) return listAnswer(rows, url, inside);
    if (!/^\d+$/.test(id)) return { status: 400, body: { error: 'pipeline_id is invalid' } };
    if (what === 'jobs') return pageOf(inside.jobs ?? [], url, inside, isJob);
    if (what === 'bridges') return pageOf(inside.bridges ?? [], url, inside, isJob);
    const row = rows.find((one) => isObject(one) && String(one['id']) === id);
    return row === undefined ? NOT_FOUND : { body: row };
  };
}

function listAnswer(rows: readonly JsonObject[], url: URL, inside: GitlabInside): Answer {
  const status = url.searchParams.get('status');
  if (status !== null && (!GITLAB_VOCABULARY.includes(status) || inside.unknown?.includes(status) === true)) {
    return { status: 400, body: { error: 'status does not have a valid value' } };
  }
  const ofParent = url.searchParams.get('source') === 'parent_pipeline';
  const held = rows.filter(
    (row) =>
      (status === null || row['status'] === status) &&
      ((isObject(row) ? row['source'] : undefined) === 'parent_pipeline') === ofParent,
  );
  return pageOf(held, url, inside);
}

/** A page with the headers that GitLab pages by. */
function pageOf(rows: readonly JsonObject[], url: URL, { headers, bare }: GitlabInside, validate = isPipeline): Answer {
  const size = Number(url.searchParams.get('per_page') ?? 20);
  const page = Number(url.searchParams.get('page') ?? 1);
  const body = rows.slice((page - 1) * size, page * size);
  for (const row of body) conform(validate, row);
  const next = page * size < rows.length ? String(page + 1) : '';
  const paging = bare === true ? {} : { 'x-next-page': next, 'x-total': String(rows.length) };
  return { body, headers: { ...paging, ...headers } };
}

/** The fake sends nothing that GitLab's own description rules out, except rows that are broken on purpose and lack an id. */
function conform(validate: typeof isPipeline, row: unknown): void {
  if (isObject(row) && row['broken'] !== true && !validate(row)) throw new Error(JSON.stringify(validate.errors));
}

function stuckAnswer(body: unknown, { stuck }: GitlabInside): Answer {
  if (stuck === undefined) return { status: 401, body: { errors: [{ message: 'Invalid token' }] } };
  const id = memberOf(body, 'variables')['id'];
  if (typeof id !== 'string' || !/^gid:\/\/gitlab\/Ci::Pipeline\/\d+$/.test(id))
    throw new Error(`No id: ${String(id)}`);
  const nodes = stuck.map((name) => ({ name, stuck: true }));
  return {
    body: { data: { project: { pipeline: { jobs: { nodes: [{ name: 'other', stuck: false }, ...nodes] } } } } },
  };
}

/** GitLab with the group `acme` of these projects. Those that are `undefined` may not be seen. */
export function group(
  projects: Readonly<Record<string, Server | undefined>>,
  fields: Readonly<Record<string, JsonObject>> = {},
  headers: Readonly<Record<string, string>> = {},
): Server {
  const [published] = recorded('gitlab/projects.json') as readonly JsonObject[];
  const rows = Object.keys(projects).map((path) => ({ ...published, path_with_namespace: path, ...fields[path] }));
  return (url, request) => {
    if (url.pathname === '/api/v4/groups/acme/projects') return pageOf(rows, url, { headers });
    const project = /^\/api\/v4\/projects\/([^/]+)\/pipelines/.exec(url.pathname)?.[1];
    return projects[decodeURIComponent(project ?? '')]?.(url, request) ?? NOT_FOUND;
  };
}

const [pending, byHand] = recorded('gitlab/pipelines.json') as readonly JsonObject[];
const [waiting, passed] = recorded('gitlab/recorded-kde.json') as readonly JsonObject[];
const [job, other] = recorded('gitlab/jobs.json') as readonly JsonObject[];
const [bridge] = recorded('gitlab/bridges.json') as readonly JsonObject[];
if (pending === undefined || byHand === undefined || waiting === undefined || passed === undefined) {
  throw new Error('A pipeline is missing.');
}
if (job === undefined || other === undefined || bridge === undefined) throw new Error('A job is missing.');
const single = fixture('gitlab/pipeline.json');
const running: JsonObject = { ...pending, status: 'running' };

/** The published and recorded pipelines and jobs. */
export const gitlabRows = { pending, running, waiting, passed, single, job, other, bridge };

const broken = (fields: JsonObject): JsonObject => ({ ...running, ...fields, broken: true });

/** What GitLab's adapter shows to conform. */
export const gitlabCase: ConformanceCase = {
  name: 'gitlab',
  source: gitlabSource('ci', { project: 'foo/bar' }),
  row: running,
  other: { ...running, id: 48 },
  states: [
    [
      'pending',
      pending,
      {
        id: '47',
        type: 'foo/bar',
        title: 'Build pipeline',
        workspace: { id: 'foo', name: undefined },
        tenant: { id: 'foo/bar', name: undefined },
        status: 'queued',
        outcome: 'pending',
        hold: undefined,
        queuedAt: Date.parse('2016-08-11T11:28:34.085Z'),
        startedAt: undefined,
        heartbeatAt: undefined,
        initiator: { kind: 'event', name: undefined },
        url: 'https://example.com/foo/bar/pipelines/47',
        labels: { ref: 'new-pipeline', source: 'push', sha: 'a91957a858320c0e17f3a0eca7cfacbff50ea29a' },
      },
    ],
    ['started by hand', byHand, { initiator: { kind: 'user', name: undefined } }],
    ['recorded', waiting, { id: '210853', type: 'utilities/yakuake', title: 'master', status: 'queued' }],
    [
      'recorded, ended',
      passed,
      { status: 'completed', outcome: 'succeeded', endedAt: Date.parse('2022-07-25T23:47:36.958Z') },
    ],
    ['running', running, { status: 'running', native: { status: 'running', outcome: undefined } }],
    ...Object.entries(GITLAB_STATES).map(
      ([status, meaning]) => [`in the status ${status}`, { ...pending, status }, meaning] as const,
    ),
    [
      'told in full',
      single,
      {
        type: 'test-group/test-project',
        outcome: 'succeeded',
        startedAt: Date.parse('2022-09-21T01:05:14.197Z'),
        endedAt: Date.parse('2022-09-21T01:05:50.175Z'),
        initiator: { kind: 'event', name: 'root' },
      },
    ],
    [
      'passed with warnings',
      { ...single, detailed_status: { group: 'success-with-warnings' } },
      { status: 'completed', outcome: 'partially_succeeded' },
    ],
  ],
  broken: [
    ['id', broken({ id: null })],
    ['created_at', broken({ created_at: '2016-08-11T11:28:34' })],
    ['name and ref', broken({ name: null, ref: 7 })],
    ['started_at', broken({ started_at: 7 })],
  ],
  unknownStatus: { row: { ...pending, status: 'hibernating' }, native: 'hibernating' },
  serve: (rows) => gitlab(rows),
  cutShort: (url) => ({
    body: url.searchParams.get('status') === 'running' ? [running] : [],
    headers: { 'x-next-page': '', 'x-total': url.searchParams.get('status') === 'running' ? '7' : '200' },
  }),
  failingSecondPage: (url) =>
    url.searchParams.get('page') === '2'
      ? { status: 500, body: {} }
      : { body: [running], headers: { 'x-next-page': '2', 'x-total': '200' } },
};

// A project that fails is reported, and hides no other: there is no failing second page.
const { failingSecondPage: _, ...ofProject } = gitlabCase;

/** The group `acme`, whose one project responds like another server. */
const inGroup = (answer: Server): Server => group({ 'acme/web': answer });

/** All projects of a group. */
export const gitlabGroupCase: ConformanceCase = {
  ...ofProject,
  name: 'gitlab, all of a group',
  source: gitlabSource('ci', { group: 'acme' }),
  states: gitlabCase.states.map(([title, row, expected]) => [
    title,
    row,
    expected.id === undefined ? expected : { ...expected, id: `acme/web/${expected.id}` },
  ]),
  serve: (rows) => inGroup(gitlabCase.serve(rows)),
  cutShort: inGroup(gitlabCase.cutShort),
  emptyList: 'not_found',
};
