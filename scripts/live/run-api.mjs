// The run API of the demo, held to its own OpenAPI document by Schemathesis: every call, parameter and header with values that
// the document allows and values that it forbids, over the embedded database and, where it is installed, a PostgreSQL server.
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { postgresPrograms, startPostgres } from '../postgres.mjs';
import { root } from '../workspace.mjs';
import { freePort, runToEnd, stopProcesses } from './processes.mjs';
import { pythonWith } from './python.mjs';

const SCHEMATHESIS = 'schemathesis==4.32.5';

export const name = `The run API under ${SCHEMATHESIS.replace('==', ' ')}`;

const OPTIONS = ['--checks', 'all', '--max-examples', '100', '--seed', '1', '--request-timeout', '10', '--no-color'];
/** An event stream has no end: this much of one is enough to judge it by. */
const STREAM_MS = 100;

/** For `run.mjs`, in place of the story of a run that hangs. */
export async function test(workdir, say) {
  const bin = await pythonWith([SCHEMATHESIS]);
  await testOver(undefined, bin, workdir, say);
  const programs = postgresPrograms();
  if (programs === undefined) return say('PostgreSQL is not installed here: only the embedded database was tested');
  const server = await startPostgres(programs);
  try {
    await testOver(server.url, bin, workdir, say);
  } finally {
    await server.stop();
  }
}

export const stop = stopProcesses;

async function testOver(databaseUrl, bin, workdir, say) {
  const dist = join(root, 'demo/dist');
  if (!existsSync(join(dist, 'host.js'))) throw new Error('The demo is not built: npm run build');
  const { startHost } = await import(pathToFileURL(join(dist, 'host.js')).href);
  const { DEMO_POLICY } = await import(pathToFileURL(join(dist, 'demo-policy.js')).href);
  const errors = [];
  const host = await startHost({
    port: 0,
    databaseUrl,
    schema: 'tardy_test_schemathesis',
    workerFile: join(dist, 'worker.js'),
    policy: DEMO_POLICY,
    restMs: 100,
    onError: (error) => errors.push(error),
  });
  const front = await cutStreams(host.origin);
  try {
    for (const tenant of ['7', '8', '9']) await host.order({ tenant, type: 'tenant_backup', by: 'omar' });
    const document = await (await fetch(`${front.origin}/api/openapi.json`)).json();
    const listRuns = document.paths['/runs'].get;
    const run = async (title, parameters, options) => {
      const file = join(workdir, 'openapi.json');
      listRuns.parameters = parameters;
      writeFileSync(file, JSON.stringify(document));
      say(`${title}, over ${host.databaseName}`);
      const args = ['run', file, '--url', `${front.origin}/api`, ...OPTIONS, ...options];
      const token = ['--header', `Authorization: Bearer ${host.tokens.omar}`];
      const output = await runToEnd(join(bin, 'schemathesis'), [...args, ...token], { cwd: workdir });
      process.stdout.write(`${output.slice(output.indexOf('== SUMMARY')).replace(/^/gm, '    ')}\n`);
    };
    const all = listRuns.parameters;
    const withoutCursor = all.filter(({ name: parameter }) => parameter !== 'cursor');
    await run('every call, without cursors', withoutCursor, []);
    // No schema says which cursors are valid, so a valid one may be refused here.
    await run('pages, with cursors', all, [
      '--include-operation-id',
      'listRuns',
      '--exclude-checks',
      'positive_data_acceptance',
    ]);
    if (errors.length > 0) throw new Error(`The host hit ${errors.length} errors: ${errors[0]?.stack ?? errors[0]}`);
  } finally {
    await front.close();
    await host.stop();
  }
}

/** Stands before a host and passes everything on, but ends an event stream after a moment. */
async function cutStreams(origin) {
  const server = createServer({ maxHeaderSize: 65_536 }, (incoming, outgoing) => {
    const { method, url, rawHeaders } = incoming;
    const passed = httpRequest(origin + url, { method, headers: rawHeaders, setHost: false }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders);
      if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
        setTimeout(() => {
          outgoing.end();
          response.destroy();
        }, STREAM_MS);
      }
      response.on('error', () => outgoing.end());
      response.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
