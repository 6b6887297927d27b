import { isObject, listOf } from '../reading/body.js';
import { SourceError, type SourceFetch } from '../source.js';
import { ENGINE_TEXT, engineOf, type Engine } from './engine.js';
import { sqlRequest } from './reading/query.js';

/** A table that looks like runs: the config that describes it, in YAML, and its name. */
export type Proposal = { readonly table: string; readonly yaml: string };

/** What the columns of runs are called, the likeliest first. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'uuid', 'run_id', 'job_id'],
  type: ['type', 'operation', 'operation_type', 'kind', 'job_class', 'job_name', 'task_name', 'class_name', 'name'],
  status: ['status', 'state'],
  outcome: ['outcome', 'result'],
  queued_at: ['queued_at', 'enqueued_at', 'created_at', 'inserted_at', 'create_time'],
  started_at: ['started_at', 'start_time', 'begun_at', 'started_on'],
  heartbeat_at: ['heartbeat_at', 'last_heartbeat_at', 'last_heartbeat', 'last_seen_at'],
  ended_at: ['ended_at', 'completed_at', 'finished_at', 'end_time', 'completed_on'],
  attempt: ['attempt', 'attempts'],
  tenant: ['tenant_id', 'account_id', 'organization_id', 'team_id'],
  workspace: ['workspace_id'],
};

/** What statuses usually mean. */
const MEANINGS: Readonly<Record<string, readonly string[]>> = {
  queued: ['queued', 'pending', 'waiting', 'created', 'scheduled', 'enqueued', 'new'],
  running: ['running', 'processing', 'in_progress', 'active', 'started', 'executing', 'working'],
  succeeded: ['succeeded', 'success', 'completed', 'complete', 'done', 'finished', 'ok'],
  failed: ['failed', 'failure', 'error', 'errored'],
  cancelled: ['cancelled', 'canceled', 'aborted', 'stopped'],
};

/** How many statuses are looked at: a column with more is none of statuses. */
const MOST_STATUSES = 30;

/** The first table that looks like runs: it has an id, a status, and times at which something started or ended. */
export async function proposeMapping(address: string, fetch: SourceFetch): Promise<Proposal | undefined> {
  const engine = engineOf(address);
  if (engine === undefined) return undefined;
  for (const [table, columns] of await tablesIn(engine, address, fetch)) {
    const fields = fieldsOf(columns);
    const { id, status, started_at: started, ended_at: ended } = fields;
    if (id === undefined || status === undefined || (started === undefined && ended === undefined)) continue;
    const words = await statusesIn(engine, address, table, status, fetch);
    if (words !== undefined) return { table, yaml: yamlOf(address, table, fields, words, columns) };
  }
  return undefined;
}

const COLUMNS: Readonly<Record<Engine, string>> = {
  postgres: `select table_schema as table_schema, table_name as table_name, column_name as column_name
from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2, ordinal_position`,
  mysql: `select null as table_schema, table_name as table_name, column_name as column_name
from information_schema.columns where table_schema = database() order by table_name, ordinal_position`,
  sqlite: `select null as table_schema, m.name as table_name, c.name as column_name
from sqlite_master m join pragma_table_info(m.name) c where m.type in ('table', 'view') order by m.name, c.cid`,
  duckdb: `select table_schema, table_name, column_name
from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2, ordinal_position`,
};

async function tablesIn(
  engine: Engine,
  address: string,
  fetch: SourceFetch,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = new Map<string, string[]>();
  for (const row of listOf(await fetch(sqlRequest(address, COLUMNS[engine])), 'rows', 'a database')) {
    const { table_schema: schema, table_name: name, column_name: column } = isObject(row) ? row : {};
    if (typeof name !== 'string' || typeof column !== 'string') {
      throw new SourceError('shape', 'The catalogue of the database sent a column without a name.');
    }
    const table = typeof schema === 'string' && schema !== 'public' && schema !== 'main' ? `${schema}.${name}` : name;
    tables.set(table, [...(tables.get(table) ?? []), column]);
  }
  return tables;
}

function fieldsOf(columns: readonly string[]): Readonly<Record<string, string | undefined>> {
  // `startedAt` and `started_at` are the same name.
  const plain = new Map(columns.map((column) => [column.replaceAll('_', '').toLowerCase(), column]));
  return Object.fromEntries(
    Object.entries(NAMES).map(([field, names]) => [
      field,
      names.map((name) => plain.get(name.replaceAll('_', ''))).find((column) => column !== undefined),
    ]),
  );
}

/** The statuses that the table has; `undefined` if they are too many, or cannot be read. */
async function statusesIn(
  engine: Engine,
  address: string,
  table: string,
  column: string,
  fetch: SourceFetch,
): Promise<readonly string[] | undefined> {
  const { identifier, asText } = ENGINE_TEXT[engine];
  const from = table.split('.').map(identifier).join('.');
  const sql = `select distinct ${asText(identifier(column))} as word from ${from} limit ${MOST_STATUSES + 1}`;
  try {
    const rows = listOf(await fetch(sqlRequest(address, sql)), 'rows', 'a database');
    const words = rows.flatMap((row) => (isObject(row) && typeof row['word'] === 'string' ? [row['word']] : []));
    return rows.length > MOST_STATUSES ? undefined : [...words].sort();
  } catch (error) {
    if (error instanceof SourceError && (error.code === 'forbidden' || error.code === 'shape')) return undefined;
    throw error;
  }
}

function yamlOf(
  address: string,
  table: string,
  fields: Readonly<Record<string, string | undefined>>,
  words: readonly string[],
  columns: readonly string[],
): string {
  const { type, heartbeat_at: heartbeat, ...others } = fields;
  const known = Object.entries(others).flatMap(([field, column]) =>
    column === undefined ? [] : [`      ${field}: ${column}`],
  );
  const updated = columns.find((column) => /^updated_?at$/i.test(column));
  const pulse =
    heartbeat !== undefined
      ? `      heartbeat_at: ${heartbeat}`
      : `      # heartbeat_at: ${updated ?? '…'} # only if a live worker writes it every few minutes`;
  return [
    'sources:',
    '  runs:',
    '    kind: sql',
    `    url: ${address}`,
    '    # password: ${env:DB_PASSWORD}',
    `    table: ${table}`,
    '    fields:',
    type === undefined ? '      type: "\'run\'" # which column says what kind of work it is?' : `      type: ${type}`,
    ...known,
    pulse,
    '    statuses:',
    ...words.map((word) => statusLine(word, fields['outcome'] !== undefined)),
    '    # zone: UTC # what times without a zone are in, if there are any',
  ].join('\n');
}

function statusLine(word: string, hasOutcome: boolean): string {
  const plain = word.toLowerCase().replaceAll(/[\s-]/g, '_');
  const [meaning] = Object.entries(MEANINGS).find(([, words]) => words.includes(plain)) ?? [];
  const key = /^[A-Za-z_][\w-]*$/.test(word) ? word : JSON.stringify(word);
  if (meaning === undefined)
    return `      # ${key}: … # what does it mean? queued, running, succeeded, failed, cancelled`;
  return `      ${key}: ${meaning === 'succeeded' && hasOutcome ? 'completed' : meaning}`;
}
