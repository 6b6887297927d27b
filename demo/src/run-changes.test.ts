import type { StoreEvent } from '@tardy/core/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './api-client.js';
import type { Database } from './database.js';
import { hearChanges, type RunChanges } from './run-changes.js';
import { runDesk, type RunDesk } from './run-desk.js';
import { createTables } from './schema.js';
import { testDatabases } from './test-databases.js';

describe.each(testDatabases())('changes of runs in $name', ({ open }) => {
  let database: Database;
  let changes: RunChanges;
  let desk: RunDesk;
  const errors: unknown[] = [];
  let heard: StoreEvent[] = [];
  const now = () => Date.now();

  beforeAll(async () => {
    database = await open();
    await createTables(database);
    changes = await hearChanges(database, now, (error) => errors.push(error));
    desk = runDesk(database, now, (id) => `/runs/${id}`);
  }, 60_000);
  afterAll(async () => {
    await changes.stop();
    await database.close();
  });

  const order = () =>
    desk.order({
      workspace: 'contoso',
      tenant: '7',
      type: 'directory_sync',
      title: 'Sync',
      by: 'dana',
      input: { folder: '/nowhere', restMs: 1 },
    });
  const told = () => heard.map((event) => (event.kind === 'reset' ? 'reset' : `${event.run.id} ${event.run.status}`));

  it('are told with the whole run, in the order in which they were made', async () => {
    heard = [];
    const stop = changes.subscribe((event) => heard.push(event), undefined);
    const id = await order();
    await until('the order', async () => told().includes(`${id} queued`), 5000);
    await desk.claim('worker-1');
    await desk.progress('worker-1', id, { processed: 1, total: 2 });
    await desk.finish('worker-1', id, { outcome: 'succeeded' });
    await until('the end', async () => told().includes(`${id} completed`), 5000);
    stop();
    await order();
    expect(told().at(-1)).toBe(`${id} completed`);
    const instants = heard.map(({ at }) => at);
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
  });

  it('are told again to who resumes, also those that were written a little before the last one was told', async () => {
    heard = [];
    const stop = changes.subscribe((event) => heard.push(event), undefined);
    const id = await order();
    await until('the order', async () => told().includes(`${id} queued`), 5000);
    stop();
    const last = heard.at(-1)?.at ?? 0;
    heard = [];
    const stopAgain = changes.subscribe((event) => heard.push(event), last);
    await until('what was missed', async () => told().includes(`${id} queued`), 5000);
    expect(heard.every(({ at }) => at >= last)).toBe(true);
    stopAgain();
  });

  it('are not told of a change that touched nothing', async () => {
    heard = [];
    const stop = changes.subscribe((event) => heard.push(event), undefined);
    await desk.progress('worker-of-nobody', 'op_none', { processed: 1, total: 2 });
    const id = await order();
    await until('the order', async () => told().includes(`${id} queued`), 5000);
    expect(told().filter((one) => one.startsWith('op_none'))).toEqual([]);
    stop();
  });

  it('hit no error on the way', () => {
    expect(errors).toEqual([]);
  });
});
