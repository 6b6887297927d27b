// A run API that sends the responses of a test, over real HTTP. A middleware of the test runner.
//
//   POST /scripted/<name>            { "/runs": [response, response, …], … }: the responses to each path, in order; the last repeats
//   GET  /scripted/<name>/…          a response; `$now` in a body is the test's own clock, from the header x-test-now
//   POST /scripted/<name>/push       text for all open streams of events
//   GET  /scripted/<name>/log        the requests so far
//
// A response is { status, headers, body, text, delayMs, events }. An `etag` is honoured. `events` opens a stream of events.
import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

/** Allows a page nothing but its own files. */
export const STRICT_POLICY =
  "default-src 'self'; style-src 'self'; script-src 'self'; require-trusted-types-for 'script'";

/** Makes the middleware. */
export function scriptedApi() {
  const apis = new Map();
  return async (context, next) => {
    if (context.path === '/strict-host') return strictHost(context);
    const [, name, rest = ''] = /^\/scripted\/([^/?]+)(\/[^?]*)?/.exec(context.url) ?? [];
    if (name === undefined) return next();
    const api = apis.get(name);
    if (context.method === 'POST') {
      control(apis, name, rest, await bodyOf(context.req));
      context.body = '{}';
    } else if (rest === '/log') context.body = JSON.stringify(api?.log ?? []);
    else await answer(context, api, rest);
  };
}

/** GET /strict-host?module=…: a page that allows nothing but its own files, and loads one module. */
function strictHost(context) {
  context.set('content-security-policy', STRICT_POLICY);
  context.type = 'html';
  context.body = `<!doctype html><html lang="en"><title>Strict host</title><script type="module" src="${context.query.module}"></script>`;
}

function control(apis, name, rest, body) {
  if (rest === '/push') for (const stream of apis.get(name)?.streams ?? []) stream.write(body);
  else if (rest === '/drop') for (const stream of apis.get(name)?.streams ?? []) stream.end();
  else {
    const { log = [], streams = new Set() } = apis.get(name) ?? {};
    apis.set(name, { script: JSON.parse(body), served: new Map(), log, streams });
  }
}

async function answer(context, api, path) {
  const { headers, url } = context;
  const query = url.slice(url.indexOf('?') + 1);
  api?.log.push({ path, query: url.includes('?') ? query : '', ifNoneMatch: headers['if-none-match'] ?? null });
  const answers = api?.script[path];
  if (answers === undefined) return reply(context, { status: 404, body: { title: 'Not found' } });
  const count = api.served.get(path) ?? 0;
  api.served.set(path, count + 1);
  const next = answers[Math.min(count, answers.length - 1)];
  if (next.delayMs !== undefined) await wait(next.delayMs);
  if (next.events !== undefined) return stream(context, api, next.events);
  const tag = next.headers?.etag;
  const known = tag !== undefined && headers['if-none-match'] === tag;
  return reply(context, known ? { ...next, status: 304, body: undefined } : next);
}

function reply(context, { status = 200, headers = {}, body, text }) {
  const now = context.headers['x-test-now'] ?? new Date().toISOString();
  context.status = status;
  context.set({ date: new Date(now).toUTCString(), 'cache-control': 'no-store', ...headers });
  if (status === 304) return;
  context.type = 'json';
  context.body = text ?? JSON.stringify(body ?? {}).replaceAll('"$now"', JSON.stringify(now));
}

function stream(context, api, text) {
  const out = new PassThrough();
  api.streams.add(out);
  context.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  context.body = out;
  out.write(text);
  context.req.on('close', () => {
    api.streams.delete(out);
    out.end();
  });
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
