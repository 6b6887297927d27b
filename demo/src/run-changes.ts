import type { Run } from '@tardy/core';
import type { RunStore, StoreEvent } from '@tardy/core/server';
import type { Database } from './database.js';
import { readRow, SELECT_RUN } from './run-row.js';
import { CHANGES_CHANNEL } from './schema.js';
import { placeSeal } from './sealed-place.js';
import { secretOf } from './secrets.js';

/** How many changes are read at a time; beyond that, reading the list again is cheaper. */
const READ_LIMIT = 1000;
const RETRY_MS = 1000;

/** What happens to runs, whichever server or worker wrote it. */
export type RunChanges = {
  readonly subscribe: NonNullable<RunStore['subscribe']>;
  readonly stop: () => Promise<void>;
};

type Listener = (event: StoreEvent) => void;

/** The runs that changed after one snapshot, as of another; without `runs` they are too many. */
type Batch = { readonly runs: readonly Run[] | undefined; readonly snapshot: string };

/**
 * Reads what has changed whenever the database says that something did. Each change is read once, however many event streams
 * there are.
 *
 * What has been reported is kept as a snapshot of PostgreSQL, the set of the transactions that it sees. A change is new to
 * whoever has a snapshot that does not see its transaction: no matter when the transaction began or what any clock says, none is
 * passed over that commits late.
 */
export async function hearChanges(database: Database, onError: (error: unknown) => void): Promise<RunChanges> {
  const { seal, open } = placeSeal(await secretOf(database, 'event_places'));
  const listeners = new Set<Listener>();
  const [row] = await database.query('select current_schema() as schema, pg_current_snapshot()::text as snapshot');
  let reported = String(row?.['snapshot']);
  let isDue = false;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  // One read at a time, so that an older state of a run is never reported after a newer one.
  let turn = Promise.resolve();

  async function report(): Promise<void> {
    isDue = false;
    if (stopped) return;
    try {
      const batch = await changesSince(database, reported);
      const events = eventsOf(batch, reported);
      reported = batch.snapshot;
      for (const listener of [...listeners]) events.forEach(listener);
    } catch (error) {
      if (stopped) return;
      onError(error);
      retry = setTimeout(hear, RETRY_MS);
    }
  }

  /** What is heard while a read is due is read by it. */
  function hear(): void {
    if (isDue) return;
    isDue = true;
    turn = turn.then(report);
  }

  /** The events of a batch. Only the last one is as far as the batch: whoever leaves before it gets the rest on return. */
  function eventsOf({ runs, snapshot }: Batch, before: string): StoreEvent[] {
    if (runs === undefined) return [{ kind: 'reset', at: seal(snapshot) }];
    return runs.map((run, index) => ({
      kind: 'run',
      at: seal(index === runs.length - 1 ? snapshot : before),
      run,
    }));
  }

  async function eventsSince(after: string): Promise<StoreEvent[]> {
    const snapshot = open(after);
    if (snapshot === undefined) return [{ kind: 'reset', at: seal(reported) }];
    try {
      const batch = await changesSince(database, snapshot);
      return [...eventsOf(batch, snapshot), { kind: 'place', at: seal(batch.snapshot) }];
    } catch (error) {
      onError(error);
      return [{ kind: 'reset', at: seal(reported) }];
    }
  }

  const stop = await database.listen(CHANGES_CHANNEL + String(row?.['schema']), hear, hear);
  // What was written before it listened.
  hear();

  return {
    subscribe(listener, after) {
      let isWanted = true;
      if (after === undefined) {
        listener({ kind: 'place', at: seal(reported) });
        listeners.add(listener);
      } else {
        turn = turn.then(async () => {
          if (!isWanted || stopped) return;
          const events = await eventsSince(after);
          if (!isWanted) return;
          events.forEach(listener);
          listeners.add(listener);
        });
      }
      return () => {
        isWanted = false;
        listeners.delete(listener);
      };
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await stop();
      await turn;
    },
  };
}

async function changesSince(database: Database, snapshot: string): Promise<Batch> {
  // One statement, so that the snapshot is the one that its rows are of. It gives a row also where nothing has changed.
  const rows = await database.query(
    `select pg_current_snapshot()::text as snapshot, changed.*
     from (values (true)) always left join (
       ${SELECT_RUN}
       where r.changed_in >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(r.changed_in, $1::pg_snapshot)
       limit $2
     ) changed on true
     order by changed.changed_in, changed.id`,
    [snapshot, READ_LIMIT + 1],
  );
  const runs = rows.flatMap((row) => {
    const parsed = row['id'] === null ? undefined : readRow(row);
    return parsed?.ok === true ? [parsed.run] : [];
  });
  return { runs: rows.length > READ_LIMIT ? undefined : runs, snapshot: String(rows[0]?.['snapshot']) };
}
