import { newToken } from './people.js';
import type { Database } from './database.js';

/** What the servers of a host keep to themselves: `cursors` authenticates cursors, `event_places` seals the ids of events. */
const NAMES = ['cursors', 'event_places'] as const;

/** Makes the secrets that all servers of the host share. */
export async function makeSecrets(database: Database): Promise<void> {
  for (const name of NAMES) {
    await database.query('insert into secrets (name, value) values ($1, $2)', [name, newToken()]);
  }
}

/** A secret of the host. */
export async function secretOf(database: Database, name: (typeof NAMES)[number]): Promise<string> {
  const [row] = await database.query('select value from secrets where name = $1', [name]);
  if (row === undefined) throw new Error(`The database has no secret ${name}: it was not set up by this demo.`);
  return String(row['value']);
}
