import { createRunApi, type Viewer } from '@tardy/core/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from './database.js';
import { DEMO_POLICY } from './demo-policy.js';
import { createTables } from './schema.js';
import { sqlRunStore } from './sql-run-store.js';
import { testDatabases } from './test-databases.js';
import { fillTable, NOON } from './test-runs.js';

const TESS: Viewer = { memberships: [{ workspace: 'tailspin', tenant: '9', mayRead: true }] };

// What takes the same queries, by the same index, takes the same time: nobody learns from a clock what exists.
describe.each(testDatabases())('over $name', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await createTables(database);
    await fillTable(database, [
      {
        id: 'op_theirs',
        source: 'demo',
        type: 'tenant_backup',
        title: 'Back up Fabrikam',
        workspace: { id: 'contoso' },
        tenant: { id: '7' },
        status: 'running',
        outcome: 'pending',
        queuedAt: NOON,
        attempt: 1,
        labels: {},
      },
    ]);
  }, 60_000);
  afterAll(() => database.close());

  /** The status, and each query that led to it with its number of rows. */
  async function stepsOf(path: string): Promise<unknown[]> {
    const steps: unknown[] = [];
    const query: Database['query'] = async (sql, values) => {
      const rows = await database.query(sql, values);
      steps.push([sql, rows.length]);
      return rows;
    };
    const store = sqlRunStore({ ...database, query });
    const api = createRunApi({ store, policy: DEMO_POLICY, now: () => NOON, authorize: () => TESS });
    const { status } = await api(new Request(`http://host.example${path}`));
    return [status, ...steps];
  }

  it.each([
    { theirs: '/runs/op_theirs', nobodys: '/runs/op_nobodys' },
    { theirs: '/runs?tenant_id=7', nobodys: '/runs?tenant_id=404' },
    { theirs: '/runs/summary?tenant_id=7', nobodys: '/runs/summary?tenant_id=404' },
    { theirs: '/runs?workspace_id=contoso', nobodys: '/runs?workspace_id=none' },
  ])('takes the same steps to refuse $theirs and $nobodys', async ({ theirs, nobodys }) => {
    const steps = await stepsOf(theirs);
    expect(steps[0]).toBe(404);
    expect(steps).toEqual(await stepsOf(nobodys));
  });
});
