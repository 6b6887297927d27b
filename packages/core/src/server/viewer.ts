import type { Run } from '../run.js';
import { forbidden, notFound } from './problem.js';

/**
 * One tenant or one workspace that the caller is a member of.
 *
 * With a `tenant` it covers the runs of that tenant, without one the runs of the workspace that belong to no tenant: a
 * workspace operator has one membership for the workspace and one for each of its tenants that the operator sees. Ids of
 * tenants are unique in a host. `mayRead` is the capability `runs:read`; without it the member gets a 403.
 */
export type Membership = {
  readonly workspace?: string | undefined;
  readonly tenant?: string | undefined;
  readonly mayRead: boolean;
};

/** The caller: `everything` where the host does not separate tenants (an internal tool), otherwise the caller's memberships. */
export type Viewer = 'everything' | { readonly memberships: readonly Membership[] };

/** What is visible: runs of these tenants, and runs without a tenant of these workspaces. */
export type Scope = 'everything' | { readonly tenants: readonly string[]; readonly workspaces: readonly string[] };

/** The tenant and the workspace that a request names. */
export type Target = { readonly tenantId?: string | undefined; readonly workspaceId?: string | undefined };

/** Whether a run is visible. */
export function inScope(run: Pick<Run, 'tenant' | 'workspace'>, scope: Scope): boolean {
  if (scope === 'everything') return true;
  if (run.tenant !== undefined) return scope.tenants.includes(run.tenant.id);
  return run.workspace !== undefined && scope.workspaces.includes(run.workspace.id);
}

/** Everything that the viewer is a member of, readable or not. */
export function memberScope(viewer: Viewer): Scope {
  return viewer === 'everything' ? viewer : scopeOf(viewer.memberships);
}

/** Everything that the viewer may read. */
export function readableScope(viewer: Viewer): Scope {
  return viewer === 'everything' ? viewer : scopeOf(viewer.memberships.filter(({ mayRead }) => mayRead));
}

/**
 * What the viewer may read, for a request that names a tenant, a workspace, both or none.
 *
 * Decided from memberships alone, without a look at the store: so a tenant that is not the caller's and one that does not
 * exist take the same steps and the same time.
 *
 * @throws {RequestProblem} 404 for a caller who is not a member of what is named, 403 for a member who lacks the capability.
 */
export function scopeFor(viewer: Viewer, { tenantId, workspaceId }: Target): Scope {
  if (viewer === 'everything') return viewer;
  const named = viewer.memberships.filter(
    ({ tenant, workspace }) =>
      (tenantId === undefined || tenant === tenantId) &&
      (workspaceId === undefined || workspace === workspaceId || (tenantId !== undefined && workspace === undefined)),
  );
  const anyNamed = tenantId !== undefined || workspaceId !== undefined;
  if (named.length === 0 && anyNamed) throw notFound();
  if (named.length > 0 && !named.some(({ mayRead }) => mayRead)) throw forbidden();
  return readableScope(viewer);
}

function scopeOf(memberships: readonly Membership[]): Scope {
  const tenants: string[] = [];
  const workspaces: string[] = [];
  for (const { tenant, workspace } of memberships) {
    if (tenant !== undefined) tenants.push(tenant);
    else if (workspace !== undefined) workspaces.push(workspace);
  }
  return { tenants, workspaces };
}
