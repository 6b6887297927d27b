import { formatInstant } from '@tardy/core';
import type { RunStore, StoreEvent } from '@tardy/core/server';
import type { Database } from './database.js';
import { readRow, SELECT_RUN } from './run-row.js';

/** The beginning of the channel's name on which ids of changed runs are told; the schema follows. */
export const CHANGES = 'runs_changed_';

/** How many changes are told again to someone who resumes; beyond that, reading the list anew is cheaper. */
const REPLAY_LIMIT = 1000;
/** A change is told a little after the instant that is written with it, maybe after a later one: so far back is told again. */
const SLACK_MS = 5000;

/** What happens to runs, whichever process of the host wrote it. */
export type RunChanges = {
  readonly subscribe: NonNullable<RunStore['subscribe']>;
  readonly stop: () => Promise<void>;
};

/**
 * Listens to the database. Each changed run is read once, however many streams of events there are; what changes again while
 * it waits to be read is read once, too.
 */
export async function hearChanges(
  database: Database,
  now: () => number,
  onError: (error: unknown) => void,
): Promise<RunChanges> {
  const listeners = new Set<(event: StoreEvent) => void>();
  const changed = new Set<string>();
  let reading: Promise<void> | undefined;

  const tell = (event: StoreEvent) => {
    for (const listener of [...listeners]) listener(event);
  };
  const reset = () => tell({ kind: 'reset', at: now() });

  async function readChanged(): Promise<void> {
    while (changed.size > 0) {
      const ids = [...changed];
      changed.clear();
      if (listeners.size === 0) continue;
      const rows = await database.query(`${SELECT_RUN} where r.id = any($1::text[]) order by r.updated_at, r.id`, [
        ids,
      ]);
      for (const row of rows) {
        const parsed = readRow(row);
        if (parsed.ok) tell({ kind: 'run', at: now(), run: parsed.run });
      }
    }
  }

  function read(): Promise<void> {
    return readChanged()
      .catch((error: unknown) => {
        onError(error);
        reset();
      })
      .finally(() => {
        // What was heard between the last look and here would else wait for the next change.
        reading = changed.size > 0 ? read() : undefined;
      });
  }

  function hear(id: string): void {
    changed.add(id);
    reading ??= read();
  }

  const [row] = await database.query('select current_schema() as schema');
  const stop = await database.listen(CHANGES + String(row?.['schema']), hear, reset);

  return {
    subscribe(listener, after) {
      if (after === undefined) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      }
      // What happens while the past is being read waits, so that an old state never follows a newer one.
      const waiting: StoreEvent[] = [];
      let told: (event: StoreEvent) => void = (event) => waiting.push(event);
      const relay = (event: StoreEvent) => told(event);
      listeners.add(relay);
      void changesSince(database, after, now)
        .catch((): StoreEvent[] => [{ kind: 'reset', at: now() }])
        .then((past) => {
          for (const event of [...past, ...waiting]) listener(event);
          told = listener;
        });
      return () => listeners.delete(relay);
    },
    async stop() {
      await stop();
      await reading;
    },
  };
}

async function changesSince(database: Database, after: number, now: () => number): Promise<StoreEvent[]> {
  const rows = await database.query(
    `${SELECT_RUN} where r.updated_at >= $1::timestamptz order by r.updated_at limit $2`,
    [formatInstant(after - SLACK_MS), REPLAY_LIMIT + 1],
  );
  if (rows.length > REPLAY_LIMIT) return [{ kind: 'reset', at: now() }];
  return rows.flatMap((row): StoreEvent[] => {
    const parsed = readRow(row);
    const at = row['updated_at'];
    // Never an earlier id than that of the last event: whoever resumes again would be told more and more.
    return parsed.ok && at instanceof Date ? [{ kind: 'run', at: Math.max(after, at.getTime()), run: parsed.run }] : [];
  });
}
