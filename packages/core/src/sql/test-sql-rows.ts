import type { Instant, Run } from '../run.js';
import { sqlDialect } from './dialects/index.js';
import { INSTANT_COLUMNS, type RunColumns } from './run-columns.js';
import type { TestDatabase } from './test-sql-databases.js';
import { valueText, type TestEngine } from './test-sql-engines.js';
import { instantsOf, type Case } from './test-sql-runs.js';

/** Where the table of `createRows` keeps the fields. The name of one is as awkward as a name can be. */
export function engineColumns(instants: RunColumns['instants']): RunColumns {
  return {
    table: 'r',
    instants,
    status: 'status',
    outcome: 'outcome',
    source: 'source',
    type: 'The "type"',
    workspace: 'workspace_id',
    tenant: 'tenant_id',
    labels: 'labels',
    hold: 'hold',
    flag: 'flag',
    heartbeatInterval: 'seconds',
    ...Object.fromEntries(INSTANT_COLUMNS.map((name) => [name, name])),
  };
}

/** The run with each of its instants changed. */
export function withInstants(run: Run, change: (at: Instant) => Instant): Run {
  const changed = (at: Instant | undefined) => (at === undefined ? undefined : change(at));
  const { flag, waitsFor, reconciliation } = run;
  return {
    ...run,
    holdSince: changed(run.holdSince),
    queuedAt: changed(run.queuedAt),
    notBefore: changed(run.notBefore),
    startedAt: changed(run.startedAt),
    phaseAt: changed(run.phaseAt),
    heartbeatAt: changed(run.heartbeatAt),
    endedAt: changed(run.endedAt),
    deadlineAt: changed(run.deadlineAt),
    flag: flag && { ...flag, since: changed(flag.since) },
    waitsFor: waitsFor && { ...waitsFor, until: changed(waitsFor.until) },
    reconciliation: reconciliation && { ...reconciliation, at: change(reconciliation.at) },
  };
}

/** Makes the table `tardy_runs` of these runs, with the instant that each is judged at, in epoch milliseconds. */
export async function createRows(
  database: Pick<TestDatabase, 'query'>,
  engine: TestEngine,
  { type, literal }: TestEngine['instants'][number],
  cases: readonly Case[],
): Promise<void> {
  const { text, json, number, integer } = engine.types;
  const { identifier } = sqlDialect(engine.dialect);
  const columns = Object.fromEntries(
    [
      ['place', integer],
      ...['status', 'outcome', 'source', 'The "type"', 'workspace_id', 'tenant_id'].map((name) => [name, text]),
      ['labels', json],
      ['hold', text],
      ['flag', text],
      ['seconds', number],
      ...INSTANT_COLUMNS.map((name) => [name, type]),
      ['judged_at', 'bigint'],
    ].map(([name = '', type = '']) => [identifier(name), type]),
  );
  const micros = (salt: number) => String((salt * 37) % 1000).padStart(3, '0');
  const value = (one: string | number | undefined) => valueText(engine, one);
  const rows = cases.map(({ run, now }, place) => {
    const times = instantsOf(run);
    return [
      String(place),
      ...[run.status, run.outcome, run.source, run.type, run.workspace?.id, run.tenant?.id].map(value),
      value(JSON.stringify(run.labels)),
      value(run.hold),
      value(run.flag?.kind),
      value(run.heartbeatInterval === undefined ? undefined : run.heartbeatInterval / 1000),
      ...INSTANT_COLUMNS.map((name, index) => {
        const at = times[name];
        return at === undefined ? 'null' : literal(at, micros(place + index));
      }),
      String(now),
    ];
  });
  for (const statement of engine.fill('tardy_runs', columns, rows)) await database.query(statement);
}
