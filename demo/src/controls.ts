import { inScope } from '@tardy/core/server';
import type { Database } from './database.js';
import type { FaultyApi } from './faults.js';
import type { Handler } from './host-server.js';
import { isOwn, ownPath, redirect, saidAnswer } from './host/answers.js';
import { inSightOf, type InSight } from './memberships.js';
import { isPerson } from './people.js';
import type { Reconciler } from './reconciler.js';
import type { OperationType, RunDesk } from './run-desk.js';
import type { Sessions } from './sessions.js';
import { shiftClock } from './shift-clock.js';
import { API_MODES, CLOCKS, POLICY_NAMES, type Switches } from './switches.js';
import { OPERATIONS, type OrderWork } from './tenant-work.js';
import type { WorkerPool } from './worker-pool.js';

/** What the control strip of the demo can reach: none of it is part of the run API. */
type Controls = {
  /** Asked who may see a run or a tenant, so that there is one judge of that. */
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

/** Answers what the control strip posts to `/demo/…`. Only somebody of the demo may, and only on runs that they see. */
export function controlsOf(controls: Controls): Handler {
  const { api, desk, pool, sessions } = controls;

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'POST') return new Response('Use POST.\n', { status: 405, headers: { Allow: 'POST' } });
    if (!isOwn(request)) return saidAnswer(403, 'Only pages of this host may do that.');
    const form = await formOf(request);
    if (pathname === '/demo/person') return switchPerson(request, form.get('person'));
    const person = await sessions.personOf(request);
    if (person === undefined) return saidAnswer(401, 'Sign in first.');
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
        return saidAnswer(200, 'All sessions have ended, as if their time was over.');
      default:
        return saidAnswer(404, 'The strip has no such control.');
    }
  };

  /** What the API answers to this person; never through the fault that is switched on. */
  function ask(request: Request, path: string): Promise<Response> {
    const headers = new Headers();
    for (const name of ['Authorization', 'Cookie']) {
      const value = request.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return api(new Request(new URL(`/api${path}`, request.url), { headers }));
  }

  async function switchPerson(request: Request, person: string | null): Promise<Response> {
    if (!isPerson(person)) return saidAnswer(400, 'There is no such person.');
    // The same address as somebody else: whether they may see it is what one wants to know.
    const path = ownPath(request.headers.get('Referer'), request, '/admin');
    return redirect(path, await sessions.begin(person));
  }

  async function onRun(request: Request, id: string, kill: boolean): Promise<Response> {
    const seen = await ask(request, `/runs/${id}`);
    if (!seen.ok) return seen;
    const runId = decodeURIComponent(id);
    if (kill) return killed(runId);
    const closed = await desk.close(runId, 'closed by hand: its worker is gone');
    return closed ? new Response(null, { status: 204 }) : saidAnswer(409, `Run ${runId} is not running.`);
  }

  async function killed(id: string): Promise<Response> {
    const pid = await pool.killWorkerOf(id);
    return pid === undefined
      ? saidAnswer(409, `No worker has run ${id}.`)
      : saidAnswer(200, `Killed process ${pid} with SIGKILL. Nobody told run ${id}: it still says running.`, { id });
  }

  async function killNewest(request: Request, tenant: string | null): Promise<Response> {
    const named = tenant === null || tenant === '' ? '' : `tenant_id=${encodeURIComponent(tenant)}&`;
    const seen = await ask(request, `/runs?${named}status=running`);
    if (!seen.ok) return seen;
    const { runs } = (await seen.json()) as { runs: readonly { readonly id: string }[] };
    const inHand = pool.runsInHand();
    const newest = runs.find(({ id }) => inHand.includes(id));
    return newest === undefined ? saidAnswer(409, 'No worker runs anything here. Start something.') : killed(newest.id);
  }

  async function start(request: Request, person: string, form: URLSearchParams): Promise<Response> {
    const tenant = form.get('tenant') ?? '';
    const type = form.get('type') ?? '';
    if (!(type in OPERATIONS)) return saidAnswer(400, 'The workers know no such operation.');
    const seen = await ask(request, `/runs?tenant_id=${encodeURIComponent(tenant)}&limit=1`);
    if (!seen.ok || tenant === '') return seen.ok ? saidAnswer(400, 'Name a tenant.') : seen;
    const id = await controls.order({ tenant, type: type as OperationType, by: person });
    return saidAnswer(201, `Ordered run ${id}.`, { id });
  }

  async function reconcile(person: string): Promise<Response> {
    const scope = readable(await inSightOf(controls.database, person));
    const closed = await controls.reconciler.sweep((run) => inScope(run, scope));
    return saidAnswer(200, closed.length === 0 ? 'There was nothing to close.' : `Closed ${closed.join(', ')}.`);
  }

  async function flip(form: URLSearchParams): Promise<Response> {
    const { switches, faulty, database } = controls;
    const [name, value] = [...form][0] ?? ['', ''];
    if (name === 'api' && isKey(API_MODES, value)) {
      switches.api = value;
      faulty.cutStreams();
      return saidAnswer(200, `For browsers the API ${API_MODES[value]} from now on.`);
    }
    if (name === 'clock' && isKey(CLOCKS, value)) {
      const by = Number(value) - Number(switches.clock);
      switches.clock = value;
      await shiftClock(database, by);
      return saidAnswer(200, `The clock of the server is ${CLOCKS[value]}. No verdict changes by that.`);
    }
    if (name === 'policy' && isKey(POLICY_NAMES, value)) {
      switches.policy = value;
      return saidAnswer(200, `Thresholds are ${POLICY_NAMES[value]} now.`);
    }
    if (name === 'reconciler' && (value === 'on' || value === 'off')) {
      switches.reconciler = value === 'on';
      return saidAnswer(200, `The reconciler is ${value}.`);
    }
    return saidAnswer(400, 'The strip has no such switch.');
  }
}

async function formOf(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(await request.text());
}

function readable({ tenants, workspaces }: InSight) {
  const ids = (all: InSight['tenants' | 'workspaces']) => all.flatMap(({ id, mayRead }) => (mayRead ? [id] : []));
  return { tenants: ids(tenants), workspaces: ids(workspaces) };
}

function isKey<T extends object>(record: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(record, key);
}
