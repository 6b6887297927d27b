import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createPolicy } from '@tardy/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresPrograms } from '../../scripts/postgres.mjs';
import { until } from './api-client.js';
import { startHost, type Host } from './host.js';
import { testServer } from './test-databases.js';
import { signIn } from './test-requests.js';
import { buildScript, buildWorker } from './test-worker.js';

const SCHEMA = `tardy_test_two_${process.pid}`;
const somewhere = process.env['DATABASE_URL'] !== undefined || postgresPrograms() !== undefined;

// The embedded database belongs to one process, so it has no second server.
describe.runIf(somewhere)('two servers over one PostgreSQL', () => {
  const errors: unknown[] = [];
  let database: { readonly url: string; readonly stop: () => Promise<void> } | undefined;
  let first: Host;
  let second: ChildProcess;
  let elsewhere: string;
  let cookie: string;

  beforeAll(async () => {
    const workerFile = await buildWorker();
    const server = await testServer();
    if (server === undefined) throw new Error('There is no PostgreSQL.');
    database = server;
    first = await startHost({
      port: 0,
      databaseUrl: server.url,
      schema: SCHEMA,
      workerFile,
      workers: 0,
      policy: createPolicy({ version: 1 }),
      restMs: 50,
      onError: (error) => errors.push(error),
    });
    second = fork(await buildScript('test-second-host'), [server.url, SCHEMA, workerFile]);
    [elsewhere] = (await once(second, 'message')) as [string];
    cookie = await signIn(first.origin, 'dana');
  }, 60_000);
  afterAll(async () => {
    const ended = once(second, 'exit');
    second.disconnect();
    await ended;
    await first.stop();
    await run(`drop schema if exists ${SCHEMA} cascade`);
    await database?.stop();
  });

  /** Outside of either server. */
  async function run(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: database?.url });
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  /** What an event stream of the first server has sent so far. */
  async function listen(): Promise<{ text: () => string; close: () => void }> {
    const abort = new AbortController();
    const { body } = await fetch(`${first.origin}/api/runs/events`, {
      headers: { Cookie: cookie },
      signal: abort.signal,
    });
    let text = '';
    const decoder = new TextDecoder();
    void (async () => {
      for await (const chunk of body ?? []) text += decoder.decode(chunk);
    })().catch(() => undefined);
    await until('the stream', async () => text.includes('retry:'), 5000);
    return { text: () => text, close: () => abort.abort() };
  }

  async function startThere(): Promise<string> {
    const response = await fetch(`${elsewhere}/demo/runs`, {
      method: 'POST',
      headers: { Cookie: cookie },
      body: new URLSearchParams({ tenant: '7', type: 'directory_sync' }),
    });
    expect(response.status).toBe(201);
    return ((await response.json()) as { id: string }).id;
  }

  it('share sessions, and a stream of one reports what a worker of the other does', async () => {
    const stream = await listen();
    const id = await startThere();
    const states = () => [...stream.text().matchAll(/^data: (\{.*\})$/gm)].map(([, data]) => JSON.parse(data ?? ''));
    const ended = () =>
      states().some((run: { id?: string; status?: string }) => run.id === id && run.status === 'completed');
    await until('the run to end', async () => ended(), 30_000);
    expect(states().some((run: { id?: string; status?: string }) => run.id === id && run.status === 'running')).toBe(
      true,
    );
    stream.close();
  }, 40_000);

  it('never give two runs one id', async () => {
    const ids = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 2 === 0 ? startThere() : first.order({ tenant: '7', type: 'directory_sync', by: 'dana' }),
      ),
    );
    expect(new Set(ids).size).toBe(10);
  }, 20_000);

  it('lose no event with the connection that brings the notifications', async () => {
    const stream = await listen();
    await run(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'`);
    const id = await startThere();
    await until('the event', async () => stream.text().includes(`"id":"${id}"`), 10_000);
    expect(stream.text()).not.toContain('event: reset');
    stream.close();
  }, 30_000);

  it('caused no error', () => {
    expect(errors).toEqual([]);
  });
});
