import type { Database } from '../database.js';
import type { Handler } from '../host-server.js';
import { inSightOf, membersOf, type InSight } from '../memberships.js';
import { isPerson } from '../people.js';
import type { Sessions } from '../sessions.js';
import type { Switches } from '../switches.js';
import { askAs, decodedId, runPath, type Ask } from './ask.js';
import type { Assets } from './assets.js';
import { frame, type FrameOptions } from './frame.js';
import type { Html } from './html.js';
import {
  forbiddenPage,
  membersPage,
  notFoundPage,
  operationsPage,
  runPage,
  signInPage,
  tenantPage,
  workspacePage,
} from './pages.js';
import { formOf, isOwn, ownPath, pageResponse, redirect, tooLarge } from './responses.js';

/** What the admin product consists of. */
type Product = {
  /** Alone decides who may see what: a page shows what the API gives to its elements. */
  readonly api: Handler;
  readonly assets: Assets;
  readonly database: Database;
  readonly sessions: Sessions;
  readonly switches: Switches;
};

type Found = Pick<FrameOptions, 'title' | 'place' | 'current'> & { readonly content: Html };

type Visit = {
  readonly url: URL;
  readonly person: string;
  readonly inSight: InSight;
  /** Calls the API as this visitor. */
  readonly ask: Ask;
};

/** The pages of the admin product, with sessions. */
export function productOf({ api, assets, database, sessions, switches }: Product): Handler {
  return async (request) => {
    const url = new URL(request.url);
    const asset = assets.responseTo(url.pathname);
    if (asset !== undefined) return asset;
    if (url.pathname === '/') return redirect('/admin');
    if (url.pathname === '/session' || url.pathname === '/session/end') return session(request, url.pathname);
    if (url.pathname === '/sign-in') return signIn(ownPath(url.searchParams.get('return'), request, '/admin'));
    const person = await sessions.personOf(request);
    if (person === undefined) {
      const wanted = ownPath(url.pathname + url.search, request, '/admin');
      return redirect(`/sign-in?return=${encodeURIComponent(wanted)}`);
    }
    return visit({ url, person, inSight: await inSightOf(database, person), ask: askAs(api, request) });
  };

  async function visit(visit: Visit): Promise<Response> {
    const { url, person, inSight } = visit;
    if (url.pathname === '/admin') return redirect(homeOf(inSight));
    const found = await find(visit);
    const as = { person, inSight, switches };
    if (typeof found !== 'number') return pageResponse(200, frame({ assets, as, ...found }));
    if (found === 403) {
      const tenant = namedTenant(url, inSight);
      const content = forbiddenPage(tenant);
      return pageResponse(403, frame({ assets, as, title: 'Not allowed', content, place: { tenant: tenant?.id } }));
    }
    if (found >= 500) throw new Error(`The API responded with ${found} to a page: ${url.pathname}`);
    return pageResponse(404, frame({ assets, as, title: 'Not found', content: notFoundPage() }));
  }

  /** The page, or the status with which the API refuses it. */
  async function find({ url, inSight, ask }: Visit): Promise<Found | number> {
    const { pathname, searchParams } = url;
    const [, area = '', id = '', below] =
      /^\/admin\/(tenants|workspaces|operations)(?:\/([^/]+))?(\/members)?$/.exec(pathname) ?? [];
    const tenantOf = (tenantId: string | null) => inSight.tenants.find((tenant) => tenant.id === tenantId);
    const allowed = async (query: string) => (await ask(`/runs?${query}&limit=1`)).status;

    if (area === 'tenants' && id !== '') {
      const tenant = tenantOf(id);
      const status = await allowed(`tenant_id=${encodeURIComponent(id)}`);
      const place = { tenant: id };
      if (tenant !== undefined && below !== undefined) {
        const content = membersPage(tenant, await membersOf(database, id));
        return { title: `Members of ${tenant.name}`, content, place, current: 'members' };
      }
      if (status !== 200 || tenant === undefined || below !== undefined) return status === 403 ? 403 : 404;
      return { title: tenant.name, content: tenantPage(tenant), place, current: 'dashboard' };
    }
    if (area === 'workspaces' && id !== '' && below === undefined) {
      const status = await allowed(`workspace_id=${encodeURIComponent(id)}`);
      if (status !== 200) return status;
      return {
        title: 'Workspace',
        content: workspacePage(id, inSight),
        place: { workspace: id },
        current: 'workspace',
      };
    }
    if (area === 'operations' && id === '' && below === undefined) {
      const [tenantId, workspaceId] = [searchParams.get('tenant_id'), searchParams.get('workspace_id')];
      const named = new URLSearchParams();
      if (tenantId !== null) named.set('tenant_id', tenantId);
      if (workspaceId !== null) named.set('workspace_id', workspaceId);
      const status = await allowed(named.toString());
      if (status !== 200) return status;
      const content = operationsPage(tenantOf(tenantId), workspaceId ?? undefined);
      return { title: 'Operations', content, place: { tenant: tenantId ?? undefined }, current: 'operations' };
    }
    if (area === 'operations' && below === undefined) {
      const runId = decodedId(id);
      if (runId === undefined) return 404;
      const response = await ask(runPath(runId));
      if (response.status !== 200) return response.status;
      const run = (await response.json()) as {
        readonly id: string;
        readonly title: string;
        readonly tenant?: { id: string };
      };
      const content = runPage(run.id, tenantOf(run.tenant?.id ?? null));
      return { title: run.title, content, place: { tenant: run.tenant?.id, run: run.id } };
    }
    return 404;
  }

  async function session(request: Request, pathname: string): Promise<Response> {
    if (request.method !== 'POST') return new Response('Use POST.\n', { status: 405, headers: { Allow: 'POST' } });
    if (!isOwn(request)) return new Response('Only pages of this host may do this.\n', { status: 403 });
    if (pathname === '/session/end') return redirect('/sign-in', await sessions.end(request));
    const form = await formOf(request);
    if (form === undefined) return tooLarge();
    const person = form.get('person');
    if (!isPerson(person)) return signIn(undefined);
    return redirect(ownPath(form.get('return'), request, '/admin'), await sessions.begin(person));
  }

  function signIn(returnTo: string | undefined): Response {
    return pageResponse(200, frame({ assets, title: 'Sign in', content: signInPage(returnTo) }));
  }
}

/** The tenant that a URL names, for a member of it. */
function namedTenant({ pathname, searchParams }: URL, { tenants }: InSight) {
  return tenants.find(({ id }) => pathname === `/admin/tenants/${id}` || searchParams.get('tenant_id') === id);
}

/** The first page of a visitor: the workspace that they operate, else their first tenant. */
function homeOf({ workspaces: [workspace], tenants: [tenant] }: InSight): string {
  return workspace === undefined ? `/admin/tenants/${tenant?.id}` : `/admin/workspaces/${workspace.id}`;
}
