import type { RequestListener } from 'node:http';
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import { SourceError, type SourceFetch, type SourceRequest } from '@tardy/core/sources';
import { afterEach, describe, expect, it } from 'vitest';
import type { TransportOptions } from './settings.js';
import { respondWith, startServer, type TestServer } from './test-server.js';
import { createTransport, type Transport } from './transport.js';

const opened: (TestServer | Transport)[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function serve(handler: RequestListener): Promise<TestServer> {
  const server = await startServer(handler);
  opened.push(server);
  return server;
}

/** A transport to a server, whose waits between tries take no time. */
function transportTo(baseUrl: string, options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ baseUrl, sleep: async () => {}, ...options });
  opened.push(transport);
  return transport;
}

async function failureOf(fetch: SourceFetch, request: SourceRequest = { url: 'runs' }): Promise<SourceError> {
  try {
    await fetch(request);
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error('expected a SourceError');
}

const LIMITS = { bodyBytes: 10_000, depth: 8 };
const page = '<!doctype html><title>Sign in</title>';
const ok = JSON.stringify({ runs: [] });
const big = JSON.stringify({ runs: 'x'.repeat(20_000) });

describe('refusals', () => {
  it.each<[string, RequestListener, string, RegExp]>([
    [
      '401',
      respondWith(401, '{"message":"Bad credentials"}'),
      'auth',
      /responded with 401 \(Bad credentials\).*Configure a credential/,
    ],
    ['403', respondWith(403, '{"detail":"No access"}'), 'forbidden', /\(No access\)/],
    [
      '403 for asking too often',
      respondWith(403, '{}', { 'x-ratelimit-remaining': '0' }),
      'rate_limited',
      /Rate limited/,
    ],
    ['404', respondWith(404, 'nothing here'), 'not_found', /Check the URL/],
    [
      '400 with an explanation below',
      respondWith(400, '{"errors":[{"message":"no such field"}]}'),
      'http',
      /no such field/,
    ],
    [
      '400 in which a terminal is attacked',
      respondWith(400, '{"message":"\\u001b[2Jgone\\n::error::x"}'),
      'http',
      /\([^\p{C}]*\)/u,
    ],
    ['500', respondWith(500, page), 'http', /responded with 500\.$/],
    [
      '500, compressed',
      respondWith(500, gzipSync('{"message":"boom"}'), { 'content-encoding': 'gzip' }),
      'http',
      /boom/,
    ],
    ['500 with an endless body', respondWith(500, 'x'.repeat(1_000_000)), 'http', /responded with 500/],
    ['304 that was not asked for', respondWith(304, ''), 'http', /304/],
  ])('%s', async (_name, handler, code, message) => {
    const server = await serve(handler);
    const error = await failureOf(transportTo(server.url, { limits: LIMITS }).fetch);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.message).toContain(`GET ${server.url}/runs`);
  });

  it('truncates a long explanation', async () => {
    const server = await serve(respondWith(400, JSON.stringify({ message: 'long '.repeat(10_000) })));
    expect((await failureOf(transportTo(server.url).fetch)).message.length).toBeLessThan(300);
  });

  it('passes a status to the adapter that handles it', async () => {
    const server = await serve(respondWith(404, 'not JSON at all'));
    const { status, body } = await transportTo(server.url).fetch({ url: 'runs/7', accept: [404] });
    expect({ status, body }).toEqual({ status: 404, body: undefined });
  });
});

describe('bodies', () => {
  it.each<[string, RequestListener, string, RegExp]>([
    [
      'a login page',
      respondWith(200, page, { 'content-type': 'application/json' }),
      'shape',
      /web page.*require a login/,
    ],
    ['nothing', respondWith(200, ''), 'shape', /empty body/],
    ['204', respondWith(204, ''), 'shape', /responded with 204 and an empty body/],
    ['text', respondWith(200, 'OK'), 'shape', /not JSON/],
    ['truncated JSON', respondWith(200, '{"runs":[{"id":1},'), 'truncated', /truncated JSON/],
    ['a length that is too short', respondWith(200, ok, { 'content-length': '5' }), 'truncated', /truncated JSON/],
    ['a body over the limit, announced', respondWith(200, big), 'limit', /more than 10 KiB/],
    ['a body over the limit, in chunks', chunked(big), 'limit', /more than 10 KiB/],
    [
      'a gzip bomb',
      respondWith(200, gzipSync(Buffer.alloc(5_000_000)), { 'content-encoding': 'gzip' }),
      'limit',
      /more than 10 KiB/,
    ],
    [
      'a brotli bomb',
      respondWith(200, brotliCompressSync(Buffer.alloc(5_000_000)), { 'content-encoding': 'br' }),
      'limit',
      /more than/,
    ],
    [
      'gzip that is cut',
      respondWith(200, gzipSync(ok).subarray(0, 12), { 'content-encoding': 'gzip' }),
      'truncated',
      /damaged or truncated/,
    ],
    [
      'an encoding nobody asked for',
      respondWith(200, deflateRawSync(ok), { 'content-encoding': 'zstd' }),
      'shape',
      /unsupported compression/,
    ],
    ['deep nesting', respondWith(200, `${'['.repeat(9)}${']'.repeat(9)}`), 'limit', /more than 8 levels/],
    ['large headers', respondWith(200, ok, { link: 'x'.repeat(40_000) }), 'limit', /headers larger/],
  ])('refuses %s', async (_name, handler, code, message) => {
    const server = await serve(handler);
    const error = await failureOf(transportTo(server.url, { limits: LIMITS }).fetch);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each<[string, RequestListener]>([
    ['plain', respondWith(200, ok)],
    ['in chunks', chunked(ok)],
    ['with a byte order mark', respondWith(200, `\ufeff${ok}`)],
    ['gzip', respondWith(200, gzipSync(ok), { 'content-encoding': 'gzip' })],
    ['brotli', respondWith(200, brotliCompressSync(ok), { 'content-encoding': 'br' })],
    ['with a wrong content type', respondWith(200, ok, { 'content-type': 'text/html' })],
    ['as deep as allowed', respondWith(200, ok)],
  ])('reads JSON %s', async (_name, handler) => {
    const server = await serve(handler);
    const response = await transportTo(server.url, { limits: { ...LIMITS, depth: 2 } }).fetch({ url: 'runs' });
    expect(response.body).toEqual({ runs: [] });
    expect(response.url).toBe(`${server.url}/runs`);
  });
});

describe('connections', () => {
  it('reports a refused connection', async () => {
    const server = await startServer(respondWith(200, ok));
    await server.close();
    const transport = transportTo(server.url);
    expect(await failureOf(transport.fetch)).toMatchObject({
      code: 'network',
      message: expect.stringMatching(/connection refused.*4 attempts/),
    });
  });

  it.each<[string, RequestListener]>([
    ['before the response', (_request, response) => void response.destroy()],
    [
      'in the middle of a body of known length',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"runs":[', () => response.destroy());
      },
    ],
    ['in the middle of chunks', (_request, response) => void response.write('{"runs":[', () => response.destroy())],
  ])('retries when the connection breaks %s', async (_name, handler) => {
    const server = await serve(handler);
    const error = await failureOf(transportTo(server.url).fetch);
    expect(error).toMatchObject({ code: 'network', message: expect.stringMatching(/connection broke/) });
    expect(server.seen).toHaveLength(4);
  });

  it('gives up on a response whose time passed while it was read', async () => {
    let clock = 0;
    const server = await serve(respondWith(200, '{"runs":[]}'));
    const options = { timeoutMs: 1000, monotonic: () => clock, debug: () => void (clock = 1000) };
    expect(await failureOf(transportTo(server.url, options).fetch)).toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/1 s for this source passed before the response .* had arrived and been read/),
    });
    expect(server.seen).toHaveLength(1);
  });

  it.each<[string, RequestListener]>([
    ['no head', () => {}],
    ['half a body', (_request, response) => void response.write('{"runs":[')],
  ])('gives up on a server that sends %s', async (_name, handler) => {
    const server = await serve(handler);
    const patient = transportTo(server.url, { timeoutMs: 100 });
    expect(await failureOf(patient.fetch)).toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/0\.1 s for this source/),
    });
    expect(server.seen).toHaveLength(1);
    const hasty = transportTo(server.url, { requestTimeoutMs: 50 });
    expect(await failureOf(hasty.fetch)).toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/within 0\.05 s.*4 attempts/),
    });
  });

  it('stops at once when aborted', async () => {
    const server = await serve(() => {});
    const aborting = new AbortController();
    const asked = transportTo(server.url, { signal: aborting.signal }).fetch({ url: 'runs' });
    setTimeout(() => aborting.abort(new Error('interrupted')), 20);
    await expect(asked).rejects.toThrow('interrupted');
  });

  it('queues requests beyond the number of connections', async () => {
    let busy = 0;
    let most = 0;
    const server = await serve((_request, response) => {
      most = Math.max(most, ++busy);
      setTimeout(() => (busy--, response.end(ok)), 5);
    });
    const { fetch } = transportTo(server.url, { requestTimeoutMs: 1_000 });
    await Promise.all(Array.from({ length: 40 }, (_, i) => fetch({ url: `runs?page=${i}` })));
    expect(most).toBe(8);
  });
});

describe('requests', () => {
  it('carry the user agent, the credentials, and a query as JSON', async () => {
    const server = await serve(respondWith(200, ok));
    const { fetch, stats } = transportTo(`${server.url}/prefix`, {
      credentials: { 'PRIVATE-TOKEN': 'tok-12345' },
      version: '1.2.3',
    });
    await fetch({
      url: 'graphql',
      method: 'POST',
      body: { query: 'ü' },
      headers: { Accept: 'application/vnd.x+json' },
    });
    expect(server.seen).toMatchObject([
      {
        method: 'POST',
        url: '/prefix/graphql',
        body: '{"query":"ü"}',
        headers: {
          'user-agent': 'tardy/1.2.3',
          accept: 'application/vnd.x+json',
          'accept-encoding': 'gzip, br',
          'content-type': 'application/json',
          'private-token': 'tok-12345',
        },
      },
    ]);
    expect(stats()).toEqual({ pages: 1, requests: 1, retries: 0, unchanged: 0, bytes: ok.length });
  });

  it('cannot override the configured credential', async () => {
    const server = await serve(respondWith(200, ok));
    const { fetch } = transportTo(server.url, { credentials: { Authorization: 'Bearer right' } });
    await fetch({ url: 'runs', headers: { authorization: 'Bearer wrong' } });
    expect(server.seen[0]?.headers.authorization).toBe('Bearer right');
  });
});

/** Without a length, so that a limit shows only while reading. */
function chunked(body: string): RequestListener {
  return (_request, response) => {
    for (let at = 0; at < body.length; at += 1000) response.write(body.slice(at, at + 1000));
    response.end();
  };
}

describe('a signer', () => {
  it('signs each request as it is sent, those again that are tried again', async () => {
    const server = await serve((request, response) =>
      respondWith(server.seen.length < 2 ? 503 : 200, ok)(request, response),
    );
    const signed: unknown[] = [];
    let clock = 1_795_867_200_000;
    const transport = transportTo(server.url, {
      now: () => (clock += 1000),
      signer: async (request, now) => {
        signed.push(request);
        return { authorization: `at ${now - (now % 1000)}` };
      },
    });
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-target': 'List' };
    await transport.fetch({ url: 'runs', method: 'POST', headers, body: { a: 1 } });
    expect(signed).toHaveLength(2);
    expect(signed[0]).toMatchObject({ method: 'POST', url: `${server.url}/runs`, headers, body: '{"a":1}' });
    expect(server.seen.map((seen) => seen.headers['content-type'])).toEqual([
      'application/x-amz-json-1.0',
      'application/x-amz-json-1.0',
    ]);
    const sent = server.seen.map((seen) => seen.headers.authorization);
    expect(sent.every((one) => one?.startsWith('at 17958') === true)).toBe(true);
    expect(new Set(sent).size).toBe(2);
  });

  it('signs nothing for another origin', async () => {
    const other = await serve(respondWith(200, ok));
    const home = await serve(respondWith(302, 'moved', { location: `${other.url}/runs` }));
    const transport = transportTo(home.url, { signer: async () => ({ authorization: 'signed' }) });
    expect((await failureOf(transport.fetch)).code).toBe('refused');
    expect(other.seen).toEqual([]);
  });
});
