import { existsSync, readFileSync } from 'node:fs';
import { createPolicy } from '@tardy/core';
import { compilePolicy, judgedRuns } from '@tardy/core/sql';
import pg from 'pg';
import { round } from './measure.mjs';
import { NOW } from './random-runs.mjs';
import { withPostgres } from './with-postgres.mjs';

/** Rows of each round; SQL_ROWS overrides them. Ten million take about 4 GB of disk and some minutes. */
const ROWS = (process.env.SQL_ROWS ?? '1000000').split(',').map(Number);
/** How often each query is sent; SQL_TIMES overrides it. */
const TIMES = Number(process.env.SQL_TIMES ?? '100');

const SETTINGS = {
  shared_buffers: '2GB',
  work_mem: '64MB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  synchronous_commit: 'off',
};

const TABLE = [
  'drop table if exists runs',
  `create table runs (
    id text collate "C" primary key, tenant_id text not null, type text not null, status text not null, outcome text not null,
    hold text, hold_since timestamptz(3), queued_at timestamptz(3) not null, started_at timestamptz(3), heartbeat_at timestamptz(3),
    ended_at timestamptz(3), deadline_at timestamptz(3), reconciled_at timestamptz(3), labels jsonb not null
  )`,
];
const INDEXES = [
  `create index active_runs on runs (queued_at, id) where status <> 'completed'`,
  `create index active_runs_of_tenant on runs (tenant_id, queued_at, id) where status <> 'completed'`,
  `create index follow_ups on runs (tenant_id, queued_at, id) include (status, outcome, reconciled_at, ended_at)
     where status = 'completed' and (reconciled_at is not null or outcome in ('failed', 'blocked', 'partially_succeeded'))`,
];

/** With every column that is judged, so that no page of the table is read. */
const COVERING = `create index active_runs_judged on runs (queued_at, id)
  include (tenant_id, type, status, outcome, hold, hold_since, started_at, heartbeat_at, ended_at, deadline_at, reconciled_at, labels)
  where status <> 'completed'`;

/** 1 in 50 is active (a twentieth of these late or stuck), 1 in 50 of the others needs a follow-up; 200 tenants, 30 days. */
const FILL = `
  insert into runs
  select 'op_' || lpad(n::text, 9, '0'), (random() * 199)::int::text, (array['baseline_compare', 'nightly-backup', 'sync', 'report'])[1 + n % 4],
    case when not active then 'completed' when kind < 0.2 then 'queued' else 'running' end,
    case when active then 'pending' when kind < 0.02 then 'failed' else 'succeeded' end,
    case when active and kind > 0.95 then 'approval' end, case when active and kind > 0.95 then at end,
    at, at + interval '4 seconds', case when active then $1::timestamptz - silent * interval '1 second' end,
    case when not active then at + interval '5 minutes' end, null, case when not active and kind < 0.002 then at + interval '5 minutes' end,
    '{"env": "prod"}'
  from (
    select n, active, random() as kind, case when random() < 0.05 then random() * 3600 else random() * 90 end as silent,
      $1::timestamptz - random() * (case when active then interval '4 minutes' else interval '30 days' end) as at
    from (select n, n % 50 = 0 as active from generate_series(1, $2::int) n) numbers
  ) rows`;

const COLUMNS = {
  table: 'r',
  instants: 'timestamptz(3)',
  status: 'status',
  outcome: 'outcome',
  type: 'type',
  tenant: 'tenant_id',
  labels: 'labels',
  hold: 'hold',
  holdSince: 'hold_since',
  queuedAt: 'queued_at',
  startedAt: 'started_at',
  heartbeatAt: 'heartbeat_at',
  endedAt: 'ended_at',
  deadlineAt: 'deadline_at',
  reconciledAt: 'reconciled_at',
};

const POLICY = createPolicy({
  version: 1,
  rules: [
    { match: { type: 'nightly-*' }, run: { late: '3h', stale: '8h' } },
    { match: { 'labels.env': 'prod', tenant: '1*' }, silence: { late: '1m30s' } },
  ],
});

/** The attention list and the summary in PostgreSQL, each against counting the same range of the same index without a verdict. */
export async function benchSql() {
  return withPostgres(SETTINGS, async (url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const results = [];
      for (const rows of ROWS) results.push(...(await measure(client, rows)));
      return results;
    } finally {
      await client.end();
    }
  });
}

async function measure(client, rows) {
  const now = new Date(NOW).toISOString();
  for (const statement of TABLE) await client.query(statement);
  await client.query('select setseed(0.5)');
  await client.query(FILL, [now, rows]);
  for (const statement of INDEXES) await client.query(statement);
  await client.query('vacuum analyze runs');

  const verdict = compilePolicy(POLICY, COLUMNS, { now: '$1' });
  const { isOfClass, lateral, worstFirst } = verdict;
  const judgedCounts = ['fresh', 'late', 'likely_stale', 'unknown']
    .map((state) => `count(*) filter (where verdict.state = '${state}') as ${state}`)
    .join(', ');
  const active = `from runs r where r.status <> 'completed'`;
  const list = (more) =>
    `select r.*, verdict.state, verdict.since from runs r cross join ${lateral}
     where r.status <> 'completed' and verdict.problem_class = 'active_stale_attention' ${more}
     order by ${worstFirst}, r.id limit 100`;
  const followUps = `from runs r where ${isOfClass.terminal_follow_up}`;
  // What a check of the table sends when the database judges.
  const pushed = judgedRuns(POLICY, COLUMNS, {
    dialect: 'postgresql',
    from: 'runs r',
    where: `r.status <> 'completed'`,
    select: {
      id: 'r.id',
      type: 'r.type',
      tenant_id: 'r.tenant_id',
      queued_at: 'r.queued_at',
      started_at: 'r.started_at',
    },
    now: NOW,
    verdict: ['state', 'since', 'severity'],
  });
  const cases = [
    ['pushed down: what needs attention', pushed.attention, `select count(*) ${active}`],
    ['pushed down: totals by state', pushed.totals, `select count(*) ${active}`],
    [
      'pushed down, against the columns',
      pushed.attention,
      `select count(*), count(r.started_at), count(r.heartbeat_at), count(r.hold) ${active}`,
    ],
    ['attention list, all tenants', list(''), `select count(*) ${active}`],
    ['attention list, one tenant', list(`and r.tenant_id = '17'`), `select count(*) ${active} and r.tenant_id = '17'`],
    [
      'summary by tenant',
      `select r.tenant_id, ${judgedCounts}, 0 as follow_up from runs r cross join ${lateral} where r.status <> 'completed' group by 1
       union all select r.tenant_id, 0, 0, 0, 0, count(*) ${followUps} group by 1`,
      `select (select count(*) ${active}), (select count(*) ${followUps})`,
    ],
    [
      'summary of one tenant',
      `select r.tenant_id, ${judgedCounts}, 0 as follow_up from runs r cross join ${lateral}
       where r.status <> 'completed' and r.tenant_id = '17' group by 1
       union all select r.tenant_id, 0, 0, 0, 0, count(*) ${followUps} and r.tenant_id = '17' group by 1`,
      `select (select count(*) ${active} and r.tenant_id = '17'), (select count(*) ${followUps} and r.tenant_id = '17')`,
    ],
  ];
  const results = await measureCases(client, rows, cases);
  await client.query(COVERING);
  await client.query('vacuum analyze runs');
  const covered = cases.slice(0, 3).map(([what, ...statements]) => [`${what}, covering index`, ...statements]);
  return [...results, ...(await measureCases(client, rows, covered))];
}

async function measureCases(client, rows, cases) {
  const now = new Date(NOW).toISOString();
  const results = [];
  for (const [what, sql, floorSql] of cases) {
    const ours = await timed(client, sql, sql.includes('$1') ? [now] : []);
    const floor = await timed(client, floorSql, []);
    results.push({
      what,
      runs: rows,
      p50Ms: round(ours.p50),
      p99Ms: round(ours.p99),
      floorP50Ms: round(floor.p50),
      timesTheFloor: round(ours.p50 / floor.p50, 1),
      cpuMs: round(ours.cpu),
      floorCpuMs: round(floor.cpu),
      cpuTimesTheFloor: round(ours.cpu / floor.cpu, 1),
    });
  }
  return results;
}

/** Each query as a server would send it, one after another; some rounds first to fill the caches. */
async function timed(client, text, values) {
  const times = [];
  const { pid } = (await client.query('select pg_backend_pid() as pid')).rows[0];
  let cpu = 0;
  for (let round = -5; round < TIMES; round++) {
    if (round === 0) cpu = cpuMsOf(pid);
    const start = performance.now();
    await client.query(text, values);
    if (round >= 0) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return {
    p50: times[Math.floor(TIMES * 0.5)],
    p99: times[Math.floor(TIMES * 0.99)],
    cpu: (cpuMsOf(pid) - cpu) / TIMES,
  };
}

/** The CPU time of a process in milliseconds, to 10 ms, where Linux says it: the measure that other work on the machine disturbs least. */
function cpuMsOf(pid) {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  const fields = readFileSync(file, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
