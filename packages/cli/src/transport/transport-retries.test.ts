import type { RequestListener } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { TransportOptions } from './settings.js';
import { respondWith, inTurn, startServer, type TestServer } from './test-server.js';
import { createTransport, type Transport } from './transport.js';

const NOW = Date.UTC(2030, 0, 1, 12);
const ok = respondWith(200, '{"runs":[]}');

const opened: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** A server, a transport to it, and the waits that it would have made: sleeping moves both clocks and takes no time. */
async function setUp(handler: RequestListener, options: Partial<TransportOptions> = {}) {
  const server: TestServer = await startServer(handler);
  const waits: number[] = [];
  let elapsed = 0;
  const transport: Transport = createTransport({
    baseUrl: server.url,
    timeoutMs: 60_000,
    random: () => 0.5,
    now: () => NOW + elapsed,
    monotonic: () => elapsed,
    sleep: async (ms) => {
      waits.push(ms);
      elapsed += ms;
    },
    ...options,
  });
  opened.push(server, transport);
  return { server, transport, waits, pass: (ms: number) => (elapsed += ms) };
}

describe('retries', () => {
  it.each<[string, RequestListener, number[]]>([
    ['429 that asks for two seconds', respondWith(429, '', { 'retry-after': '2' }), [2_250]],
    ['429 that does not say', respondWith(429, ''), [250]],
    ['403 of a limit', respondWith(403, '', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' }), [5_250]],
    ['502', respondWith(502, 'bad gateway'), [250]],
    ['504', respondWith(504, ''), [250]],
    ['a connection that breaks', (_request, response) => void response.destroy(), [250]],
  ])('recover after %s', async (_name, handler, expected) => {
    const { transport, waits } = await setUp(inTurn(handler, ok));
    await expect(transport.fetch({ url: 'runs' })).resolves.toMatchObject({ status: 200 });
    expect(waits).toEqual(expected);
    expect(transport.stats()).toMatchObject({ requests: 2, retries: 1, pages: 1 });
  });

  it('repeat queries too, with their body', async () => {
    const { transport, server } = await setUp(inTurn(respondWith(503, ''), ok));
    await transport.fetch({ url: 'graphql', method: 'POST', body: { a: 1 } });
    expect(server.seen.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('end after four attempts', async () => {
    const { transport, server, waits } = await setUp(respondWith(503, '{"message":"down"}'));
    await expect(transport.fetch({ url: 'runs' })).rejects.toMatchObject({
      code: 'http',
      status: 503,
      message: expect.stringMatching(/\(down\).*4 attempts/),
    });
    expect(server.seen).toHaveLength(4);
    expect(waits).toEqual([250, 500, 1000]);
  });

  it.each([400, 401, 403, 404, 500, 501])('do not follow %i', async (status) => {
    const { transport, server } = await setUp(respondWith(status, ''));
    await expect(transport.fetch({ url: 'runs' })).rejects.toMatchObject({ status });
    expect(server.seen).toHaveLength(1);
  });

  it('do not follow a status that the adapter handles', async () => {
    const { transport, server } = await setUp(respondWith(503, '{"state":"warming up"}'));
    await expect(transport.fetch({ url: 'runs', accept: [503] })).resolves.toMatchObject({ status: 503 });
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    [429, { 'retry-after': '3600' }],
    [503, { 'retry-after': '3600' }],
    [429, { 'retry-after': 'Tue, 01 Jan 2030 13:00:00 GMT', date: 'Tue, 01 Jan 2030 12:00:00 GMT' }],
  ])('stop at once if %i asks to wait beyond the deadline', async (status, headers) => {
    const { transport, waits } = await setUp(respondWith(status, '', headers));
    await expect(transport.fetch({ url: 'runs' })).rejects.toMatchObject({
      code: 'rate_limited',
      status,
      message: expect.stringMatching(/Retry after 3600 s \(at 2030-01-01T13:00:00.000Z\)/),
    });
    expect(waits).toEqual([]);
  });
});

describe('the deadline', () => {
  it('spans all requests of a listing, and the follow-ups; the next listing has its own', async () => {
    const { transport, pass } = await setUp(ok);
    const first = transport.listing();
    await first({ url: 'runs?page=1' });
    pass(60_000);
    await expect(first({ url: 'runs?page=2' })).rejects.toMatchObject({ code: 'timeout' });
    await expect(transport.fetch({ url: 'runs/1' })).rejects.toMatchObject({ code: 'timeout' });
    await expect(transport.lookup()({ url: 'runs/1' })).resolves.toMatchObject({ status: 200 });
    await expect(transport.listing()({ url: 'runs?page=1' })).resolves.toMatchObject({ status: 200 });
  });

  it('ends a real wait when the transport is closed', async () => {
    const { transport } = await setUp(respondWith(503, '', { 'retry-after': '30' }), {
      sleep: async (ms, signal) => wait(ms, undefined, { signal }),
    });
    const asked = transport.fetch({ url: 'runs' });
    setTimeout(() => void transport.close(), 50);
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a listing', () => {
  it('detects loops, which single requests may have', async () => {
    const { transport } = await setUp(ok);
    const listing = transport.listing();
    await listing({ url: 'runs?page=1' });
    await expect(listing({ url: '/runs?page=1' })).rejects.toMatchObject({ code: 'truncated' });
    await transport.fetch({ url: 'runs?page=1' });
    await transport.fetch({ url: 'runs?page=1' });
  });

  it('has a limit', async () => {
    const { transport } = await setUp(ok, { limits: { requests: 2 } });
    const listing = transport.listing();
    await listing({ url: 'runs?page=1' });
    await listing({ url: 'runs?page=2' });
    await expect(listing({ url: 'runs?page=3' })).rejects.toMatchObject({ code: 'limit' });
  });
});
