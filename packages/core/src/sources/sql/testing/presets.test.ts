import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isActive } from '../../../run.js';
import { presetKinds } from '../../registry.js';
import type { SqlPreset } from '../preset.js';
import { presetSource } from './preset-tests.js';
import { openTestDatabase, readSource, type SqlTestDatabase } from './test-database.js';

/** What the folder of each preset holds in `testing/database.ts`. */
type DatabaseTests = {
  /** A file of recorded SQL, with the folder: it is also held to what is true of every preset. */
  readonly fixture?: string;
  readonly preset?: Pick<SqlPreset, 'tables' | 'schema'>;
  /** The fields that its config needs besides the URL. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  readonly databaseTests: (database: SqlTestDatabase) => void;
};

// All on one database: to start it takes longer than to run the tests.
const database = await openTestDatabase();
afterAll(() => database.close());

const presets = await Promise.all(
  presetKinds().map(async ({ kind }) => ({
    kind,
    tests: (await import(`../../${kind}/testing/database.ts`)) as DatabaseTests,
  })),
);

describe.each(presets)('the preset $kind', ({ tests }) => {
  tests.databaseTests(database);
});

const described = presets.flatMap(({ kind, tests: { fixture, preset, config } }) =>
  fixture === undefined || preset === undefined ? [] : [{ kind, fixture, preset, config }],
);

describe.each(described)('the preset $kind, beside what it is about', ({ kind, ...tests }) => {
  everyPreset(kind, tests);
});

function everyPreset(
  kind: string,
  { fixture, preset, config = {} }: Required<Pick<DatabaseTests, 'fixture' | 'preset'>> & Pick<DatabaseTests, 'config'>,
): void {
  const { tables, schema = 'public' } = preset;
  const [[table, [column = '']] = ['', []]] = Object.entries(tables);
  const read = async () => readSource(await presetSource(kind, config), database.fetch);

  beforeEach(() => database.load(fixture));

  it('reads every run again by its id', async () => {
    const source = await presetSource(kind, config);
    const { runs } = await readSource(source, database.fetch, { activity: 'recent' });
    expect(runs.length).toBeGreaterThan(1);
    for (const run of runs) expect(await source.get(run.id, database.fetch)).toEqual(run);
    expect(await source.get('no-such-id', database.fetch)).toBeUndefined();
  });

  it('lists only runs that have not ended where only those are wanted', async () => {
    const { runs, issues } = await read();
    expect(issues).toEqual([]);
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.filter((run) => !isActive(run))).toEqual([]);
  });

  it('names the grants that a role lacks', async () => {
    await database.exec(
      `drop role if exists nobody; create role nobody; grant usage on schema ${schema} to nobody; set role nobody`,
    );
    const { runs, error } = await read();
    await database.exec(`reset role; revoke all on schema ${schema} from nobody; drop role nobody`);
    expect({ runs, code: error?.code }).toEqual({ runs: [], code: 'forbidden' });
    expect(error?.message).toMatch(new RegExp(`grant select on .*"${table}".* to "nobody";`));
  });

  it('says that its tables are not there', async () => {
    await database.exec(`drop schema ${schema} cascade; create schema ${schema}`);
    const { runs, error } = await read();
    expect({ runs, code: error?.code }).toEqual({ runs: [], code: 'not_found' });
    expect(error?.message).toContain(table);
  });

  it('says that it does not know a schema that lacks a column', async () => {
    await database.exec(`alter table ${schema}.${table} rename ${column} to renamed`);
    const { runs, error } = await read();
    expect({ runs, code: error?.code }).toEqual({ runs: [], code: 'shape' });
    expect(error?.message).toContain(`${table} has no column ${column}`);
  });
}
