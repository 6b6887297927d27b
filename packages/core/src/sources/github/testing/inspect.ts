import type { Run } from '../../../run.js';
import type { JsonObject } from '../../reading/body.js';
import { readOneRow } from '../../reading/read-rows.js';
import { fetchFrom, type Answer } from '../../testing/fetch.js';
import { githubRunToWire } from '../run.js';
import { githubSource } from '../source.js';
import { answerOf, example } from './published-api.js';
import { conform, workflowRun } from './server.js';

const source = githubSource('octo', { repository: 'octo-org/octo-repo' });
const published = (example('job-paginated')['jobs'] as JsonObject[])[0] ?? {};

/** The published job, which has completed; the example lacks a field that the published schema requires. */
export const completedJob: JsonObject = { ...published, created_at: published['started_at'] };

/** The published job in another status. */
export function job(status: string, fields: JsonObject = {}): JsonObject {
  return { ...completedJob, status, conclusion: null, completed_at: null, ...fields };
}

const RUN = '/repos/octo-org/octo-repo/actions/runs/30433642';
const isJobList = answerOf('/repos/{owner}/{repo}/actions/runs/{run_id}/jobs');

/** The response with all jobs of the run. */
export function jobs(...list: readonly JsonObject[]): Record<string, unknown> {
  const body = { total_count: list.length, jobs: list };
  conform(isJobList, body);
  return { [`${RUN}/jobs`]: body };
}

/** What the server sends for each path: a body, or a status. Anything else is not found. */
export type Responses = Readonly<Record<string, unknown>>;

/**
 * Looks inside the published run with these fields.
 *
 * @param now the clock of the server
 * @param firstPage further headers of the first response
 */
export async function inspect(
  fields: JsonObject,
  responses: Responses,
  now = '2020-01-23T08:00:00Z',
  firstPage: Readonly<Record<string, string>> = {},
) {
  const run: Run = readOneRow({ ...workflowRun, ...fields }, '1', 'octo', githubRunToWire);
  const { fetch, asked } = fetchFrom(({ pathname }): Answer => {
    const page = asked.length === 1 ? firstPage : {};
    const headers = { date: new Date(now).toUTCString(), ...page };
    const body = responses[pathname];
    if (typeof body === 'number') return { status: body, body: { message: 'no' }, headers };
    return body === undefined ? { status: 404, body: { message: 'Not Found' }, headers } : { body, headers };
  });
  const seen = await source.inspect?.(run, fetch);
  return { run, seen, asked: asked.map(({ url }) => new URL(url).pathname) };
}

/** The path of the run in the API. */
export const RUN_PATH = RUN;
