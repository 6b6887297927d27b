import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from './sqlite-library.js';

describe('SQLite', () => {
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tardy-sqlite-'));
    file = join(folder, 'jobs.db');
    const database = await openSqlite(file, { readOnly: false, purpose: 'The test' });
    database.exec('pragma journal_mode = wal; create table jobs (id integer primary key); insert into jobs values (1)');
    database.close();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reads what another connection writes meanwhile, and cannot write itself', async () => {
    const writer = await openSqlite(file, { readOnly: false, purpose: 'The test' });
    const reader = await openSqlite(file, { readOnly: true, purpose: 'The test' });
    try {
      writer.exec('insert into jobs values (2)');
      expect(reader.prepare('select count(*) as n from jobs').all()).toMatchObject([{ n: 2 }]);
      expect(() => reader.exec('insert into jobs values (3)')).toThrow(/readonly/);
    } finally {
      writer.close();
      reader.close();
    }
  });

  it('does not make a file that is missing when it only reads', async () => {
    const missing = join(folder, 'missing.db');
    await expect(openSqlite(missing, { readOnly: true, purpose: 'The test' })).rejects.toThrow(/unable to open/);
  });
});
