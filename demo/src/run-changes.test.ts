import { setTimeout as rest } from 'node:timers/promises';
import type { StoreEvent } from '@tardy/core/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from './api-client.js';
import type { Database } from './database.js';
import { hearChanges, type RunChanges } from './run-changes.js';
import { runDesk, type RunDesk } from './run-desk.js';
import { createTables } from './schema.js';
import { placeSeal } from './sealed-place.js';
import { testDatabases } from './test-databases.js';

/** A client of the event stream: leaves and resumes as a browser does. */
type Client = { readonly heard: StoreEvent[]; readonly leave: () => string | undefined };

function join(changes: RunChanges, after?: string): Client {
  const heard: StoreEvent[] = [];
  const stop = changes.subscribe((event) => heard.push(event), after);
  return {
    heard,
    leave() {
      stop();
      return heard.at(-1)?.at ?? after;
    },
  };
}

/** The events in short: a run with its status, or the kind of an event about no run. */
function told({ heard }: Client): string[] {
  return heard.map((event) =>
    event.kind === 'run' || event.kind === 'gone' ? `${event.run.id} ${event.run.status}` : event.kind,
  );
}

describe.each(testDatabases())('changes of runs in $name', ({ name, open }) => {
  let database: Database;
  let changes: RunChanges;
  let desk: RunDesk;
  const errors: unknown[] = [];

  beforeAll(async () => {
    database = await open();
    await createTables(database);
    changes = await hearChanges(database, (error) => errors.push(error));
    desk = deskWithClock(0);
  }, 60_000);
  beforeEach(async () => {
    await database.query('delete from operation_runs');
  });
  afterAll(async () => {
    await changes.stop();
    await database.close();
  });

  function deskWithClock(aheadMs: number): RunDesk {
    return runDesk(
      database,
      () => Date.now() + aheadMs,
      (id) => `/runs/${id}`,
    );
  }

  const order = (at = desk) =>
    at.order({
      workspace: 'contoso',
      tenant: '7',
      type: 'directory_sync',
      title: 'Sync',
      by: 'dana',
      input: { folder: '/nowhere', restMs: 1 },
    });
  /** What a client gets on return, up to the place; the next read may repeat some of it. */
  const toldOnReturn = async (place: string | undefined) => {
    const client = join(changes, place);
    await until('the place', async () => told(client).includes('place'), 20_000);
    const next = client.heard.find(({ kind }) => kind === 'place')?.at;
    client.leave();
    return { told: told(client).slice(0, told(client).indexOf('place') + 1), next };
  };
  const untilTold = (client: Client, what: string) => until(what, async () => told(client).includes(what), 20_000);

  it('are reported with the complete run, in the order in which they were made', async () => {
    const client = join(changes);
    const id = await order();
    await untilTold(client, `${id} queued`);
    await desk.claim('worker-1');
    await untilTold(client, `${id} running`);
    await desk.progress('worker-1', id, { processed: 1, total: 2 });
    await desk.finish('worker-1', id, { outcome: 'succeeded' });
    await untilTold(client, `${id} completed`);
    client.leave();
    await order();
    expect(told(client)[0]).toBe('place');
    expect(told(client).at(-1)).toBe(`${id} completed`);
    expect([...new Set(told(client).slice(1))]).toEqual([`${id} queued`, `${id} running`, `${id} completed`]);
  });

  it('are reported whoever wrote them, with whatever SQL', async () => {
    const id = await order();
    const client = join(changes);
    await database.query(`update operation_runs set status = 'completed', outcome = 'failed' where id = $1`, [id]);
    await untilTold(client, `${id} completed`);
    expect(told(client)[0]).toBe('place');
    client.leave();
  });

  it('are reported to who resumes, and only those that were missed', async () => {
    const client = join(changes);
    const seen = await order();
    await untilTold(client, `${seen} queued`);
    const place = client.leave();
    const missed = await order();
    const again = await toldOnReturn(place);
    expect(again.told).toEqual([`${missed} queued`, 'place']);
    expect((await toldOnReturn(again.next)).told).toEqual(['place']);
  });

  it('are reported to a client that left before the first one', async () => {
    const place = join(changes).leave();
    const missed = await order();
    expect((await toldOnReturn(place)).told).toContain(`${missed} queued`);
  });

  it('are reported to a client that left in the middle of a batch', async () => {
    const client = join(changes);
    await database.query(
      `insert into operation_runs (id, workspace_id, tenant_id, type, title, status, outcome, queued_at)
       select 'batch_' || n, 'contoso', '7', 'x', 'x', 'queued', 'pending', now() from generate_series(1, 5) n`,
    );
    await untilTold(client, 'batch_5 queued');
    client.leave();
    const events = client.heard.filter(({ kind }) => kind === 'run');
    expect(events).toHaveLength(5);
    for (const [index, { at }] of events.entries()) {
      const missed = events.slice(index + 1).map((event) => (event.kind === 'run' ? `${event.run.id} queued` : ''));
      expect((await toldOnReturn(at)).told).toEqual(expect.arrayContaining(missed));
    }
  });

  it('are lost by no difference between the clocks of two servers', async () => {
    const ahead = deskWithClock(20_000);
    const client = join(changes);
    const first = await order(ahead);
    await untilTold(client, `${first} queued`);
    const place = client.leave();
    const missed = await order();
    expect((await toldOnReturn(place)).told).toEqual([`${missed} queued`, 'place']);
  });

  // The embedded database has one connection: nothing in it commits late.
  it.skipIf(name === 'PGlite').each([
    {
      what: 'that waits for a lock',
      start: async (id: string) => {
        const locked = database.query(
          `with locked as materialized (select id from operation_runs where id = $1 for update) select pg_sleep(1.5) from locked`,
          [id],
        );
        await rest(200);
        const finished = desk.finish('worker-1', id, { outcome: 'succeeded' });
        return () => Promise.all([locked, finished]);
      },
    },
    {
      what: 'that takes its number long before it commits',
      start: async (id: string) => {
        const slow = database.query(
          `with begun as materialized (select pg_current_xact_id()), slept as materialized (select pg_sleep(1.5) from begun)
           update operation_runs set status = 'completed', outcome = 'succeeded' from slept where id = $1`,
          [id],
        );
        await rest(200);
        return () => slow;
      },
    },
  ])('are not lost with a write $what', async ({ start }) => {
    const slow = await order();
    await desk.claim('worker-1');
    const client = join(changes);
    const written = await start(slow);
    const later = await order();
    await untilTold(client, `${later} queued`);
    expect(told(client)).not.toContain(`${slow} completed`);
    const place = client.leave();
    await written();
    expect((await toldOnReturn(place)).told).toContain(`${slow} completed`);
  });

  it('reach a client that leaves after every event, whatever the order of commits', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `op_${index}`);
    await database.query(
      `insert into operation_runs (id, workspace_id, tenant_id, type, title, status, outcome, queued_at)
       select id, 'contoso', '7', 'x', '0', 'queued', 'pending', now() from unnest($1::text[]) id`,
      [ids],
    );
    const known = new Map<string, string>();
    let place = join(changes).leave();
    let isWriting = true;
    const listening = (async () => {
      for (let isLast = false; !isLast;) {
        isLast = !isWriting;
        const client = join(changes, place);
        await until('the place', async () => told(client).includes('place'), 20_000);
        // It keeps the first event only: the connection broke.
        const kept = isLast ? client.heard : client.heard.slice(0, 1);
        client.leave();
        for (const event of kept) if (event.kind === 'run') known.set(event.run.id, event.run.title);
        expect(kept.some(({ kind }) => kind === 'reset')).toBe(false);
        place = kept.at(-1)?.at;
      }
    })();
    const pauses = [0.03, 0, 0.05, 0.01, 0.08, 0, 0.02];
    await Promise.all(
      Array.from({ length: 4 }, async (_, writer) => {
        for (let round = 1; round <= 15; round++) {
          const id = ids[(writer * 3 + round * 5) % ids.length];
          const pause = pauses[(writer + round * writer) % pauses.length];
          await database.query(
            `with begun as materialized (select pg_current_xact_id()), slept as materialized (select pg_sleep($2) from begun)
             update operation_runs set title = $3 from slept where id = $1`,
            [id, pause, `${writer}.${round}`],
          );
        }
      }),
    );
    isWriting = false;
    await listening;
    const rows = await database.query(`select id, title from operation_runs where title <> '0'`);
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.map(({ id }) => [id, known.get(String(id))])).toEqual(rows.map(({ id, title }) => [id, title]));
  }, 30_000);

  it.each([
    { what: 'that is no place', place: 'nonsense' },
    { what: 'of a host with another secret', place: placeSeal('another').seal('10:10:') },
    { what: 'as they were before', place: '1795435200000' },
  ])('begin with a reset after a place $what', async ({ place }) => {
    const client = join(changes, place);
    await untilTold(client, 'reset');
    const id = await order();
    await untilTold(client, `${id} queued`);
    expect(told(client)[0]).toBe('reset');
    client.leave();
  });

  it.each([
    { count: 1000, first: 'n_1 queued' },
    { count: 1001, first: 'reset' },
  ])('begin with $first where $count were missed', async ({ count, first }) => {
    const place = join(changes).leave();
    await database.query(
      `insert into operation_runs (id, workspace_id, tenant_id, type, title, status, outcome, queued_at)
       select 'n_' || n, 'contoso', '7', 'x', 'x', 'queued', 'pending', now() from generate_series(1, $1::int) n`,
      [count],
    );
    expect((await toldOnReturn(place)).told[0]).toBe(first);
  });

  it('are not reported to a client that left before they were read', async () => {
    const place = join(changes).leave();
    await order();
    const gone = join(changes, place);
    gone.leave();
    const id = await order();
    const client = join(changes, place);
    await untilTold(client, `${id} queued`);
    expect(told(gone)).toEqual([]);
    client.leave();
  });

  it('are reported once the database can be read again', async () => {
    const failures: unknown[] = [];
    let isBroken = false;
    const broken = await hearChanges(
      {
        ...database,
        query: (sql, values) => (isBroken ? Promise.reject(new Error('gone')) : database.query(sql, values)),
      },
      (error) => failures.push(error),
    );
    const client = join(broken);
    isBroken = true;
    const id = await order();
    await until('the failure', async () => failures.length > 0, 20_000);
    const resumed = join(broken, client.heard[0]?.at);
    await untilTold(resumed, 'reset');
    isBroken = false;
    await untilTold(client, `${id} queued`);
    await untilTold(resumed, `${id} queued`);
    expect(new Set(failures.map(String))).toEqual(new Set(['Error: gone']));
    await broken.stop();
  });

  it('are not reported where nothing was changed', async () => {
    const client = join(changes);
    await desk.progress('worker-of-nobody', 'op_none', { processed: 1, total: 2 });
    const id = await order();
    await untilTold(client, `${id} queued`);
    expect(told(client).filter((one) => one.startsWith('op_none'))).toEqual([]);
    client.leave();
  });

  it('caused no error', () => {
    expect(errors).toEqual([]);
  });
});
