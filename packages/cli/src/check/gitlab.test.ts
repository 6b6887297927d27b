import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatInstant } from '@tardy/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';
import { connect } from '../transport/connect.js';

type Row = Readonly<Record<string, unknown>>;

/** GitLab's own published examples. */
const published = (file: string) =>
  (
    JSON.parse(
      readFileSync(new URL(`../../../core/src/sources/gitlab/fixtures/${file}.json`, import.meta.url), 'utf8'),
    ) as Row[]
  )[0];
const pipeline = published('pipelines');
const job = published('jobs');

const ago = (minutes: number) => formatInstant(NOON - minutes * 60_000);
const running = (id: number, minutes: number): Row => ({
  ...pipeline,
  id,
  status: 'running',
  created_at: ago(minutes),
  web_url: `https://git.example/acme/web/-/pipelines/${id}`,
});

const TOKEN = 'glpat-s3cret';

/** The GraphQL response with the waiting jobs of a pipeline. */
const STUCK = { data: { project: { pipeline: { jobs: { nodes: [{ name: 'deploy', stuck: true }] } } } } };

/** A GitLab with one private project; of each of its pipelines the jobs. */
function respond(
  path: string,
  headers: IncomingHttpHeaders,
  rows: readonly Row[],
  jobs: Readonly<Record<string, readonly Row[]>>,
) {
  const url = new URL(path, 'http://gitlab');
  if (headers.authorization === undefined) return { status: 404, body: { message: '404 Project Not Found' } };
  if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { message: '401 Unauthorized' } };
  if (url.pathname === '/api/graphql') return { status: 200, body: STUCK };
  const [, id, what] =
    /^\/api\/v4\/projects\/acme%2Fweb\/pipelines(?:\/(\d+))?(?:\/(jobs|bridges))?$/.exec(url.pathname) ?? [];
  if (what === 'jobs') return { status: 200, body: jobs[id ?? ''] ?? [] };
  if (what === 'bridges') return { status: 200, body: [] };
  if (id !== undefined) return { status: 200, body: rows.find((row) => String(row['id']) === id) ?? {} };
  return { status: 200, body: rows };
}

describe('a project on a GitLab server', () => {
  let rows: readonly Row[] = [];
  let jobs: Readonly<Record<string, readonly Row[]>> = {};
  let url = '';
  const server = createServer((request, response) => {
    const { status, body } = respond(request.url ?? '', request.headers, rows, jobs);
    const total = Array.isArray(body) ? { 'x-next-page': '', 'x-total': String(body.length) } : {};
    response.writeHead(status, { 'content-type': 'application/json', ...total }).end(JSON.stringify(body));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function tardy(token: string | undefined, ...args: string[]) {
    const { io, printed } = fakeIo({ env: token === undefined ? {} : { GITLAB_TOKEN: token } });
    const named = args.map((arg) => arg.replace('SERVER', url));
    const code = await runProgram({ ...io, connect }, [...named, '--now', formatInstant(NOON), '--timeout', '5s']);
    return { code, out: printed.out + printed.err };
  }

  it('exits 0 if its pipelines are healthy', async () => {
    rows = [running(1, 5), { ...pipeline, id: 2, status: 'manual', created_at: ago(600) }];
    const { code, out } = await tardy(TOKEN, 'check', 'gitlab:SERVER/acme/web');
    expect(code).toBe(0);
    expect(out).toContain('2 active runs');
  });

  it('raises an alarm for exactly the stuck pipeline, with the details of its jobs', async () => {
    rows = [running(1, 5), running(3, 600)];
    jobs = { 3: [{ ...job, status: 'success', finished_at: ago(540) }] };
    const { code, out } = await tardy(TOKEN, 'check', 'gitlab:SERVER/acme/web');
    expect(code).toBe(1);
    expect(out).toContain('1 likely stuck of 2 active runs');
    const shown = await tardy(TOKEN, 'show', 'gitlab:SERVER/acme/web', '3');
    expect(shown.out).toContain('Likely stuck');
    expect(shown.out).toContain('Its only job is over, yet the pipeline is running.');
  });

  it('shows which job no runner takes', async () => {
    rows = [{ ...running(3, 10), status: 'pending' }];
    jobs = {
      3: [
        {
          ...job,
          name: 'deploy',
          status: 'pending',
          created_at: ago(10),
          queued_duration: null,
          started_at: null,
          finished_at: null,
        },
      ],
    };
    const { code, out } = await tardy(TOKEN, 'check', 'gitlab:SERVER/acme/web', '--fail-on', 'late');
    expect(code).toBe(1);
    expect(out).toContain('It can never start');
    const shown = await tardy(TOKEN, 'show', 'gitlab:SERVER/acme/web', '3');
    expect(shown.out).toContain('The job deploy is stuck: no runner online has its tags');
  });

  it('raises no alarm for a pipeline that ended long ago and whose job was just retried', async () => {
    rows = [{ ...running(3, 6000), started_at: ago(6000), finished_at: ago(5900) }];
    jobs = {
      3: [{ ...job, status: 'running', started_at: ago(5), finished_at: null, runner: null, runner_manager: null }],
    };
    const { code, out } = await tardy(TOKEN, 'check', 'gitlab:SERVER/acme/web');
    expect({ code, calm: out.includes('1 active run') }).toEqual({ code: 0, calm: true });
  });

  it('exits 3 with a wrong token, and says how to fix it', async () => {
    const { code, out } = await tardy('glpat-old', 'check', 'gitlab:SERVER/acme/web');
    expect(code).toBe(3);
    expect(out).toContain('Check that the credential is valid and has not expired.');
    expect(out).not.toContain('glpat-old');
  });

  it('exits 3 without a token if it is private', async () => {
    const { code, out } = await tardy(undefined, 'check', 'gitlab:SERVER/acme/web');
    expect(code).toBe(3);
    expect(out).toContain('it is private and the credential may not see it');
  });
});
