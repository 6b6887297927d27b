import { afterAll, describe } from 'vitest';
import { presetKinds } from '../../registry.js';
import { openTestDatabase, type SqlTestDatabase } from './test-database.js';

const database = await openTestDatabase();
afterAll(() => database.close());

/** The tests in the folder of each preset, all on one database: to start it takes longer than to run them. */
for (const { kind } of presetKinds()) {
  const { databaseTests } = (await import(`../../${kind}/testing/database.ts`)) as {
    readonly databaseTests: (database: SqlTestDatabase) => void;
  };
  describe(`the preset ${kind}`, () => databaseTests(database));
}
