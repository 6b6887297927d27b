import { createHash, randomBytes } from 'node:crypto';
import type { Membership, Viewer } from '@tardy/core/server';
import type { Database } from './database.js';

/** Who can look at the demo, and what each is there to show. */
export const PEOPLE = [
  {
    id: 'omar',
    shows: 'operator of the workspace Contoso: both tenants',
    workspace: 'contoso',
    tenant: null,
    mayRead: true,
  },
  { id: 'dana', shows: 'member of tenant 7 (Fabrikam) only', workspace: 'contoso', tenant: '7', mayRead: true },
  {
    id: 'vera',
    shows: 'member of tenant 8 who may not read runs: 403',
    workspace: 'contoso',
    tenant: '8',
    mayRead: false,
  },
  { id: 'tess', shows: 'member of tenant 9 in the other workspace', workspace: 'tailspin', tenant: '9', mayRead: true },
] as const;

/** Somebody of `PEOPLE`. */
export type Person = (typeof PEOPLE)[number]['id'];

/** Enters everybody, and gives each a token that is made anew at every start; the database keeps digests only. */
export async function enterPeople(database: Database): Promise<Readonly<Record<Person, string>>> {
  const tokens = { omar: newToken(), dana: newToken(), vera: newToken(), tess: newToken() };
  for (const { id, workspace, tenant, mayRead } of PEOPLE) {
    await database.query('insert into users (id, token_digest) values ($1, $2)', [id, digestOf(tokens[id])]);
    await database.query('insert into members (user_id, workspace_id, tenant_id, may_read) values ($1, $2, $3, $4)', [
      id,
      workspace,
      tenant,
      mayRead,
    ]);
  }
  return tokens;
}

/** Whose token a request bears; `undefined` for nobody's. */
async function personOf(database: Database, request: Request): Promise<string | undefined> {
  const token = /^Bearer (\S{1,200})$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  if (token === undefined) return undefined;
  const [user] = await database.query('select id from users where token_digest = $1', [digestOf(token)]);
  return user === undefined ? undefined : String(user['id']);
}

/** What the bearer of a request is a member of: an operator's workspace counts with each of its tenants. */
export async function viewerOf(database: Database, request: Request): Promise<Viewer | undefined> {
  const person = await personOf(database, request);
  if (person === undefined) return undefined;
  const rows = await database.query(
    `select workspace_id, tenant_id, may_read from members where user_id = $1
     union
     select t.workspace_id, t.id, m.may_read from members m join tenants t using (workspace_id)
     where m.user_id = $1 and m.tenant_id is null
     order by 1, 2`,
    [person],
  );
  const memberships = rows.map(({ workspace_id: workspace, tenant_id: tenant, may_read: mayRead }): Membership => ({
    workspace: String(workspace),
    tenant: typeof tenant === 'string' ? tenant : undefined,
    mayRead: mayRead === true,
  }));
  return { memberships };
}

function newToken(): string {
  return randomBytes(18).toString('base64url');
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
