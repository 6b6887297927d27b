import type { Database } from './database.js';
import { makeSecrets } from './secrets.js';

/** The beginning of the name of the channel on which the database says that a run has changed; the schema follows. */
export const CHANGES_CHANNEL = 'runs_changed_';

/** The tables of a host with an admin product: its users, who may see what, and the operations that workers run. */
const TABLES = [
  `create table workspaces (id text primary key, name text not null)`,
  `create table tenants (
    id text primary key,
    workspace_id text not null references workspaces,
    name text not null
  )`,
  `create table users (id text primary key, name text not null, token_digest text not null unique)`,
  `create table sessions (
    token_digest text primary key,
    user_id text not null references users,
    expires_at timestamptz(3) not null
  )`,
  // The same for every server of the host.
  `create table secrets (name text primary key, value text not null)`,
  // Without a tenant: an operator of the workspace, who sees all its tenants.
  `create table members (
    user_id text not null references users,
    workspace_id text not null references workspaces,
    tenant_id text references tenants,
    role text not null,
    may_read boolean not null
  )`,
  // Ids compare byte by byte, so that pages have one order whatever the language of the server. Every `queued_at` fits into a
  // cursor.
  `create table operation_runs (
    id text collate "C" primary key,
    workspace_id text not null references workspaces,
    tenant_id text references tenants,
    type text not null,
    title text not null,
    status text not null check (status in ('queued', 'running', 'completed')),
    outcome text not null,
    hold text,
    hold_since timestamptz(3),
    queued_at timestamptz(3) not null check (queued_at >= '0001-01-01 00:00Z' and queued_at < '10000-01-01 00:00Z'),
    not_before timestamptz(3),
    started_at timestamptz(3),
    heartbeat_at timestamptz(3),
    ended_at timestamptz(3),
    deadline_at timestamptz(3),
    attempt integer not null default 1,
    progress jsonb,
    reconciliation jsonb,
    reconciled_at timestamptz(3),
    failure jsonb,
    initiator jsonb,
    url text,
    labels jsonb not null default '{}',
    input jsonb not null default '{}',
    worker text,
    changed_in xid8 not null,
    check ((reconciliation is null) = (reconciled_at is null))
  )`,
  // No writer can forget to announce that it changed a run. The number is that of its transaction: clocks of servers differ, and a
  // time that was taken before a transaction commits says nothing of when it does.
  `create function note_change() returns trigger language plpgsql as $$
   begin
     new.changed_in := pg_current_xact_id();
     perform pg_notify('${CHANGES_CHANNEL}' || tg_table_schema, '');
     return new;
   end $$`,
  `create trigger note_change before insert or update on operation_runs for each row execute function note_change()`,
  // Several servers may take orders: no two give the same number.
  `create sequence run_numbers`,
  `create index runs_by_age on operation_runs (queued_at desc, id desc)`,
  // With the status, runs are counted from the index alone.
  `create index runs_of_tenant on operation_runs (tenant_id, queued_at desc, id desc) include (status)`,
  // Few runs are active at a time, however many there are: these indexes serve the verdicts.
  `create index active_runs on operation_runs (queued_at, id) where status <> 'completed'`,
  `create index active_runs_of_tenant on operation_runs (tenant_id, queued_at, id) where status <> 'completed'`,
  // The condition is that of the compiled policy, verbatim. The other included columns let totals be counted from the index alone.
  `create index follow_ups on operation_runs (tenant_id, queued_at, id)
     include (workspace_id, status, outcome, reconciled_at, ended_at)
     where status = 'completed' and (reconciled_at is not null or outcome in ('failed', 'blocked', 'partially_succeeded'))`,
  `create index runs_by_change on operation_runs (changed_in)`,
];

/** Two workspaces: nobody in the first may see the second. */
const OWNERS = [
  `insert into workspaces (id, name) values ('contoso', 'Contoso'), ('tailspin', 'Tailspin')`,
  `insert into tenants (id, workspace_id, name) values
    ('7', 'contoso', 'Fabrikam'), ('8', 'contoso', 'Northwind'), ('9', 'tailspin', 'Wingtip')`,
];

/** Creates the tables, the workspaces and the tenants in an empty schema. */
export async function createTables(database: Database): Promise<void> {
  for (const statement of [...TABLES, ...OWNERS]) await database.query(statement);
  await makeSecrets(database);
}
