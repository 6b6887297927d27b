import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** A run API that a test controls. */
export type TestApi = {
  readonly url: string;
  /** The rows of its list; `undefined` while it is down. */
  rows: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** How often its list was requested. */
  lists: number;
  readonly close: () => Promise<void>;
};

/** Starts a run API on this machine. */
export async function startApi(rows: TestApi['rows']): Promise<TestApi> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (pathname === '/runs') api.lists++;
    if (api.rows === undefined) return send(503, { title: 'Service Unavailable' });
    if (pathname === '/runs') return send(200, { runs: api.rows, now: new Date().toISOString() });
    const row = api.rows.find(({ id }) => pathname === `/runs/${String(id)}`);
    return row === undefined ? send(404, { title: 'Not Found' }) : send(200, row);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api: TestApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rows,
    lists: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}

/** A command of the built command line that stays until it is stopped. */
export type Served = { readonly origin: string; readonly stop: () => Promise<number | null> };

/** Starts `tardy serve` on a free port. */
export async function startServe(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const file = createRequire(import.meta.url).resolve('@tardy/cli/bin/tardy.mjs');
  const child = spawn(process.execPath, [file, 'serve', '--port', '0', ...args], {
    env: { ...process.env, CI: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const origin = await new Promise<string>((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /at (http:\S+:\d+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    void ended.then((code) => reject(new Error(`It ended with ${code}: ${output}`)));
  });
  return {
    origin,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
