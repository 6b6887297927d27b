import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatInstant } from '@tardy/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../database/sqlite-library.js';
import { lockFile } from '../lock-file.js';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';
import { writeOutput } from '../write-output.js';

const MINUTE = 60_000;
const SOURCE = 'runs:https://host.example/api';

type Row = Readonly<Record<string, unknown>>;

const time = (minutes: number) => formatInstant(NOON + minutes * MINUTE);
const running = (id: string, heartbeat: number): Row => ({
  id,
  type: 'sync',
  status: 'running',
  started_at: time(0),
  heartbeat_at: time(heartbeat),
});
const ended = (id: string, minutes: number): Row => ({
  ...running(id, minutes),
  status: 'completed',
  outcome: 'succeeded',
  ended_at: time(minutes),
});

describe('a record in SQLite', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tardy-record-'));
    file = join(folder, 'record.db');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a command on real files, with a source in memory. */
  async function run(minutes: number, runs: readonly Row[], ...argv: readonly string[]) {
    const { io, printed } = fakeIo({ responses: { '/api/runs': { runs, now: time(minutes) } } });
    const real = {
      ...io,
      cwd: folder,
      lock: lockFile,
      writeFile: writeOutput,
      pathKind: async (path: string) => (existsSync(path) ? ('file' as const) : undefined),
    };
    const code = await runProgram(real, [...argv, '--now', time(minutes)]);
    return { code, out: printed.out, err: printed.err };
  }
  const record = (minutes: number, runs: readonly Row[], ...flags: readonly string[]) =>
    run(minutes, runs, 'record', SOURCE, '--to', 'sqlite:record.db', ...flags);
  async function query(sql: string) {
    const database = await openSqlite(file, { readOnly: true, purpose: 'The test' });
    const rows = database.prepare(sql).all();
    database.close();
    return rows.map((row) => ({ ...row }));
  }

  it('keeps one row for each run, which SQL can ask, and each check', async () => {
    expect(await record(2, [running('a', 1)])).toMatchObject({ code: 0, err: '' });
    await record(40, [running('a', 5)]);
    const last = await record(62, [ended('a', 60)]);
    expect(last.out).toContain('0 active, 0 stuck; 0 not seen before, 1 ended. sqlite:record.db has 1 run.');
    expect(await query('SELECT id, outcome, ended_at, silence_ms, state, open FROM runs')).toEqual([
      { id: 'a', outcome: 'succeeded', ended_at: time(60), silence_ms: 35 * MINUTE, state: 'terminal', open: 0 },
    ]);
    expect(await query('SELECT count(*) AS count FROM checks')).toEqual([{ count: 3 }]);
    expect(existsSync(`${file}.lock`)).toBe(false);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('is read by backtest and by report', async () => {
    await record(2, [running('a', 1)]);
    await record(40, [running('a', 5)]);
    await record(62, [ended('a', 60)]);
    const backtest = await run(70, [], 'backtest', 'sqlite:record.db', '--format', 'json');
    expect(JSON.parse(backtest.out)).toMatchObject({
      history: { sources: [{ name: 'sqlite:record.db', format: 'record', rows: 1 }] },
      replay: { endings: { ended: 1 } },
    });
    const report = await run(70, [], 'report', SOURCE, '--record', 'sqlite:record.db', '--format', 'json');
    expect(JSON.parse(report.out)).toMatchObject({ recorded: { likely_stale: 1, late: 0, from: time(2) } });
  });

  it('drops what ended longer ago than --keep, and not what has not ended', async () => {
    await record(10, [running('long', 9), ended('a', 8)]);
    const days = 31 * 24 * 60;
    await record(days, [running('long', days - 1), ended('b', days)], '--keep', '30d');
    expect(await query('SELECT id FROM runs ORDER BY id')).toEqual([{ id: 'b' }, { id: 'long' }]);
    expect(await query('SELECT count(*) AS count FROM checks')).toEqual([{ count: 1 }]);
  });

  it('neither uses nor changes a database of something else', async () => {
    const database = await openSqlite(file, { readOnly: false, purpose: 'The test' });
    database.exec('CREATE TABLE jobs (id INTEGER)');
    database.close();
    const before = readFileSync(file);
    await expect(record(2, [running('a', 1)])).rejects.toThrow('sqlite:record.db is a database of something else');
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('neither uses nor overwrites a record of another version', async () => {
    await record(2, [running('a', 1)]);
    const database = await openSqlite(file, { readOnly: false, purpose: 'The test' });
    database.exec('PRAGMA user_version = 2');
    database.close();
    await expect(record(3, [])).rejects.toThrow('sqlite:record.db is a record of another version (2).');
  });

  it('neither uses nor overwrites a file that is no database', async () => {
    writeFileSync(file, 'This is the diary of the night shift.'.repeat(100));
    await expect(record(2, [running('a', 1)])).rejects.toThrow('sqlite:record.db is no database of SQLite.');
    expect(readFileSync(file, 'utf8')).toContain('diary');
  });

  it('waits for another process that records', async () => {
    const held = await lockFile(file);
    const release = setTimeout(() => void held?.release(), 50);
    const { io } = fakeIo({ responses: { '/api/runs': { runs: [], now: time(1) } } });
    let waited = 0;
    const code = await runProgram(
      {
        ...io,
        cwd: folder,
        lock: lockFile,
        pathKind: async () => undefined,
        sleep: async () => {
          waited++;
          await new Promise((resolve) => setTimeout(resolve, 20));
        },
      },
      ['record', SOURCE, '--to', 'sqlite:record.db', '--now', time(1)],
    );
    clearTimeout(release);
    expect({ code, hasWaited: waited > 0 }).toEqual({ code: 0, hasWaited: true });
  });
});
