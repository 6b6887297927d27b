import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from './database.js';

/** A kind of database that the tests run on. */
export type TestDatabase = {
  readonly name: string;
  /** Opens an empty schema; `close` of the result ends everything that was started for it. */
  readonly open: () => Promise<Database>;
};

/**
 * The embedded database, and a PostgreSQL server: the one of DATABASE_URL, else one that is started for the tests where its
 * programs are installed.
 */
export function testDatabases(): readonly TestDatabase[] {
  const schema = `tardy_test_${process.pid}`;
  const embedded = { name: 'PGlite', open: () => openDatabase(undefined, schema) };
  const url = process.env['DATABASE_URL'];
  if (url !== undefined)
    return [embedded, { name: 'PostgreSQL of DATABASE_URL', open: () => openAndTidy(url, schema) }];
  const programs = serverPrograms();
  return programs === undefined
    ? [embedded]
    : [embedded, { name: 'PostgreSQL', open: () => openServer(programs, schema) }];
}

/** A server that is not ours is left as it was. */
async function openAndTidy(url: string, schema: string): Promise<Database> {
  const database = await openDatabase(url, schema);
  return {
    ...database,
    close: async () => {
      await database.query(`drop schema ${schema} cascade`);
      await database.close();
    },
  };
}

/** Where `initdb` and `postgres` are, the newest version first. */
function serverPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), '/usr/local/bin', '/opt/homebrew/bin'];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

async function openServer(programs: string, schema: string): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'tardy-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const options = { stdio: 'ignore', ...user } as const;
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'tardy', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    options,
  );
  const settings = ['-h', '127.0.0.1', '-p', String(port), '-k', folder, '-c', 'fsync=off'];
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings], options);
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async () => {
    // The mode of shutdown that waits for connections to end.
    server.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const database = await patiently(() => openDatabase(`postgres://tardy@127.0.0.1:${port}/postgres`, schema));
    return {
      ...database,
      close: async () => {
        await database.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function patiently<T>(action: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function accountOf(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
