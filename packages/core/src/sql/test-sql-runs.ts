import { classify } from '../classify.js';
import { formatInstant } from '../instant.js';
import type { Policy } from '../policy.js';
import type { Instant, Run } from '../run.js';
import { NOW } from '../test-runs.js';
import type { RunColumns } from './run-columns.js';
import { INSTANT_COLUMNS } from './run-columns.js';
import type { InstantColumns } from './dialects/dialect.js';
import type { TestDatabase } from './test-sql-databases.js';

/** A run that is judged at an instant of its own. */
export type Case = { readonly run: Run; readonly now: Instant };

/** Judged now, and around each instant at which the verdict turns. */
export function casesOf(run: Run, policy: Policy): Case[] {
  const nows = new Set([NOW]);
  for (const at of [NOW - 86_400_000, NOW]) {
    const { nextChangeAt, since } = classify(run, policy, at);
    for (const edge of [nextChangeAt, since]) {
      if (edge !== undefined) for (const beside of [-1, 0, 1]) nows.add(edge + beside);
    }
  }
  return [...nows].map((now) => ({ run, now }));
}

const INSTANT_TYPES = {
  timestamptz: 'timestamptz',
  'timestamptz(3)': 'timestamptz(3)',
  epoch_ms: 'bigint',
  epoch_s: 'bigint',
  text: 'text',
} as const;

/** Where the table of `createRunTable` keeps the fields. The names are as awkward as names can be. */
export function testColumns(instants: InstantColumns): RunColumns {
  return {
    table: 'r',
    instants,
    status: 'status',
    outcome: 'outcome',
    source: 'source',
    type: 'The "type"',
    workspace: 'workspace_id',
    tenant: 'tenant_id',
    labels: { sql: "r.extra -> 'labels'" },
    hold: 'hold',
    flag: 'flag',
    heartbeatInterval: 'interval',
    ...Object.fromEntries(INSTANT_COLUMNS.map((name) => [name, name])),
  };
}

/** Makes a table of runs that lives as long as the connection. */
export async function createRunTable(database: TestDatabase, table: string, instants: InstantColumns): Promise<void> {
  const times = [...INSTANT_COLUMNS, 'judgedAt'].map((name) => `"${name}" ${INSTANT_TYPES[instants]}`);
  await database.query(`create temporary table ${table} (
    place integer, status text, outcome text, source text, "The ""type""" text, workspace_id text, tenant_id text,
    extra jsonb, hold text, flag text, interval double precision, ${times.join(', ')})`);
}

/** The instants of a run, by the names of their columns. */
export function instantsOf(run: Run): Readonly<Partial<Record<(typeof INSTANT_COLUMNS)[number], Instant | undefined>>> {
  return {
    ...run,
    flagSince: run.flag?.since,
    waitsUntil: run.waitsFor?.until,
    reconciledAt: run.reconciliation?.at,
  };
}

/** Replaces the rows. Where the table has microseconds, the instants get some that must not count. */
export async function fillRunTable(
  database: TestDatabase,
  table: string,
  instants: InstantColumns,
  cases: readonly Case[],
): Promise<void> {
  const time = (at: Instant | undefined, salt: number) => {
    if (at === undefined || instants === 'epoch_ms') return at;
    if (instants === 'timestamptz(3)') return formatInstant(at);
    const micros = String((salt * 37) % 1000).padStart(3, '0');
    return new Date(at).toISOString().replace('Z', `${micros}Z`);
  };
  const rows = cases.map(({ run, now }, place) => {
    const times = instantsOf(run);
    return {
      place,
      status: run.status,
      outcome: run.outcome,
      source: run.source,
      'The "type"': run.type,
      workspace_id: run.workspace?.id,
      tenant_id: run.tenant?.id,
      extra: { labels: run.labels },
      hold: run.hold,
      flag: run.flag?.kind,
      interval: run.heartbeatInterval === undefined ? undefined : run.heartbeatInterval / 1000,
      ...Object.fromEntries(INSTANT_COLUMNS.map((name, index) => [name, time(times[name], place + index)])),
      judgedAt: instants === 'epoch_ms' ? now : formatInstant(now),
    };
  });
  await database.query(`truncate ${table}`);
  await database.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
    JSON.stringify(rows),
  ]);
}

/** An instant of SQL in milliseconds, with what is left below the millisecond. */
export function asMilliseconds(text: string, instants: InstantColumns): string {
  return instants === 'epoch_ms' ? `(${text})::text` : `(extract(epoch from ${text}) * 1000)::numeric::text`;
}
