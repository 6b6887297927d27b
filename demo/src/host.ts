import { createPolicy, type Policy } from '@tardy/core';
import { openApiDocument } from '@tardy/core/schema';
import { createRunApi } from '@tardy/core/server';
import { controlsOf } from './controls.js';
import { joinDatabase, openDatabase, type Database } from './database.js';
import { withFaults } from './faults.js';
import { serve, type Handler, type HostServer } from './host-server.js';
import { readAssets } from './host/assets.js';
import { productOf } from './host/product.js';
import { isLocal } from './host/responses.js';
import { inSightOf, viewerOf } from './memberships.js';
import { enterPeople, type Person } from './people.js';
import { startReconciler } from './reconciler.js';
import { hearChanges } from './run-changes.js';
import { runDesk } from './run-desk.js';
import { createTables } from './schema.js';
import { secretOf } from './secrets.js';
import { sessions as openSessions, type Sessions } from './sessions.js';
import { sqlRunStore } from './sql-run-store.js';
import { newSwitches, type Policies, type Switches } from './switches.js';
import { layOutTenants, type OrderWork } from './tenant-work.js';
import { startWorkers } from './worker-pool.js';

/** The settings of the host. */
export type HostOptions = {
  readonly port: number;
  /** A PostgreSQL server; without one the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** The schema in that database which is emptied and used. */
  readonly schema?: string | undefined;
  /** The script that a worker process runs. */
  readonly workerFile: string;
  /** How many workers; three by default. */
  readonly workers?: number | undefined;
  /** The built files for the pages; without it they have neither script nor style. */
  readonly pagesFolder?: string | undefined;
  /** The policy of seconds; the other one is core's default. */
  readonly policy: Policy;
  /** How long one step of an operation takes. */
  readonly restMs: number;
  /** How long a session lasts; a day by default. */
  readonly sessionMs?: number | undefined;
  readonly onError: (error: unknown) => void;
};

/** A running server of a host with its API, its pages and its workers. */
export type HostProcess = {
  readonly origin: string;
  readonly databaseName: string;
  readonly sessions: Sessions;
  readonly switches: Switches;
  readonly order: OrderWork;
  /** How many runs are queued or running. */
  readonly openOrders: () => Promise<number>;
  /** Kills the worker of a run with SIGKILL; its pid, `undefined` if no worker has it. */
  readonly killWorkerOf: (runId: string) => Promise<number | undefined>;
  readonly stop: () => Promise<void>;
};

/** A host that was just set up, with the tokens of its users: the database keeps only digests of them. */
export type Host = HostProcess & { readonly tokens: Readonly<Record<Person, string>> };

const WORKERS = 3;
const DAY_MS = 86_400_000;

/** Sets up an empty database, and starts a server over it. */
export async function startHost(options: HostOptions): Promise<Host> {
  const database = await openDatabase(options.databaseUrl, options.schema);
  await createTables(database);
  const tokens = await enterPeople(database);
  return { ...(await serveHost(database, options)), tokens };
}

/** Starts another server over the database of a host that is already running. */
export async function joinHost(options: HostOptions & { readonly databaseUrl: string }): Promise<HostProcess> {
  return serveHost(joinDatabase(options.databaseUrl, options.schema), options);
}

async function serveHost(database: Database, options: HostOptions): Promise<HostProcess> {
  const { onError, restMs } = options;
  const assets = readAssets(options.pagesFolder);
  const switches = newSwitches();
  const policies: Policies = { fast: options.policy, normal: createPolicy({ version: 1 }) };
  const now = () => Date.now() + Number(switches.clock);
  const sessions = openSessions(database, now, options.sessionMs ?? DAY_MS);
  const changes = await hearChanges(database, onError);
  const store = sqlRunStore(database, changes);
  const cursorSecret = await secretOf(database, 'cursors');
  let origin = '';
  const desk = runDesk(database, now, (id) => `${origin}/admin/operations/${id}`);

  const apiWith = (policy: Policy) =>
    createRunApi({
      store,
      policy,
      now,
      basePath: '/api',
      cursorSecret,
      authorize: async (request) => {
        const person = await sessions.personOf(request);
        return person === undefined ? undefined : viewerOf(await inSightOf(database, person));
      },
      openapi: openApiDocument('/api'),
      challenge: 'Bearer realm="tardy demo"',
      onError,
    });
  const apis = { fast: apiWith(policies.fast), normal: apiWith(policies.normal) };
  const api: Handler = (request) => apis[switches.policy](request);
  const faulty = withFaults(api, switches);
  const reconciler = startReconciler({
    database,
    desk,
    policy: () => policies[switches.policy],
    now,
    isOn: () => switches.reconciler,
    onError,
  });
  const work = await layOutTenants(desk, restMs);
  const pool = startWorkers(options.workerFile, options.workers ?? WORKERS, desk, onError);
  const controls = controlsOf({ api, database, desk, faulty, order: work.order, pool, reconciler, sessions, switches });
  const product = productOf({ api, assets, database, sessions, switches });

  const handler: Handler = async (request) => {
    if (!isLocal(request)) return new Response('This host is 127.0.0.1 or localhost only.\n', { status: 403 });
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/api/')) return faulty.handler(request);
    return pathname.startsWith('/demo/') ? controls(request) : product(request);
  };
  const guarded: Handler = (request) =>
    handler(request).catch((error: unknown) => {
      onError(error);
      return new Response('The host failed; see its log for the cause.\n', { status: 500 });
    });

  let server: HostServer | undefined;
  async function stop(): Promise<void> {
    faulty.cutStreams();
    reconciler.stop();
    await pool.stop();
    await server?.close();
    await changes.stop();
    await database.close();
    await work.remove();
  }

  try {
    server = await serve(guarded, options.port);
  } catch (error) {
    await stop();
    throw error;
  }
  origin = server.origin;

  return {
    origin,
    databaseName: database.name,
    sessions,
    switches,
    order: work.order,
    async openOrders() {
      const [row] = await database.query(
        `select count(*)::int as open from operation_runs where status <> 'completed' and hold is null`,
      );
      return Number(row?.['open']);
    },
    killWorkerOf: pool.killWorkerOf,
    stop,
  };
}
