import type { Membership, Viewer } from '@tardy/core/server';
import type { Database } from './database.js';
import { ROLES, type Role } from './people.js';

/** A tenant that a user is a member of. */
export type TenantInSight = {
  readonly id: string;
  readonly name: string;
  readonly workspace: string;
  readonly workspaceName: string;
  readonly mayRead: boolean;
};

/** A workspace that a user operates. */
export type WorkspaceInSight = { readonly id: string; readonly name: string; readonly mayRead: boolean };

/** Everything that a user is a member of: for an operator the workspace and each of its tenants. */
export type InSight = { readonly workspaces: readonly WorkspaceInSight[]; readonly tenants: readonly TenantInSight[] };

/** A member, as on a page. */
export type Member = { readonly name: string; readonly role: string; readonly mayRead: boolean; readonly of: string };

/** What a user is a member of. The same query for every user, and a single row, since every request needs it. */
export async function inSightOf(database: Database, user: string): Promise<InSight> {
  const [row] = await database.query(
    `select
       (select json_agg(json_build_object('id', w.id, 'name', w.name, 'mayRead', m.may_read) order by w.id)
        from members m join workspaces w on w.id = m.workspace_id
        where m.user_id = $1 and m.tenant_id is null) as workspaces,
       (select json_agg(t order by t.id) from (
          select t.id, t.name, w.id as workspace, w.name as "workspaceName", bool_or(m.may_read) as "mayRead"
          from members m join tenants t on t.workspace_id = m.workspace_id and (m.tenant_id is null or m.tenant_id = t.id)
          join workspaces w on w.id = t.workspace_id
          where m.user_id = $1 group by t.id, t.name, w.id, w.name
        ) t) as tenants`,
    [user],
  );
  return {
    workspaces: (row?.['workspaces'] ?? []) as readonly WorkspaceInSight[],
    tenants: (row?.['tenants'] ?? []) as readonly TenantInSight[],
  };
}

/** The same, as the run API takes it. */
export function viewerOf({ workspaces, tenants }: InSight): Viewer {
  const memberships: Membership[] = [
    ...workspaces.map(({ id, mayRead }) => ({ workspace: id, mayRead })),
    ...tenants.map(({ id, workspace, mayRead }) => ({ workspace, tenant: id, mayRead })),
  ];
  return { memberships };
}

/** Who is a member of a tenant, those of its workspace included. */
export async function membersOf(database: Database, tenant: string): Promise<readonly Member[]> {
  const rows = await database.query(
    `select u.name, m.role, m.may_read, coalesce(mt.name, w.name) as of
     from tenants t
     join members m on m.workspace_id = t.workspace_id and (m.tenant_id is null or m.tenant_id = t.id)
     join users u on u.id = m.user_id join workspaces w on w.id = m.workspace_id
     left join tenants mt on mt.id = m.tenant_id
     where t.id = $1 order by u.name`,
    [tenant],
  );
  return rows.map(({ name, role, may_read: mayRead, of }) => ({
    name: String(name),
    role: ROLES[role as Role].title,
    mayRead: mayRead === true,
    of: String(of),
  }));
}
