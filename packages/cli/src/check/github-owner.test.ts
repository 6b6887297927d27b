import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { formatInstant } from '@tardy/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';
import { connect } from '../transport/connect.js';

type Row = Readonly<Record<string, unknown>>;

/** GitHub's own published examples, from the package that core checks its adapter with. */
const core = createRequire(new URL('../../../core/package.json', import.meta.url));
const path = core.resolve('@octokit/openapi/generated/api.github.com.json');
const description = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly components: { readonly examples: Readonly<Record<string, { readonly value: Row | readonly Row[] }>> };
};
const example = (name: string) => description.components.examples[name]?.value;
const [repository] = example('minimal-repository-items') as readonly Row[];
const [published] = (example('workflow-run-paginated') as { readonly workflow_runs: readonly Row[] }).workflow_runs;

const ago = (minutes: number) => formatInstant(NOON - minutes * 60_000);
const running = (minutes: number): Row => ({
  ...published,
  status: 'in_progress',
  created_at: ago(minutes),
  run_started_at: ago(minutes),
});
const FRESH = running(5);
const STUCK = running(600);

/** An Enterprise server with an organisation whose repositories hold these runs, or refuse with a status. */
function respond(repositories: Readonly<Record<string, readonly Row[] | number>>, url: string) {
  const found = /^\/api\/v3\/(?:orgs\/acme\/repos|repos\/acme\/([^/]+)\/actions\/runs(?:\/(\d+))?)\?/.exec(`${url}?`);
  if (found === null) return { status: 404, body: { message: 'Not Found' } };
  const [, name, id] = found;
  if (name === undefined) {
    return { status: 200, body: Object.keys(repositories).map((own) => ({ ...repository, name: own })) };
  }
  const runs = repositories[name] ?? 404;
  if (typeof runs === 'number') return { status: runs, body: { message: 'Resource not accessible by integration' } };
  return { status: 200, body: id === undefined ? { total_count: runs.length, workflow_runs: runs } : runs[0] };
}

describe('all repositories of an organisation', () => {
  let repositories: Readonly<Record<string, readonly Row[] | number>> = {};
  let config = '';
  const server = createServer((request, response) => {
    const { status, body } = respond(repositories, request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    config = JSON.stringify({ version: 1, sources: { acme: { kind: 'github', owner: 'acme', url } } });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function tardy(held: typeof repositories, ...args: string[]) {
    repositories = held;
    const { io, printed } = fakeIo({ files: { '/project/app/tardy.config.json': config } });
    const code = await runProgram({ ...io, connect }, [...args, '--now', formatInstant(NOON), '--timeout', '5s']);
    return { code, out: printed.out, err: printed.err };
  }

  it('exit 0 if each of them is healthy', async () => {
    const { code, out } = await tardy({ web: [FRESH], api: [FRESH], empty: [] }, 'check');
    expect(code).toBe(0);
    expect(out).toContain('2 active runs');
  });

  it('raise an alarm for exactly the stuck run, which can then be shown by its id', async () => {
    const { code, out } = await tardy({ web: [FRESH], api: [STUCK] }, 'check', 'acme');
    expect(code).toBe(1);
    expect(out).toContain('1 likely stuck of 2 active runs');
    expect(out).toContain('api/30433642');
    const shown = await tardy({ web: [FRESH], api: [STUCK] }, 'show', 'acme', 'api/30433642');
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('Likely stuck');
  });

  it('exit 3 if one may not be read, and name it', async () => {
    const { code, err } = await tardy({ web: [FRESH], secret: 403 }, 'check');
    expect(code).toBe(3);
    expect(err).toContain('acme/secret could not be read completely (forbidden)');
  });

  it('raise the alarm even if one may not be read', async () => {
    const { code, out } = await tardy({ web: [STUCK], secret: 403 }, 'check');
    expect(code).toBe(1);
    expect(out).toContain('there may be more');
  });
});
