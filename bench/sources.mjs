import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { here, median, round, runNode, TARDY } from './measure.mjs';
import { SYSTEMS, system } from './source-answers.mjs';

const ROUNDS = 5;

/** SOURCES selects some systems, such as `prefect,airflow`, and skips the test with twenty at once. */
const WANTED = process.env.SOURCES?.split(',');

/** The time of each adapter from parsed JSON to verdict, and many sources in parallel against the slowest of them alone. */
export async function benchSources() {
  const rows = [];
  for (const name of WANTED ?? SYSTEMS) rows.push(await adapterSpeed(name), await requestCounts(name));
  return WANTED === undefined ? [...rows, await sideBySide()] : rows;
}

async function adapterSpeed(name) {
  const { out, err, code } = await runNode([here('source-speed.mjs'), name]);
  if (code !== 0) throw new Error(err);
  const { runs, oursMs, parseMs } = JSON.parse(out);
  return {
    what: `${name}, ${runs} runs`,
    thousandRunsPerSecond: round(runs / oursMs, 0),
    against: 'JSON.parse of the same',
    ratio: round(oursMs / parseMs),
  };
}

/**
 * Requests of one `tardy check` of a system with 100 and 1,000 active runs: as long as none is late, and if all of them are stuck. The
 * second look then gets 404 for what the list does not tell, which is the most that it costs.
 */
async function requestCounts(name) {
  const { answers, config } = await system(name);
  const folder = mkdtempSync(join(tmpdir(), 'tardy-bench-'));
  const path = join(folder, 'tardy.config.json');
  const row = { what: `${name}, requests of a check` };
  try {
    for (const runs of [100, 1000]) {
      const server = await countingServer(answers(runs));
      writeFileSync(
        path,
        JSON.stringify({ version: 1, sources: { [name]: { kind: name, url: server.url, ...config } } }),
      );
      for (const failOn of ['never', 'stale']) {
        const before = server.requests();
        const options = ['--config', path, '--fail-on', failOn, '--confirm-after', '0s', '--format', 'json'];
        const { out, err } = await runNode([TARDY, 'check', ...options]);
        const [read] = JSON.parse(out).sources;
        if (read.runs !== runs) throw new Error(`${name}: ${read.runs} of ${runs} runs were read. ${err}`);
        row[`${runs} ${failOn === 'never' ? 'healthy' : 'stuck'}`] = server.requests() - before;
      }
      server.close();
    }
    return row;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Serves the responses of a system, and counts the requests. */
async function countingServer(answer) {
  let requests = 0;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      requests++;
      const body = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
      const { status, text, headers } = respondTo(answer, {
        url: `http://${request.headers.host}${request.url}`,
        body,
      });
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => (server.closeAllConnections(), server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, requests: () => requests, close };
}

/** 404 for everything that the responses of the benchmark, which are lists, do not contain. */
function respondTo(answer, request) {
  try {
    const { text, headers = {} } = answer(request);
    return text === undefined ? { status: 404, text: '{}', headers: {} } : { status: 200, text, headers };
  } catch {
    return { status: 404, text: '{}', headers: {} };
  }
}

/** Twenty sources in one `tardy check`, and each of them alone. */
async function sideBySide() {
  const folder = mkdtempSync(join(tmpdir(), 'tardy-bench-'));
  const server = fork(here('source-server.mjs'));
  try {
    const { sources, runs } = await new Promise((resolve, reject) => {
      server.once('message', resolve);
      server.once('exit', () => reject(new Error('the server ended')));
    });
    const config = join(folder, 'tardy.config.json');
    writeFileSync(config, JSON.stringify(await configOf(sources)));
    const options = ['--config', config, '--fail-on', 'never', '--format', 'json'];
    const check = async (...names) => {
      const { ms, out, err } = await runNode([TARDY, 'check', ...names, ...options]);
      const read = JSON.parse(out).sources;
      if (!read.every((source) => source.complete && source.runs === runs)) throw new Error(err || out);
      return ms;
    };
    const alone = [];
    for (const index of sources.keys()) alone.push({ index, ms: await check(`source-${index}`) });
    const slowest = alone.reduce((one, other) => (other.ms > one.ms ? other : one)).index;
    const ours = [];
    const floor = [];
    // Alternating, so that other load of the machine affects both.
    for (let round = 0; round < ROUNDS; round++) {
      floor.push(await check(`source-${slowest}`));
      ours.push(await check());
    }
    return {
      what: `${sources.length} sources at once, ${runs} runs each`,
      ms: round(median(ours), 0),
      against: `the slowest alone (${sources[slowest].kind}, ${round(median(floor), 0)} ms)`,
      ratio: round(median(ours) / median(floor)),
    };
  } finally {
    server.kill();
    rmSync(folder, { recursive: true });
  }
}

/** All recorded runs are long in the past; here none is late. */
async function configOf(sources) {
  const never = { late: '3650d', stale: '3651d' };
  const entries = sources.map(async ({ kind, port }, index) => {
    const { config } = await system(kind);
    return [`source-${index}`, { kind, url: `http://127.0.0.1:${port}`, ...config }];
  });
  return {
    version: 1,
    sources: Object.fromEntries(await Promise.all(entries)),
    policy: { version: 1, defaults: { run: never, silence: never, queue: never } },
  };
}
