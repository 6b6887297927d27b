import type { RequestListener } from 'node:http';
import { SourceError } from '@tardy/core/sources';
import { afterEach, describe, expect, it } from 'vitest';
import { createPool } from './pool.js';
import { TEST_CERTIFICATE } from './test-certificate.js';
import { respondWith, startServer, type TestServer } from './test-server.js';
import { createTransport } from './transport.js';

const CREDENTIALS = { authorization: 'Bearer tok-12345', 'x-api-key': 'key-67890' };
const ok = '{"runs":[]}';

const opened: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function serve(handler: RequestListener, options: { readonly tls?: boolean } = {}): Promise<TestServer> {
  const server = await startServer(handler, options);
  opened.push(server);
  return server;
}

function fetchFrom(baseUrl: string) {
  const pool = createPool({ ca: TEST_CERTIFICATE });
  const transport = createTransport({ baseUrl, pool, credentials: CREDENTIALS, sleep: async () => {} });
  opened.push(transport, pool);
  return transport.fetch;
}

const redirect = (location: string, status = 302): RequestListener => respondWith(status, 'moved', { location });

/** Whether any credential, or header of the adapter, arrived. */
function strayHeaders(server: TestServer): string[] {
  const names = ['authorization', 'x-api-key', 'cookie', 'x-adapter'];
  return server.seen.flatMap(({ headers }) => names.filter((name) => headers[name] !== undefined));
}

describe('redirects', () => {
  it('within the origin keep the credentials', async () => {
    const server = await serve((request, response) =>
      request.url === '/old'
        ? redirect('/new?page=1', 308)(request, response)
        : respondWith(200, ok)(request, response),
    );
    const response = await fetchFrom(server.url)({ url: '/old', method: 'POST', body: { a: 1 } });
    expect(response.url).toBe(`${server.url}/new?page=1`);
    expect(server.seen[1]).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { authorization: CREDENTIALS.authorization, 'x-api-key': CREDENTIALS['x-api-key'] },
    });
  });

  it.each([
    ['credentials', CREDENTIALS, {}],
    ['a header of the adapter, which may be one', {}, { 'x-session': 'abc' }],
  ])('to another origin are refused for a request with %s', async (_name, credentials, headers) => {
    const other = await serve(respondWith(200, ok));
    const home = await serve(redirect(`${other.url}/runs`));
    const transport = createTransport({ baseUrl: home.url, credentials });
    opened.push(transport);
    await expect(transport.fetch({ url: 'runs', headers })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/another origin, http:.*must not get the credentials; configure that URL/),
    });
    expect(other.seen).toEqual([]);
  });

  it('to another origin are followed without credentials, and carry no header on the way back', async () => {
    const home: TestServer = await serve((request, response) =>
      request.url === '/runs'
        ? redirect(`${other.url}/blob?sig=abc`)(request, response)
        : respondWith(200, ok)(request, response),
    );
    const other: TestServer = await serve((request, response) => redirect(`${home.url}/back`)(request, response));
    const transport = createTransport({ baseUrl: home.url });
    opened.push(transport);
    expect((await transport.fetch({ url: 'runs' })).body).toEqual({ runs: [] });
    expect(other.seen).toHaveLength(1);
    expect(strayHeaders(other)).toEqual([]);
  });

  it('to a login page say that a login is needed', async () => {
    const server = await serve((request, response) =>
      request.url === '/login' ? respondWith(200, '<html>')(request, response) : redirect('/login')(request, response),
    );
    await expect(fetchFrom(server.url)({ url: 'runs' })).rejects.toMatchObject({
      code: 'shape',
      message: expect.stringMatching(/\/login \(after a redirect\).*require a login/),
    });
  });

  it('in a circle end', async () => {
    const server = await serve(redirect('/runs'));
    await expect(fetchFrom(server.url)({ url: 'runs' })).rejects.toMatchObject({ code: 'refused' });
    expect(server.seen).toHaveLength(6);
  });

  it('from https to http are refused', async () => {
    const plain = await serve(respondWith(200, ok));
    const secure = await serve(redirect(`${plain.url}/runs`), { tls: true });
    await expect(fetchFrom(secure.url)({ url: 'runs' })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/from https to http/),
    });
    expect(plain.seen).toHaveLength(0);
  });

  it('of a query to another origin are refused', async () => {
    const other = await serve(respondWith(200, ok));
    const home = await serve(redirect(`${other.url}/graphql`, 307));
    const asked = fetchFrom(home.url)({ url: 'graphql', method: 'POST', body: {} });
    await expect(asked).rejects.toMatchObject({ code: 'refused' });
    expect(other.seen).toHaveLength(0);
  });

  it.each(['file:///etc/passwd', 'https://user:pass@127.0.0.1/', 'http://'])('to %s are refused', async (location) => {
    const server = await serve(redirect(location));
    await expect(fetchFrom(server.url)({ url: 'runs' })).rejects.toMatchObject({ code: 'refused' });
  });

  it('tell nothing about the clock of the source when another host responds', async () => {
    const other = await serve(respondWith(200, ok, { date: 'Sat, 01 Jan 2000 00:00:00 GMT' }));
    const home = await serve(redirect(`${other.url}/runs`));
    const transport = createTransport({ baseUrl: home.url });
    opened.push(transport);
    await transport.fetch({ url: 'runs' });
    expect(Math.abs(transport.clock()?.offsetMs ?? NaN)).toBeLessThan(2_000);
  });
});

describe('links', () => {
  it('to another origin are refused before anything is sent', async () => {
    const home = await serve(respondWith(200, ok));
    const other = await serve(respondWith(200, ok));
    const fetch = fetchFrom(home.url);
    const { host } = new URL(home.url);
    for (const url of [
      `${other.url}/next`,
      `//${new URL(other.url).host}/next`,
      `http://${host}@${new URL(other.url).host}/`,
    ]) {
      const error: unknown = await fetch({ url }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SourceError);
      expect(error).toMatchObject({ code: 'refused' });
    }
    expect([...home.seen, ...other.seen]).toEqual([]);
  });
});

describe('hosts that serve the credentials of a cloud', () => {
  const code = (error: unknown): unknown => (error instanceof SourceError ? error.code : error);
  const read = (baseUrl: string, allowHosts: readonly string[] = []) => {
    const transport = createTransport({ baseUrl, allowHosts, timeoutMs: 300 });
    opened.push(transport);
    return transport.fetch({ url: 'runs' }).catch((error: unknown) => error);
  };

  it.each(['http://169.254.169.254/latest', 'http://metadata.google.internal', 'http://[fe80::1]/api'])(
    'are not asked unless they are allowed: %s',
    async (url) => {
      const refused = await read(url);
      expect(code(refused)).toBe('refused');
      expect(String(refused)).toContain('--allow-host');
      expect(code(await read(url, [new URL(url).hostname]))).not.toBe('refused');
    },
  );

  it('are not asked after a redirect either', async () => {
    const home = await serve(redirect('http://169.254.169.254/latest/meta-data'));
    expect(String(await read(home.url))).toMatch(/169\.254\.169\.254.*--allow-host/);
  });
});
