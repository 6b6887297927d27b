import pg from 'pg';

const RETRY_MS = 1000;

/**
 * Listens to a channel of a PostgreSQL server over a separate connection, and reconnects when it breaks. What was
 * said meanwhile is lost, so `onGap` is called then. Gives how to stop.
 */
export async function listenTo(
  connectionString: string,
  channel: string,
  hear: (payload: string) => void,
  onGap: () => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function connect(): Promise<pg.Client> {
    const opened = new pg.Client({ connectionString, keepAlive: true });
    opened.on('notification', ({ payload = '' }) => hear(payload));
    // An error also ends the connection, which is handled below.
    opened.on('error', () => {});
    try {
      await opened.connect();
      await opened.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await opened.end().catch(() => {});
      throw error;
    }
    opened.once('end', connectAgain);
    return opened;
  }

  function connectAgain(): void {
    if (stopped) return;
    retry = setTimeout(() => {
      connect().then(async (opened) => {
        client = opened;
        if (stopped) await opened.end();
        else onGap();
      }, connectAgain);
    }, RETRY_MS);
  }

  let client = await connect();
  return async () => {
    stopped = true;
    clearTimeout(retry);
    await client.end().catch(() => {});
  };
}
