import { inScope } from '@tardy/core/server';
import type { Database } from './database.js';
import type { FaultyApi } from './faults.js';
import type { Handler } from './host-server.js';
import { askAs, decodedId, runPath } from './host/ask.js';
import { formOf, isOwn, ownPath, redirect, saidResponse, tooLarge } from './host/responses.js';
import { inSightOf, type InSight } from './memberships.js';
import { isPerson } from './people.js';
import type { Reconciler } from './reconciler.js';
import type { RunDesk } from './run-desk.js';
import type { Sessions } from './sessions.js';
import { shiftClock } from './shift-clock.js';
import { API_MODES, CLOCKS, POLICY_NAMES, type Switches } from './switches.js';
import { OPERATIONS, type OrderWork } from './tenant-work.js';
import type { WorkerPool } from './worker-pool.js';

/** What the control strip of the demo controls; none of it is part of the run API. */
type Controls = {
  /** The only place that decides who may see a run or a tenant. */
  readonly api: Handler;
  readonly database: Database;
  readonly desk: RunDesk;
  readonly faulty: FaultyApi;
  readonly order: OrderWork;
  readonly pool: WorkerPool;
  readonly reconciler: Reconciler;
  readonly sessions: Sessions;
  readonly switches: Switches;
};

/** Handles what the control strip posts to `/demo/…`, only for people of the demo and on runs that they may see. */
export function controlsOf(controls: Controls): Handler {
  const { api, desk, pool, sessions } = controls;

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'POST') return new Response('Use POST.\n', { status: 405, headers: { Allow: 'POST' } });
    if (!isOwn(request)) return saidResponse(403, 'Only pages of this host may do this.');
    const form = await formOf(request);
    if (form === undefined) return tooLarge();
    if (pathname === '/demo/person') return switchPerson(request, form.get('person'));
    const person = await sessions.personOf(request);
    if (person === undefined) return saidResponse(401, 'Sign in first.');
    const [, id, action] = /^\/demo\/runs\/([^/]+)\/(kill|close)$/.exec(pathname) ?? [];
    if (id !== undefined) return onRun(request, id, action === 'kill');
    switch (pathname) {
      case '/demo/runs':
        return start(request, person, form);
      case '/demo/kill':
        return killNewest(request, form.get('tenant'));
      case '/demo/reconcile':
        return reconcile(person);
      case '/demo/switch':
        return flip(form);
      case '/demo/expire':
        await sessions.expireAll();
        controls.faulty.cutStreams();
        return saidResponse(200, 'All sessions have ended, as if they had expired.');
      default:
        return saidResponse(404, 'The strip has no such control.');
    }
  };

  async function switchPerson(request: Request, person: string | null): Promise<Response> {
    if (!isPerson(person)) return saidResponse(400, 'There is no such person.');
    // The same page as another user, to find out whether they may see it.
    const path = ownPath(request.headers.get('Referer'), request, '/admin');
    return redirect(path, await sessions.begin(person));
  }

  async function onRun(request: Request, encodedId: string, kill: boolean): Promise<Response> {
    const runId = decodedId(encodedId);
    if (runId === undefined) return saidResponse(404, 'There is no such run.');
    const seen = await askAs(api, request)(runPath(runId));
    if (!seen.ok) return seen;
    if (kill) return killed(runId);
    const closed = await desk.close(runId, 'closed by hand: its worker is gone');
    return closed ? new Response(null, { status: 204 }) : saidResponse(409, `Run ${runId} is not running.`);
  }

  async function killed(id: string): Promise<Response> {
    const pid = await pool.killWorkerOf(id);
    return pid === undefined
      ? saidResponse(409, `No worker is running ${id}.`)
      : saidResponse(
          200,
          `Killed process ${pid} with SIGKILL. Nothing was written to run ${id}: it still says running.`,
          { id },
        );
  }

  async function killNewest(request: Request, tenant: string | null): Promise<Response> {
    const named = tenant === null || tenant === '' ? '' : `tenant_id=${encodeURIComponent(tenant)}&`;
    const seen = await askAs(api, request)(`/runs?${named}status=running`);
    if (!seen.ok) return seen;
    const { runs } = (await seen.json()) as { runs: readonly { readonly id: string }[] };
    const inHand = pool.runsInHand();
    const newest = runs.find(({ id }) => inHand.includes(id));
    return newest === undefined
      ? saidResponse(409, 'No worker is busy here. Start an operation first.')
      : killed(newest.id);
  }

  async function start(request: Request, person: string, form: URLSearchParams): Promise<Response> {
    const tenant = form.get('tenant') ?? '';
    const type = form.get('type') ?? '';
    if (!isKey(OPERATIONS, type)) return saidResponse(400, 'The workers have no such operation.');
    const seen = await askAs(api, request)(`/runs?tenant_id=${encodeURIComponent(tenant)}&limit=1`);
    if (!seen.ok || tenant === '') return seen.ok ? saidResponse(400, 'Name a tenant.') : seen;
    const id = await controls.order({ tenant, type, by: person });
    return saidResponse(201, `Ordered run ${id}.`, { id });
  }

  async function reconcile(person: string): Promise<Response> {
    const scope = readable(await inSightOf(controls.database, person));
    const closed = await controls.reconciler.sweep((run) => inScope(run, scope));
    return saidResponse(200, closed.length === 0 ? 'There was nothing to close.' : `Closed ${closed.join(', ')}.`);
  }

  async function flip(form: URLSearchParams): Promise<Response> {
    const { switches, faulty, database } = controls;
    const [name, value] = [...form][0] ?? ['', ''];
    if (name === 'api' && isKey(API_MODES, value)) {
      switches.api = value;
      faulty.cutStreams();
      return saidResponse(200, `For browsers the API now ${API_MODES[value]}.`);
    }
    if (name === 'clock' && isKey(CLOCKS, value)) {
      const by = Number(value) - Number(switches.clock);
      switches.clock = value;
      await shiftClock(database, by);
      return saidResponse(200, `The clock of the server is ${CLOCKS[value]}. This changes no verdict.`);
    }
    if (name === 'policy' && isKey(POLICY_NAMES, value)) {
      switches.policy = value;
      return saidResponse(200, `Thresholds are now ${POLICY_NAMES[value]}.`);
    }
    if (name === 'reconciler' && (value === 'on' || value === 'off')) {
      switches.reconciler = value === 'on';
      return saidResponse(200, `The reconciler is ${value}.`);
    }
    return saidResponse(400, 'The strip has no such switch.');
  }
}

function readable({ tenants, workspaces }: InSight) {
  const ids = (all: InSight['tenants' | 'workspaces']) => all.flatMap(({ id, mayRead }) => (mayRead ? [id] : []));
  return { tenants: ids(tenants), workspaces: ids(workspaces) };
}

function isKey<T extends object>(record: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(record, key);
}
