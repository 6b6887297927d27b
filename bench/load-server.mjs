// The demo's own API over PostgreSQL with many tenants and a long history, in a process of its own. Runs send heartbeats meanwhile.
import { createPolicy } from '@tardy/core';
import { createRunApi } from '@tardy/core/server';
import { openDatabase } from '../demo/dist/database.js';
import { serve } from '../demo/dist/host-server.js';
import { inSightOf, viewerOf } from '../demo/dist/memberships.js';
import { enterPeople } from '../demo/dist/people.js';
import { hearChanges } from '../demo/dist/run-changes.js';
import { createTables } from '../demo/dist/schema.js';
import { sessions as openSessions } from '../demo/dist/sessions.js';
import { sqlRunStore } from '../demo/dist/sql-run-store.js';

const { url, tenants, rows, viewers, heartbeatsPerSecond } = JSON.parse(process.argv[2]);

/** 1 run in 500 is active, of these 1 in 20 silent for long; 1 in 50 of the others ended badly; 30 days of history. */
const FILL = [
  `insert into tenants (id, workspace_id, name) select 't' || n, 'contoso', 'Tenant ' || n from generate_series(1, ${tenants}) n`,
  `insert into operation_runs (id, workspace_id, tenant_id, type, title, status, outcome, queued_at, started_at, heartbeat_at, ended_at,
     progress)
   select 'load_' || n, 'contoso', 't' || 1 + n / 500 % ${tenants}, case n % 3 when 0 then 'tenant_backup' else 'directory_sync' end,
     'Operation ' || n, case when n % 500 > 0 then 'completed' else 'running' end,
     case when n % 500 = 0 then 'pending' when n % 50 = 1 then 'failed' else 'succeeded' end,
     at, at + interval '1 second', case when n % 500 = 0 and n % 10000 > 0 then now() else at + interval '20 seconds' end,
     case when n % 500 > 0 then at + interval '1 minute' end, '{"processed": 10, "total": 40, "unit": "policies"}'
   from (
     select n, now() - (case when n % 500 = 0 then interval '20 minutes' else interval '30 days' end) * (n::float / ${rows}) as at
     from generate_series(1, ${rows}) n
   ) numbers`,
  'vacuum analyze operation_runs',
];

const database = await openDatabase(url);
await createTables(database);
await enterPeople(database);
for (const statement of FILL) await database.query(statement);

const now = () => Date.now();
const sessions = openSessions(database, now, 3_600_000);
const onError = (error) => process.send({ error: String(error) });
const changes = await hearChanges(database, onError);
const store = sqlRunStore(database, changes);
const api = createRunApi({
  store,
  policy: createPolicy({ version: 1 }),
  now,
  basePath: '/api',
  authorize: async (request) => {
    const person = await sessions.personOf(request);
    return person === undefined ? undefined : viewerOf(await inSightOf(database, person));
  },
  onError,
});
const server = await serve(api, 0);
const cookies = [];
for (let index = 0; index < viewers; index++) cookies.push((await sessions.begin('omar')).split(';')[0]);

const ending = new AbortController();
const beating = beatOn();

async function beatOn() {
  while (!ending.signal.aborted) {
    await beat();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Some runs send a heartbeat, as their workers would; the database notifies whoever listens. */
async function beat() {
  await database.query(
    `update operation_runs set heartbeat_at = now()
     where id in (select id from operation_runs where status = 'running' and heartbeat_at > now() - interval '5 minutes'
                  order by heartbeat_at limit $1)`,
    [Math.ceil(heartbeatsPerSecond / 10)],
  );
}

async function end() {
  ending.abort();
  await beating;
  await server.close();
  await changes.stop();
  await database.close();
  process.disconnect();
}

process.on('message', (message) => {
  if (message === 'usage') {
    globalThis.gc();
    const { heapUsed, rss } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    process.send({ usage: { heapMb: heapUsed / 1e6, rssMb: rss / 1e6, cpuMs: (user + system) / 1000 } });
  } else {
    void end();
  }
});
process.send({ origin: server.origin, cookies });
