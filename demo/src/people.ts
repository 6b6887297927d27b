import { createHash, randomBytes } from 'node:crypto';
import type { Database } from './database.js';

/** What a member may do. `mayRead` is the capability `runs:read`. */
export const ROLES = {
  workspace_operator: { title: 'Workspace operator', mayRead: true },
  tenant_operator: { title: 'Tenant operator', mayRead: true },
  billing: { title: 'Billing contact', mayRead: false },
} as const;

/** The name of a role. */
export type Role = keyof typeof ROLES;

/** The users of the demo, and what each of them shows. A member without a tenant has all tenants of the workspace. */
export const PEOPLE = [
  {
    id: 'omar',
    name: 'Omar Haddad',
    shows: 'operator of the workspace Contoso: both tenants',
    workspace: 'contoso',
    tenant: null,
    role: 'workspace_operator',
  },
  {
    id: 'dana',
    name: 'Dana Okafor',
    shows: 'member of tenant 7 (Fabrikam) only',
    workspace: 'contoso',
    tenant: '7',
    role: 'tenant_operator',
  },
  {
    id: 'vera',
    name: 'Vera Lindqvist',
    shows: 'member of tenant 8 who may not read runs: 403',
    workspace: 'contoso',
    tenant: '8',
    role: 'billing',
  },
  {
    id: 'tess',
    name: 'Tess Moreau',
    shows: 'member of tenant 9 in the other workspace',
    workspace: 'tailspin',
    tenant: '9',
    role: 'tenant_operator',
  },
] as const satisfies readonly {
  readonly role: Role;
  readonly tenant: string | null;
  readonly [name: string]: string | null;
}[];

/** The id of a user in `PEOPLE`. */
export type Person = (typeof PEOPLE)[number]['id'];

/** Whether this is the id of a user of the demo. */
export function isPerson(id: unknown): id is Person {
  return PEOPLE.some((person) => person.id === id);
}

/** Enters everybody, and gives each a token that is new at every start; the database keeps only digests. */
export async function enterPeople(database: Database): Promise<Readonly<Record<Person, string>>> {
  const tokens = { omar: newToken(), dana: newToken(), vera: newToken(), tess: newToken() };
  for (const { id, name, workspace, tenant, role } of PEOPLE) {
    await database.query('insert into users (id, name, token_digest) values ($1, $2, $3)', [
      id,
      name,
      digestOf(tokens[id]),
    ]);
    await database.query(
      'insert into members (user_id, workspace_id, tenant_id, role, may_read) values ($1, $2, $3, $4, $5)',
      [id, workspace, tenant, role, ROLES[role].mayRead],
    );
  }
  return tokens;
}

/** The user of a token; `undefined` for an unknown one. */
export async function bearerOf(database: Database, token: string): Promise<string | undefined> {
  const [user] = await database.query('select id from users where token_digest = $1', [digestOf(token)]);
  return user === undefined ? undefined : String(user['id']);
}

/** A secret that cannot be guessed. */
export function newToken(): string {
  return randomBytes(18).toString('base64url');
}

/** The digest of a secret, which is all that the database keeps of it. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
