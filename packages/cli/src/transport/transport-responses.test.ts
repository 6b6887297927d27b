import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { EtagStore } from './etag-store.js';
import type { TransportOptions } from './settings.js';
import { respondWith, inTurn, startServer } from './test-server.js';
import { createTransport } from './transport.js';

const opened: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function setUp(handler: RequestListener, options: Partial<TransportOptions> = {}) {
  const server = await startServer(handler);
  const lines: string[] = [];
  const connect = (more: Partial<TransportOptions> = {}) => {
    const all = { sleep: async () => {}, debug: (line: string) => void lines.push(line), ...options, ...more };
    const transport = createTransport({ baseUrl: server.url, ...all });
    opened.push(transport);
    return transport;
  };
  opened.push(server);
  return { server, connect, lines };
}

/** Responses 304 to whoever knows the tag. */
const tagged: RequestListener = (request, response) => {
  const known = request.headers['if-none-match'] === '"v1"';
  response.writeHead(known ? 304 : 200, {
    etag: '"v1"',
    ...(known ? { 'x-fresh': 'yes' } : { link: '<next>; rel="next"' }),
  });
  response.end(known ? undefined : '{"runs":[{"id":"1"}]}');
};

describe('unchanged responses', () => {
  it('come back complete, with the headers of both, each as a value of its own', async () => {
    const { server, connect } = await setUp(tagged);
    const transport = connect();
    const first = await transport.fetch({ url: 'runs' });
    (first.body as { runs: unknown[] }).runs.pop();
    const again = await transport.fetch({ url: 'runs' });
    expect(again).toMatchObject({ status: 200, body: { runs: [{ id: '1' }] } });
    expect([again.headers.get('Link'), again.headers.get('x-fresh')]).toEqual(['<next>; rel="next"', 'yes']);
    expect(server.seen[1]?.headers['if-none-match']).toBe('"v1"');
    expect(transport.stats()).toMatchObject({ pages: 2, unchanged: 1 });
  });

  it('are not shared between credentials, nor between what was asked for', async () => {
    const { server, connect } = await setUp(tagged);
    const etags = new EtagStore();
    const ask = (token: string, accept: string) =>
      connect({ etags, credentials: { authorization: token } }).fetch({ url: 'runs', headers: { accept } });
    await ask('Bearer one', 'a/b');
    await ask('Bearer two', 'a/b');
    await ask('Bearer one', 'a/c');
    await ask('Bearer one', 'a/b');
    expect(server.seen.map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      undefined,
      undefined,
      '"v1"',
    ]);
  });

  it('are not remembered of a body that could not be read', async () => {
    const { server, connect } = await setUp(respondWith(200, '<html>', { etag: '"v1"' }));
    const { fetch } = connect();
    for (let i = 0; i < 2; i++) await expect(fetch({ url: 'runs' })).rejects.toMatchObject({ code: 'shape' });
    expect(server.seen[1]?.headers).not.toHaveProperty('if-none-match');
  });
});

describe('the clock of the source', () => {
  const dated = (aheadMs: number, headers: Record<string, string> = {}): RequestListener => {
    return (_request, response) => {
      response.writeHead(200, { date: new Date(Date.now() + aheadMs).toUTCString(), ...headers });
      response.end('{}');
    };
  };

  it('is measured from the responses', async () => {
    const { connect } = await setUp(dated(90_000));
    const transport = connect();
    expect(transport.clock()).toBeUndefined();
    await transport.fetch({ url: 'runs' });
    const { offsetMs, uncertaintyMs } = transport.clock() ?? { offsetMs: 0, uncertaintyMs: 0 };
    expect(Math.abs(offsetMs - 90_000)).toBeLessThanOrEqual(uncertaintyMs);
    expect(uncertaintyMs).toBeLessThan(1_000);
  });

  it('is that of refusals too, and of unchanged responses', async () => {
    const { connect } = await setUp(respondWith(404, '', { date: new Date(Date.now() - 90_000).toUTCString() }));
    const transport = connect();
    await transport.fetch({ url: 'runs', accept: [404] });
    expect(transport.clock()?.offsetMs).toBeLessThan(-88_000);
  });

  it('is taken for ours where no difference shows', async () => {
    const { connect } = await setUp(dated(0));
    const transport = connect();
    await transport.fetch({ url: 'runs' });
    expect(transport.clock()?.offsetMs).toBe(0);
  });

  it('is not that of a cache', async () => {
    const { connect } = await setUp(dated(-90_000, { age: '90' }));
    const transport = connect();
    await transport.fetch({ url: 'runs' });
    expect(transport.clock()).toBeUndefined();
  });
});

describe('secrets', () => {
  const TOKEN = 'tok-1234567890';
  const basic = `Basic ${Buffer.from(`me:${TOKEN}`).toString('base64')}`;

  it.each<[string, RequestListener, string]>([
    [
      'a server that repeats the header',
      (request, response) =>
        respondWith(401, JSON.stringify({ message: `bad ${request.headers.authorization}` }))(request, response),
      'runs',
    ],
    [
      'a server that repeats the token',
      respondWith(400, JSON.stringify({ detail: `no such token: ${TOKEN}` })),
      'runs',
    ],
    ['a link with the token in it', respondWith(500, ''), `runs?q=${TOKEN}&token=other-secret`],
    ['a broken connection', (_request, response) => void response.destroy(), `runs?key=other-secret`],
    ['a login page that repeats it', respondWith(200, `<a href="?t=${TOKEN}">`), 'runs'],
    [
      'a redirect with it',
      inTurn(respondWith(302, '', { location: `/x/${TOKEN}?sig=other-secret` }), respondWith(500, '')),
      'runs',
    ],
    ['a refused redirect with it', respondWith(302, '', { location: `ftp://${TOKEN}/?sig=other-secret` }), 'runs'],
    ['a link elsewhere with it', respondWith(200, '{}'), `https://${TOKEN}.example/?sig=other-secret`],
  ])('never show: %s', async (_name, handler, url) => {
    for (const credential of [`Bearer ${TOKEN}`, basic, TOKEN]) {
      const { connect, lines } = await setUp(handler);
      const error: unknown = await connect({ credentials: { Authorization: credential } })
        .fetch({ url })
        .catch((thrown: unknown) => thrown);
      const shown = [inspect(error, { depth: null, showHidden: true }), String((error as Error).stack), ...lines].join(
        '\n',
      );
      expect(error).toHaveProperty('code');
      expect(shown).not.toContain(TOKEN);
      expect(shown).not.toContain(basic.slice(6));
      expect(shown).not.toContain('other-secret');
    }
  });

  it('are not shown when no header can carry them', () => {
    const make = () => createTransport({ baseUrl: 'https://host', credentials: { 'x-key': `${TOKEN}\nx: y` } });
    expect(make).toThrow(/x-key.*line break/);
    expect(make).not.toThrow(TOKEN);
  });

  it('leave the debug lines useful', async () => {
    const { connect, lines, server } = await setUp(inTurn(respondWith(503, ''), respondWith(200, '{}')));
    await connect().fetch({ url: 'runs?page=2' });
    expect(lines.map((line) => line.replace(/\d+ ms/, '… ms'))).toEqual([
      `GET ${server.url}/runs?page=2: 503 after … ms`,
      'retry 1 of 3 in … ms',
      `GET ${server.url}/runs?page=2: 200 after … ms`,
    ]);
  });
});
