import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createPolicy } from '@tardy/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHost, type Host } from './host.js';
import { bytesOf, requester, signIn, type Requester } from './test-requests.js';
import { buildWorker } from './test-worker.js';

const MEGABYTE = 1_048_576;
const errors: unknown[] = [];
let host: Host;
let ask: Requester;
let cookie: string;

beforeAll(async () => {
  host = await startHost({
    port: 0,
    workerFile: await buildWorker(),
    workers: 0,
    policy: createPolicy({ version: 1 }),
    restMs: 100,
    onError: (error) => errors.push(error),
  });
  ask = requester(host);
  cookie = await signIn(host.origin, 'dana');
}, 60_000);
afterAll(() => host.stop());

const post = (path: string, body = '') => ask('dana', 'session', path, { method: 'POST', body });

/** Sends what `fetch` does not let a script send: any `Host`, and a body without an end. */
function send(path: string, options: { method?: string; headers: Record<string, string>; body?: 'endless' }) {
  return new Promise<{ status: number | undefined; headers: IncomingMessage['headers']; sent: number }>(
    (resolve, reject) => {
      let sent = 0;
      let isOpen = true;
      const request = httpRequest(host.origin + path, { method: options.method ?? 'POST', headers: options.headers });
      request.on('response', (response) => {
        isOpen = false;
        response.resume();
        request.destroy();
        resolve({ status: response.statusCode, headers: response.headers, sent });
      });
      request.on('error', (error) => isOpen && reject(error));
      if (options.body === undefined) return request.end();
      const chunk = Buffer.alloc(16_384, 'a');
      const pump = (): void => {
        if (!isOpen || sent > 64 * MEGABYTE) return;
        sent += chunk.length;
        request.write(chunk, () => setImmediate(pump));
      };
      pump();
    },
  );
}

// `events` and `summary` are other calls of the API; the rest are ids that no run has.
describe.each(['events', 'summary', 'events%2F', '%ff', 'a%00'])('a run called %s', (id) => {
  it('has no page', async () => {
    const [response, none] = await Promise.all([
      ask('dana', 'session', `/admin/operations/${id}`),
      ask('dana', 'session', '/admin/operations/op_none'),
    ]);
    expect(response.status).toBe(404);
    expect(await bytesOf(response)).toBe(await bytesOf(none));
  });

  it.each(['kill', 'close'])('cannot be acted on: %s', async (action) => {
    const status = (await post(`/demo/runs/${id}/${action}`)).status;
    expect(id === 'a%00' ? 400 : 404).toBe(status);
  });
});

it('leaves no event stream open behind a page or a control', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  await post('/demo/runs/events/kill');
  const before = timers();
  for (let count = 0; count < 10; count++) {
    await post('/demo/runs/events/kill');
    await ask('dana', 'session', '/admin/operations/events');
  }
  expect(timers()).toBeLessThan(before + 10);
});

it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'tenant_backup '])(
  'orders no operation of the type %j',
  async (type) => {
    const count = async () => ((await (await ask('dana', 'token', '/api/runs')).json()) as { total: number }).total;
    const before = await count();
    const body = new URLSearchParams({ tenant: '7', type }).toString();
    expect((await post('/demo/runs', body)).status).toBe(400);
    expect(await count()).toBe(before);
  },
);

describe.each(['/session', '/demo/person', '/demo/runs', '/demo/switch', '/demo/kill', '/demo/expire'])(
  'a body without bounds to %s',
  (path) => {
    it('is refused by its length, before it is read', async () => {
      const headers = { 'Content-Length': String(400 * MEGABYTE), Cookie: cookie };
      const { status, headers: received, sent } = await send(path, { headers, body: 'endless' });
      expect([status, received.connection]).toEqual([413, 'close']);
      expect(sent).toBeLessThan(16 * MEGABYTE);
    });

    it('is refused after some kB where it does not say its length', async () => {
      const headers = { 'Transfer-Encoding': 'chunked', Cookie: cookie };
      const { status, headers: received, sent } = await send(path, { headers, body: 'endless' });
      expect([status, received.connection]).toEqual([413, 'close']);
      expect(sent).toBeLessThan(16 * MEGABYTE);
    });
  },
);

it('takes a form of up to 16 kB', async () => {
  const sized = (length: number) => `person=dana&return=${'x'.repeat(length - 'person=dana&return='.length)}`;
  expect((await post('/session', sized(16_384))).status).toBe(303);
  expect((await post('/session', sized(16_385))).status).toBe(413);
});

describe('a request to a host of another name', () => {
  const port = () => new URL(host.origin).port;

  it.each([
    { method: 'POST', path: '/session' },
    { method: 'GET', path: '/sign-in' },
    { method: 'GET', path: '/admin' },
    { method: 'GET', path: '/api/runs' },
    { method: 'GET', path: '/api/openapi.json' },
    { method: 'GET', path: '/favicon.svg' },
    { method: 'POST', path: '/demo/person' },
    { method: 'POST', path: '/demo/expire' },
  ])('is refused: $method $path', async ({ method, path }) => {
    const names = ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '0.0.0.0'];
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const headers = { Host: `${name}:${port()}`, Origin: `http://${name}:${port()}`, Cookie: cookie };
      const { status, headers: received } = await send(path, { method, headers });
      expect([name, status, received['set-cookie']]).toEqual([name, 403, undefined]);
    }
  });

  it.each(['127.0.0.1', 'localhost', 'LOCALHOST'])('is not one to %s', async (name) => {
    const headers = { Host: `${name}:${port()}`, Cookie: cookie };
    expect((await send('/api/runs', { method: 'GET', headers })).status).toBe(200);
  });
});

it('reads an id of every length that the API takes', async () => {
  const longest = encodeURIComponent('🌊'.repeat(4096));
  expect((await ask('dana', 'token', `/api/runs/${longest}`)).status).toBe(404);
  expect((await ask('dana', 'token', `/api/runs/${'x'.repeat(4097)}`)).status).toBe(400);
});

it('caused no error', () => {
  expect(errors).toEqual([]);
});
