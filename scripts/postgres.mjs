// A private PostgreSQL server for tests and benchmarks: on loopback, in a temporary folder, deleted afterwards.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where `initdb` and `postgres` are, the newest version first; `undefined` if PostgreSQL is not installed. */
export function postgresPrograms() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), '/usr/local/bin', '/opt/homebrew/bin'];
  return folders.find((folder) => ['initdb', 'postgres', 'pg_isready'].every((name) => existsSync(join(folder, name))));
}

/**
 * Starts a server; it takes connections once this has returned.
 *
 * `settings` are those of postgresql.conf. Nothing is synced to disk, since its data is disposable.
 */
export async function startPostgres(programs, settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tardy-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const options = { stdio: 'ignore', ...user };
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'tardy', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    options,
  );
  const all = { fsync: 'off', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder, ...flags],
    options,
  );
  const exited = new Promise((resolve) => server.once('exit', () => resolve()));
  const stop = async () => {
    // The mode of shutdown that ends connections.
    server.kill('SIGINT');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(programs, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgres://tardy@127.0.0.1:${port}/postgres`, stop };
}

async function ready(programs, port) {
  const probe = () =>
    new Promise((resolve) => {
      execFile(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)], (error) => resolve(!error));
    });
  for (let attempt = 0; !(await probe()); attempt++) {
    if (attempt === 200) throw new Error('PostgreSQL was started and takes no connections.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function accountOf(name) {
  const id = (flag) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
