// npm run test:live -- sql-engines: the SQL of a policy in engines that do not come with npm, held to `classify` by the tests of
// packages/core/src/sql. SQL_ENGINES names some of them; TARDY_SQL_POLICIES is how many policies a slow one is compared with.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../workspace.mjs';
import { freePort, runToEnd, startProcess, stopProcesses, until } from './processes.mjs';
import { pythonWith } from './python.mjs';

export const name = 'The SQL of a policy';
/** Spark and Trino take seconds to plan each of hundreds of queries. */
export const longestMs = 90 * 60_000;

const TRINO = '476';
const PACKAGES = {
  mysql: 'PyMySQL==1.2.4',
  clickhouse: 'chdb==4.4.0',
  spark: 'pyspark==4.3.0',
  trino: 'trino==0.340.0',
};
const GRAMMAR = 'sqlglot==30.30.0';
const TESTS = ['judged-runs.properties.test.ts', 'judged-runs.test.ts', 'glob-condition.test.ts'];

/** For `run.mjs`, in place of the story of a run that hangs. */
export async function test(workdir, say) {
  const wanted = (process.env.SQL_ENGINES ?? 'MariaDB,ClickHouse,Spark,Trino,grammar').split(',');
  const engines = {
    MariaDB: async () => engine('MariaDB', 'mysql', await startMariadb(workdir)),
    ClickHouse: () => engine('ClickHouse', 'clickhouse'),
    Spark: () => engine('Spark', 'spark'),
    Trino: async () => engine('Trino', 'trino', String(await startTrino(workdir))),
    grammar: () => grammar(workdir, say),
  };
  for (const one of wanted) {
    if (!(one in engines))
      throw new Error(`There is no ${one}. Name some of ${Object.keys(engines).join(', ')} in SQL_ENGINES.`);
    say(`${one}: starting`);
    say(`${one}: ${await engines[one]()}`);
  }
}

export async function stop() {
  await stopProcesses();
}

/** Runs the tests against one engine; gives how many rows were compared. */
async function engine(title, dialect, where) {
  const bin = await pythonWith([PACKAGES[dialect]]);
  const script = join(root, 'scripts/live/sql-engine.py');
  const command = [join(bin, 'python'), script, dialect, ...(where === undefined ? [] : [where])];
  const files = TESTS.map((file) => join('packages/core/src/sql', file));
  const env = { ...process.env, TARDY_SQL_ENGINES: JSON.stringify([{ name: title, dialect, command }]) };
  const output = await new Promise((resolve, reject) => {
    const args = ['run', '--testTimeout=600000', '--reporter=dot', ...files];
    const child = spawn(join(root, 'node_modules/.bin/vitest'), args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${title} differs:\n${text.slice(-6000)}`)),
    );
  });
  return /\d+ rows compared/.exec(output)?.[0] ?? 'no row compared';
}

async function startMariadb(workdir) {
  if (!existsSync('/usr/sbin/mariadbd'))
    throw new Error('MariaDB is not installed. On Debian: apt-get install mariadb-server');
  const data = join(workdir, 'mariadb');
  const socket = join(workdir, 'mariadb.sock');
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const install = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', ...user];
  await runToEnd('mariadb-install-db', install);
  const flags = ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, '--skip-networking', ...user];
  // The usual collation, which ignores case: it must not count.
  const collation = ['--character-set-server=utf8mb4', '--collation-server=utf8mb4_general_ci'];
  startProcess('/usr/sbin/mariadbd', [...flags, ...collation], { workdir, log: 'mariadb.log' });
  await until('MariaDB', () =>
    runToEnd('mariadb', ['-S', socket, '-uroot', '-e', 'create database if not exists tardy']),
  );
  return socket;
}

/** A coordinator that is its own worker, from Maven: it needs Java 24, and Maven to fetch it. */
async function startTrino(workdir) {
  const archives = { 'trino-server-core': 'tar.gz', 'trino-memory': 'zip' };
  const repository = join(homedir(), '.m2/repository/io/trino');
  const file = (artifact) => join(repository, artifact, TRINO, `${artifact}-${TRINO}.${archives[artifact]}`);
  for (const artifact of Object.keys(archives)) {
    const coordinates = `io.trino:${artifact}:${TRINO}:${archives[artifact]}`;
    if (!existsSync(file(artifact)))
      await runToEnd('mvn', ['-q', '-B', 'dependency:get', `-Dartifact=${coordinates}`, '-Dtransitive=false']);
  }
  const home = join(workdir, 'trino');
  mkdirSync(join(home, 'etc/catalog'), { recursive: true });
  await runToEnd('tar', ['-xzf', file('trino-server-core'), '-C', home, '--strip-components=1']);
  await runToEnd('unzip', ['-q', file('trino-memory'), '-d', join(home, 'plugin')]);
  const port = await freePort();
  const write = (path, lines) => writeFileSync(join(home, 'etc', path), `${lines.join('\n')}\n`);
  write('node.properties', ['node.environment=tardy', 'node.id=tardy', `node.data-dir=${join(home, 'data')}`]);
  write('config.properties', [
    'coordinator=true',
    'node-scheduler.include-coordinator=true',
    `http-server.http.port=${port}`,
    `discovery.uri=http://127.0.0.1:${port}`,
  ]);
  write('jvm.config', [
    '-server',
    '-Xmx3G',
    '-XX:+UseG1GC',
    '-XX:+ExitOnOutOfMemoryError',
    '-Djdk.attach.allowAttachSelf=true',
  ]);
  write('catalog/memory.properties', ['connector.name=memory']);
  const java = newestJava();
  const env = { JAVA_HOME: java, PATH: `${join(java, 'bin')}:${process.env.PATH}` };
  startProcess(join(home, 'bin/launcher'), ['run', '--etc-dir', join(home, 'etc')], { workdir, log: 'trino.log', env });
  await until(
    'Trino',
    async () => {
      const response = await fetch(`http://127.0.0.1:${port}/v1/info`);
      return (await response.json()).starting === false ? true : undefined;
    },
    10 * 60_000,
  );
  return port;
}

/** The home of a Java that is new enough for Trino. */
function newestJava() {
  const folder = '/usr/lib/jvm';
  const homes = existsSync(folder) ? readdirSync(folder) : [];
  const versions = homes.flatMap((name) => {
    const release = join(folder, name, 'release');
    const version = existsSync(release) ? /JAVA_VERSION="(\d+)/.exec(readFileSync(release, 'utf8'))?.[1] : undefined;
    return version === undefined ? [] : [{ home: join(folder, name), version: Number(version) }];
  });
  const newest = versions.sort((a, b) => b.version - a.version)[0];
  if (newest === undefined || newest.version < 24) throw new Error('Trino needs Java 24 or later.');
  return newest.home;
}

/** Engines that cannot be run: their statements are read by a kept parser of their grammar, which must understand every part. */
async function grammar(workdir, say) {
  const bin = await pythonWith([GRAMMAR]);
  const { createPolicy } = await import(pathToFileURL(join(root, 'packages/core/dist/index.js')).href);
  const { judgedRuns } = await import(pathToFileURL(join(root, 'packages/core/dist/sql/index.js')).href);
  const policy = createPolicy({
    version: 1,
    defaults: { flag: 'stale' },
    rules: [
      { match: { type: 'nightly-*' }, run: { late: '3h', stale: '8h' } },
      { match: { 'labels.env': ['prod', "it's \\ [x]%_!"], tenant: '1*' }, silence: { late: '1m30s', vouches: false } },
    ],
  });
  const names = [
    'holdSince',
    'waitsUntil',
    'queuedAt',
    'notBefore',
    'startedAt',
    'phaseAt',
    'heartbeatAt',
    'endedAt',
    'deadlineAt',
  ];
  const more = [
    'flagSince',
    'reconciledAt',
    'status',
    'outcome',
    'type',
    'tenant',
    'labels',
    'hold',
    'flag',
    'heartbeatInterval',
  ];
  const columns = {
    table: 'r',
    instants: 'timestamptz',
    ...Object.fromEntries([...names, ...more].map((one) => [one, one])),
  };
  const readers = { snowflake: 'snowflake', bigquery: 'bigquery', sqlserver: 'tsql' };
  const statements = Object.entries(readers).flatMap(([dialect, read]) => {
    const judged = judgedRuns(policy, columns, { dialect, from: 'runs r', select: { id: 'r.id' }, now: Date.now() });
    return Object.entries(judged).map(([what, sql]) => ({ what: `${dialect} ${what}`, read, sql }));
  });
  const file = join(workdir, 'statements.json');
  writeFileSync(file, JSON.stringify(statements));
  const output = await runToEnd(join(bin, 'python'), [join(root, 'scripts/live/sql-grammar.py'), file]);
  for (const line of output.trim().split('\n')) say(line);
  return `${statements.length} statements read by ${GRAMMAR}`;
}
