import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatInstant } from '@tardy/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';
import { connect } from '../transport/connect.js';

/** What the server does with a request for `/runs`; `page` counts them from 1. */
type Misbehaviour = (response: ServerResponse, page: number, request: IncomingMessage) => void;

const run = (id: string, minutesSilent: number) => ({
  id,
  type: 'sync',
  status: 'running',
  started_at: formatInstant(NOON - 50 * 60_000),
  heartbeat_at: formatInstant(NOON - minutesSilent * 60_000),
});
const fresh = run('fresh', 0);
const stuck = run('stuck', 42);

function send(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** One good page that names a next, then whatever is given. */
const thenOnPageTwo =
  (misbehave: Misbehaviour): Misbehaviour =>
  (response, page, request) => {
    if (page === 1) send(response, { runs: [fresh], next: 'two' });
    else misbehave(response, page, request);
  };

const cases: readonly { readonly when: string; readonly server: Misbehaviour; readonly says: string }[] = [
  { when: 'the token has expired', server: (response) => send(response, { title: 'Expired' }, 401), says: 'auth' },
  {
    when: 'the token lacks a permission',
    server: (response) => send(response, { title: 'Forbidden' }, 403),
    says: 'forbidden',
  },
  {
    when: 'the URL is wrong',
    server: (response) => send(response, { title: 'Not found' }, 404),
    says: 'not_found',
  },
  { when: 'the server fails', server: (response) => send(response, 'oops', 500), says: 'http' },
  {
    when: 'the rate limit ends after our deadline',
    server: (response) => send(response, {}, 429, { 'retry-after': '3600' }),
    says: 'rate_limited',
  },
  {
    when: 'a login page comes with 200',
    server: (response) => send(response, '<!doctype html><title>Sign in</title>', 200, { 'content-type': 'text/html' }),
    says: 'web page',
  },
  { when: 'the JSON is truncated', server: (response) => send(response, '{"runs":[{"id":"1","ty'), says: 'truncated' },
  { when: 'the JSON ends after a row', server: (response) => send(response, '{"runs":[{"id":"1"}'), says: 'truncated' },
  { when: 'the body is empty', server: (response) => send(response, ''), says: 'shape' },
  { when: 'the body has no runs', server: (response) => send(response, {}), says: 'shape' },
  { when: 'an error comes as 200', server: (response) => send(response, { error: 'database is down' }), says: 'shape' },
  { when: 'runs is an object', server: (response) => send(response, { runs: {} }), says: 'shape' },
  {
    when: 'the page says that it is not complete',
    server: (response) => send(response, { runs: [fresh], complete: false }),
    says: 'not complete',
  },
  {
    when: 'fewer runs arrive than there are',
    server: (response) => send(response, { runs: [fresh], total: 7 }),
    says: '7 runs',
  },
  { when: 'a row cannot be read', server: (response) => send(response, { runs: [fresh, { id: 'odd' }] }), says: 'odd' },
  {
    when: 'a time has no offset',
    server: (response) => send(response, { runs: [{ ...fresh, started_at: '2026-11-23T11:00:00' }] }),
    says: 'started_at',
  },
  { when: 'the connection breaks', server: (response) => response.socket?.destroy(), says: 'network' },
  {
    when: 'the connection breaks inside the body',
    server: (response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write('{"runs":[');
      setTimeout(() => response.socket?.destroy(), 20);
    },
    says: 'could not be read',
  },
  { when: 'nothing responds in time', server: () => {}, says: 'timeout' },
  { when: 'the second page fails', server: thenOnPageTwo((response) => send(response, 'oops', 500)), says: 'http' },
  {
    when: 'the second page is truncated',
    server: thenOnPageTwo((response) => send(response, '{"runs":[')),
    says: 'truncated',
  },
  {
    when: 'the pages form a loop',
    server: thenOnPageTwo((response) => send(response, { runs: [], next: 'two' })),
    says: 'Pagination loops',
  },
  {
    when: 'the next page is at another origin',
    server: (response) => send(response, { runs: [fresh], next: 'http://127.0.0.2:9/api/runs?cursor=2' }),
    says: 'refused',
  },
  {
    when: 'it redirects to a login page',
    server: (response, _page, request) => {
      if (request.url?.startsWith('/login') === true) send(response, '<html>Sign in</html>');
      else send(response, '', 302, { location: '/login' });
    },
    says: 'web page',
  },
];

describe('tardy check cannot tell', () => {
  let misbehave: Misbehaviour = () => {};
  let pages = 0;
  let source = '';
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/api/policy')) send(response, {}, 404);
    else if (path === '/api/runs/stuck') send(response, stuck);
    else misbehave(response, ++pages, request);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    source = `runs:http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function check(behaviour: Misbehaviour) {
    misbehave = behaviour;
    pages = 0;
    const { io, printed } = fakeIo({ env: { TARDY_TOKEN: 's3same' } });
    const code = await runProgram({ ...io, connect }, [
      'check',
      source,
      '--now',
      formatInstant(NOON),
      '--timeout',
      '1s',
    ]);
    expect(printed.out + printed.err).not.toContain('s3same');
    return { code, out: printed.out, err: printed.err };
  }

  it('but can when the server behaves', async () => {
    const { code, out } = await check((response) => send(response, { runs: [fresh] }));
    expect({ code, healthy: out.includes('Nothing is late or stuck') }).toEqual({ code: 0, healthy: true });
  });

  it.each(cases)('when $when', async ({ server: behaviour, says }) => {
    const { code, out, err } = await check(behaviour);
    expect(code).toBe(3);
    expect(err).toContain(says);
    expect(out).not.toContain('Nothing is late or stuck');
  });

  it.each([
    { when: 'the second page fails', server: 'oops', status: 500 },
    { when: 'the second page is truncated', server: '{"runs":[', status: 200 },
  ])('but reports a stuck run that was read before $when', async ({ server: body, status }) => {
    const { code, out } = await check((response, page) => {
      if (page === 1) send(response, { runs: [stuck], next: 'two' });
      else send(response, body, status);
    });
    expect(code).toBe(1);
    expect(out).toContain('there may be more');
  });
});
