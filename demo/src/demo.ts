import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '@tardy/core';
import { openApiDocument } from '@tardy/core/schema';
import { createRunApi } from '@tardy/core/server';
import { openDatabase } from './database.js';
import { serve, type Handler } from './host-server.js';
import { enterPeople, viewerOf, type Person } from './people.js';
import { runDesk } from './run-desk.js';
import { startScenario } from './scenario.js';
import { createTables } from './schema.js';
import { sqlRunStore } from './sql-run-store.js';
import { startWorkers } from './worker-pool.js';

/** How the demo is set up. */
export type DemoOptions = {
  readonly port: number;
  /** A PostgreSQL server; without one the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** The schema in that database which is emptied and used. */
  readonly schema?: string | undefined;
  /** The script that a worker process runs. */
  readonly workerFile: string;
  readonly policy: Policy;
  /** How long one step of an operation takes. */
  readonly restMs: number;
  readonly onError: (error: unknown) => void;
};

/** A running demo. */
export type Demo = {
  readonly origin: string;
  readonly databaseName: string;
  readonly tokens: Readonly<Record<Person, string>>;
  /** The run whose worker is going to die. */
  readonly victim: string;
  /** Kills the worker of a run with SIGKILL; its pid, `undefined` where no worker has it. */
  readonly killWorkerOf: (runId: string) => Promise<number | undefined>;
  readonly stop: () => Promise<void>;
};

const WORKERS = 3;

/** Starts the database, the API and the workers, and orders the first work. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { onError, policy } = options;
  const now = () => Date.now();
  const database = await openDatabase(options.databaseUrl, options.schema);
  await createTables(database);
  const tokens = await enterPeople(database);
  const store = sqlRunStore(database, now);
  const desk = runDesk(database, store, now);
  const api = createRunApi({
    store,
    policy,
    now,
    basePath: '/api',
    authorize: (request) => viewerOf(database, request),
    openapi: openApiDocument('/api'),
    challenge: 'Bearer realm="tardy demo"',
    onError,
  });

  /** Closing a run is the host's own business, no part of the run API; who may see the run is asked of the API. */
  async function close(request: Request, runId: string): Promise<Response> {
    if (request.method !== 'POST') return new Response('Use POST.\n', { status: 405, headers: { Allow: 'POST' } });
    const seen = await api(new Request(new URL(`/api/runs/${runId}`, request.url), { headers: request.headers }));
    if (!seen.ok) return seen;
    const closed = await desk.close(decodeURIComponent(runId), 'closed by hand: its worker is gone');
    return closed ? new Response(null, { status: 204 }) : new Response('It is not running.\n', { status: 409 });
  }

  const handler: Handler = async (request) => {
    const { pathname } = new URL(request.url);
    const closing = /^\/demo\/runs\/([^/]+)\/close$/.exec(pathname)?.[1];
    if (closing !== undefined) return close(request, closing);
    return pathname === '/'
      ? new Response(INDEX, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
      : api(request);
  };

  const server = await serve(handler, options.port).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const folder = await mkdtemp(join(tmpdir(), 'tardy-demo-'));
  const scenario = await startScenario(desk, folder, options.restMs);
  const pool = startWorkers(options.workerFile, WORKERS, desk, onError);
  const pace = scenario.keepBusy(async () => {
    const [row] = await database.query(
      `select count(*)::int as open from operation_runs where status <> 'completed' and hold is null`,
    );
    return Number(row?.['open']);
  }, onError);

  return {
    origin: server.origin,
    databaseName: database.name,
    tokens,
    victim: scenario.victim,
    killWorkerOf: pool.killWorkerOf,
    async stop() {
      pace.stop();
      await pool.stop();
      await server.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const INDEX = `The demo of Tardy. The run API is at /api:
  GET /api/runs  /api/runs/{id}  /api/runs/summary  /api/runs/events  /api/policy  /api/openapi.json
Each call but the last needs the header "Authorization: Bearer <token>"; the tokens stand where the demo was started.
`;
