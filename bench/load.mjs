import { fork } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { Agent, request } from 'undici';
import { here, round } from './measure.mjs';
import { withPostgres } from './with-postgres.mjs';

const ROWS = Number(process.env.LOAD_ROWS ?? '1000000');
const SECONDS = Number(process.env.LOAD_SECONDS ?? '60');
/** All viewers arrive within this time, one by one: the server re-checks the rights of a stream in an interval that starts with the stream. */
const WARM_UP_SECONDS = 15;
const TENANTS = 200;
const VIEWERS = 500;
const STREAMS = 200;
/** Each viewer requests the list and the summary of a tenant once in this time: 200 requests per second in total. */
const POLL_MS = 5000;
const HEARTBEATS_PER_SECOND = 40;

const SETTINGS = { shared_buffers: '1GB', max_wal_size: '4GB', synchronous_commit: 'off' };

/** Viewers that poll and listen from this process, the demo's API in another, PostgreSQL beside them: percentiles per call. */
export async function benchLoad() {
  return withPostgres(SETTINGS, async (url) => {
    const setup = { url, tenants: TENANTS, rows: ROWS, viewers: VIEWERS, heartbeatsPerSecond: HEARTBEATS_PER_SECOND };
    const server = fork(here('load-server.mjs'), [JSON.stringify(setup)], { execArgv: ['--expose-gc'] });
    const exited = once(server, 'exit');
    try {
      return await measure(server, exited);
    } finally {
      if (server.connected) server.send('stop');
      await exited;
    }
  });
}

async function measure(server, exited) {
  const { origin, cookies } = await answerOf(server, exited, 'origin');
  const agent = new Agent({ connections: 64, pipelining: 1 });
  const listeners = new Agent({ connections: STREAMS, bodyTimeout: 0 });
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const seen = { list: [], summary: [], unchanged: 0, failed: 0, events: 0, measuring: false };
  server.on('message', ({ error }) => error !== undefined && console.error(error));
  try {
    const streams = Array.from({ length: STREAMS }, (_, index) =>
      listen(origin, cookies[index], tenantOf(index), listeners, stop.signal, seen),
    );
    const polls = cookies.map((cookie, index) => poll(origin, cookie, tenantOf(index), agent, stop.signal, seen));
    await sleep(WARM_UP_SECONDS * 1000);
    const before = await usageOf(server, exited);
    seen.measuring = true;
    await sleep(SECONDS * 1000);
    seen.measuring = false;
    const after = await usageOf(server, exited);
    stop.abort();
    await Promise.allSettled([...streams, ...polls]);
    const asked = seen.list.length + seen.summary.length;
    return [
      row('list of a tenant', seen.list),
      row('summary of a tenant', seen.summary),
      { what: 'requests per second', value: round(asked / SECONDS, 0) },
      { what: '304 responses, %', value: round((100 * seen.unchanged) / asked, 0) },
      { what: 'failed responses', value: seen.failed },
      { what: 'CPU time of the server per request, ms', value: round((after.cpuMs - before.cpuMs) / asked) },
      { what: `events a second on ${STREAMS} streams`, value: round(seen.events / SECONDS, 0) },
      { what: 'heap of the server before, MB', value: round(before.heapMb, 1) },
      { what: 'heap of the server after, MB', value: round(after.heapMb, 1) },
      { what: 'memory of the server after, MB', value: round(after.rssMb, 0) },
    ];
  } finally {
    stop.abort();
    await Promise.all([agent.destroy(), listeners.destroy()]);
  }
}

function row(what, times) {
  times.sort((a, b) => a - b);
  const at = (share) => round(times[Math.floor(times.length * share)] ?? Number.NaN, 1);
  return { what, p50Ms: at(0.5), p99Ms: at(0.99), worstMs: at(0.9999) };
}

const tenantOf = (index) => `t${1 + (index % TENANTS)}`;

/** A page of a tenant, as the elements poll it: list and summary, each with the ETag of its last response. */
async function poll(origin, cookie, tenant, dispatcher, signal, seen) {
  const tags = new Map();
  const calls = {
    list: `/api/runs?status=queued,running&tenant_id=${tenant}&limit=100`,
    summary: `/api/runs/summary?tenant_id=${tenant}`,
  };
  await sleep(Math.random() * POLL_MS);
  while (!signal.aborted) {
    const next = performance.now() + POLL_MS * (0.9 + Math.random() * 0.2);
    for (const [kind, path] of Object.entries(calls)) {
      const headers = { cookie, ...(tags.has(kind) ? { 'if-none-match': tags.get(kind) } : {}) };
      const start = performance.now();
      try {
        const answer = await request(origin + path, { dispatcher, headers, signal });
        await answer.body.text();
        if (seen.measuring) {
          seen[kind].push(performance.now() - start);
          if (answer.statusCode === 304) seen.unchanged++;
          else if (answer.statusCode !== 200) seen.failed++;
        }
        if (answer.headers.etag !== undefined) tags.set(kind, answer.headers.etag);
      } catch {
        if (seen.measuring) seen.failed++;
      }
    }
    await sleep(Math.max(0, next - performance.now()));
  }
}

async function listen(origin, cookie, tenant, dispatcher, signal, seen) {
  await sleep(Math.random() * WARM_UP_SECONDS * 1000);
  const path = `/api/runs/events?tenant_id=${tenant}`;
  const { body } = await request(origin + path, { dispatcher, headers: { cookie }, signal });
  for await (const chunk of body) {
    if (seen.measuring) seen.events += chunk.toString().split('event: run\n').length - 1;
  }
}

async function usageOf(server, exited) {
  const answer = answerOf(server, exited, 'usage');
  server.send('usage');
  return (await answer).usage;
}

function answerOf(server, exited, key) {
  const gone = exited.then(() => Promise.reject(new Error('the server ended')));
  const told = new Promise((resolve) => {
    const hear = (message) => {
      if (!(key in message)) return;
      server.off('message', hear);
      resolve(message);
    };
    server.on('message', hear);
  });
  return Promise.race([told, gone]);
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
