// A history of runs in Parquet, judged where it is: by DuckDB, and by a Spark cluster of several workers on this machine.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { createPolicy } from '@tardy/core';
import { judgedRuns } from '@tardy/core/sql';
import { pythonWith } from '../scripts/live/python.mjs';
import { round } from './measure.mjs';
import { NOW } from './random-runs.mjs';

/** A hundred million take about 3 GB of disk. */
const ROWS = Number(process.env.LAKE_ROWS ?? '1000000');
/** Where the files are kept from one run to the next; without it they are made in a temporary folder and deleted. */
const KEPT = process.env.LAKE_FOLDER;
/** Spark takes a minute to start, and Java and Python to be there: `LAKE_SPARK=1`. */
const WITH_SPARK = process.env.LAKE_SPARK !== undefined;
/** How often each statement is run; the quickest counts. */
const REPEATS = Number(process.env.LAKE_REPEATS ?? '3');
const PER_FILE = 5_000_000;

const POLICY = createPolicy({
  version: 1,
  rules: [
    { match: { type: 'nightly-*' }, run: { late: '3h', stale: '8h' } },
    { match: { tenant: '1*' }, silence: { late: '1m30s' } },
  ],
});

const COLUMNS = {
  table: 'r',
  instants: 'timestamptz(3)',
  status: 'status',
  outcome: 'outcome',
  type: 'type',
  tenant: 'tenant_id',
  queuedAt: 'queued_at',
  startedAt: 'started_at',
  heartbeatAt: 'heartbeat_at',
  endedAt: 'ended_at',
};
const READ = ['status', 'outcome', 'type', 'tenant_id', 'queued_at', 'started_at', 'heartbeat_at', 'ended_at'];

/** 1 in 50 is active, of these 1 in 20 has been silent for up to an hour; 200 tenants, 30 days, newest last. */
const rowsFrom = (first, count) => `
  select n as id, (hash(n) % 200)::varchar as tenant_id, ['baseline_compare', 'nightly-backup', 'sync', 'report'][1 + n % 4] as type,
    case when not active then 'completed' when kind < 0.2 then 'queued' else 'running' end as status,
    case when active then 'pending' when kind < 0.02 then 'failed' else 'succeeded' end as outcome,
    began as queued_at, case when active and kind < 0.2 then null else began + interval '4 seconds' end as started_at,
    case when active and kind >= 0.2 then to_timestamp(${NOW / 1000} - silent) end as heartbeat_at,
    case when not active then began + interval '5 minutes' end as ended_at
  from (
    select n, n % 50 = 0 as active, hash(n, 1) / 18446744073709551616.0 as kind,
      case when hash(n, 2) % 20 = 0 then hash(n, 3) % 3600 else hash(n, 3) % 90 end as silent,
      to_timestamp(${NOW / 1000} - case when n % 50 = 0 then hash(n, 4) % 240 else 600 + (${ROWS} - n) * 2592000.0 / ${ROWS} end) as began
    from range(${first}, ${first + count}) numbers (n)
  ) numbered`;

/** Judging the active runs of the history in each engine, against counting the same columns of the same rows. */
export async function benchLake() {
  const folder = KEPT ?? mkdtempSync(join(tmpdir(), 'tardy-lake-'));
  try {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '4GB' });
    const connection = await instance.connect();
    await connection.run(`set timezone = 'UTC'`);
    await generate(connection, folder);
    const results = await duckdb(connection, folder);
    if (WITH_SPARK) results.push(...(await spark(folder)));
    return results;
  } finally {
    if (KEPT === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function generate(connection, folder) {
  mkdirSync(folder, { recursive: true });
  for (let first = 0; first < ROWS; first += PER_FILE) {
    const file = join(folder, `runs-${String(first).padStart(12, '0')}.parquet`);
    if (existsSync(file)) continue;
    const count = Math.min(PER_FILE, ROWS - first);
    await connection.run(`copy (${rowsFrom(first, count)}) to '${file}.part' (format parquet, row_group_size 500000)`);
    execFileSync('mv', [`${file}.part`, file]);
  }
}

/** The statements: what a check sends, and what counting takes. */
function statements(dialect, from) {
  const judged = judgedRuns(POLICY, COLUMNS, {
    dialect,
    from: `${from} r`,
    where: `r.status <> 'completed'`,
    select: { id: 'r.id', type: 'r.type', tenant_id: 'r.tenant_id' },
    now: NOW,
    verdict: ['state', 'since', 'severity'],
  });
  const counts = READ.map((name) => `count(r.${name})`).join(', ');
  return {
    count: `select count(*), ${counts} from ${from} r where r.status <> 'completed'`,
    totals: judged.totals,
    attention: judged.attention,
    'every verdict': `select tardy_state, count(*) as runs from (${judged.rows}) j group by tardy_state`,
  };
}

async function duckdb(connection, folder) {
  const times = {};
  const all = statements('duckdb', `read_parquet('${folder}/*.parquet')`);
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const [what, sql] of Object.entries(all)) {
      const read = bytesRead();
      const cpu = process.cpuUsage();
      const start = performance.now();
      const result = await connection.runAndReadAll(sql);
      const used = process.cpuUsage(cpu);
      (times[what] ??= []).push({
        ms: performance.now() - start,
        cpuMs: (used.user + used.system) / 1000,
        bytes: bytesRead() - read,
        rows: result.currentRowCount,
      });
    }
  }
  return rowsOf('DuckDB', times, sizeOf(folder));
}

async function spark(folder) {
  const bin = await pythonWith(['pyspark==4.3.0']);
  const input = join(folder, '..', `tardy-lake-${process.pid}.json`);
  writeFileSync(input, JSON.stringify({ folder, repeats: REPEATS, statements: statements('spark', 'runs') }));
  try {
    const script = fileURLToPath(new URL('lake-spark.py', import.meta.url));
    const output = execFileSync(join(bin, 'python'), [script, input], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return rowsOf('Spark', JSON.parse(output.trim().split('\n').at(-1)), sizeOf(folder));
  } finally {
    rmSync(input, { force: true });
  }
}

function rowsOf(engine, times, bytesOfFiles) {
  const best = (what) => times[what].toSorted((a, b) => a.ms - b.ms)[0];
  const floor = best('count');
  return Object.keys(times).map((what) => {
    const { ms, cpuMs, bytes, rows } = best(what);
    return {
      engine,
      what,
      runs: ROWS,
      seconds: round(ms / 1000, 1),
      cpuSeconds: round(cpuMs / 1000, 1),
      millionRunsPerSecond: round(ROWS / 1000 / ms, 1),
      megabytesRead: round(bytes / 1e6),
      ofMegabytes: round(bytesOfFiles / 1e6),
      rowsReturned: rows,
      timesTheCount: round(ms / floor.ms, 2),
    };
  });
}

function sizeOf(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** What this process has read so far, where Linux counts it. */
function bytesRead() {
  const io = '/proc/self/io';
  return existsSync(io) ? Number(/rchar: (\d+)/.exec(readFileSync(io, 'utf8'))?.[1]) : Number.NaN;
}
