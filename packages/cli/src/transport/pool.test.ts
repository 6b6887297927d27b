import { createServer } from 'node:http';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { connect } from './connect.js';
import { createPool, type PoolOptions } from './pool.js';
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate.js';
import { respondWith, startServer } from './test-server.js';
import { createTransport } from './transport.js';

const opened: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function ask(options: PoolOptions, tls: boolean) {
  const server = await startServer(respondWith(200, '{}'), { tls });
  const pool = createPool(options);
  const transport = createTransport({ baseUrl: server.url, pool, sleep: async () => {} });
  opened.push(transport, pool, server);
  return transport.fetch({ url: 'runs' });
}

/** A proxy that tunnels (CONNECT), and the hosts that it was asked for. */
async function startProxy() {
  const asked: string[] = [];
  const server = createServer().on('connect', (request, client) => {
    asked.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const target = connectTcp(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({ close: async () => void server.close() });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('TLS', () => {
  it('refuses an untrusted certificate and does not retry', async () => {
    await expect(ask({}, true)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/untrusted certificate.*--ca(?!.*attempts)/),
    });
  });

  it('is verified even if the environment disables it', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    await expect(ask({}, true)).rejects.toMatchObject({ code: 'network' });
  });

  it('trusts a certificate that was added', async () => {
    await expect(ask({ ca: TEST_CERTIFICATE }, true)).resolves.toMatchObject({ status: 200 });
  });
});

describe('a client certificate', () => {
  const own = { certificate: TEST_CERTIFICATE, key: TEST_KEY };

  it('is shown to its origin only', async () => {
    const other = await startServer(respondWith(200, '{}'), { tls: true });
    const home = await startServer(
      (request, response) => {
        if (request.url === '/runs') response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        else response.writeHead(307, { location: `${other.url}/runs` }).end();
      },
      { tls: true },
    );
    const options = { baseUrl: home.url, credentials: {}, timeoutMs: 5_000, ca: TEST_CERTIFICATE, debug: undefined };
    const connection = await connect({ ...options, clientCertificate: own });
    opened.push(connection, home, other);
    await connection.fetch({ url: 'runs' });
    await connection.fetch({ url: 'moved' });
    expect(home.seen.map(({ client }) => client)).toEqual(['tardy test', 'tardy test']);
    expect(other.seen.map(({ client }) => client)).toEqual([undefined]);
  });
});

describe('proxies', () => {
  it.each([
    ['HTTP_PROXY', false],
    ['http_proxy', false],
    ['HTTPS_PROXY', true],
  ])('%s is used', async (name, tls) => {
    const proxy = await startProxy();
    await ask({ env: { [name]: proxy.url }, ca: TEST_CERTIFICATE }, tls);
    expect(proxy.asked).toHaveLength(1);
  });

  it('may be written without a scheme, as for curl', async () => {
    const proxy = await startProxy();
    await ask({ env: { HTTP_PROXY: ` ${proxy.url.replace('http://', '')}\n` } }, false);
    expect(proxy.asked).toHaveLength(1);
  });

  it.each([
    {
      env: { HTTPS_PROXY: 'user:s3cret@proxy.example:3128' },
      url: 'https://a.example',
      proxy: 'proxy.example:3128 (HTTPS_PROXY)',
    },
    { env: { HTTPS_PROXY: 'proxy.example' }, url: 'http://a.example', proxy: undefined },
    { env: { http_proxy: 'http://p:1', HTTP_PROXY: 'http://q:2' }, url: 'http://a.example', proxy: 'p:1 (http_proxy)' },
    { env: {}, url: 'https://a.example', proxy: undefined },
  ])('$proxy is named for $url', ({ env, url, proxy }) => {
    expect(createPool({ env }).proxyFor(new URL(url))).toBe(proxy);
  });

  it.each([
    ['HTTPS_PROXY', 'socks5://proxy.example:1080'],
    ['http_proxy', 'not a URL'],
  ])('%s=%s is refused without showing it', (name, value) => {
    const failure = (() => {
      try {
        return createPool({ env: { [name]: value } });
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(`${name} is not the URL of an HTTP proxy`);
    expect(String(failure)).not.toContain(value);
  });

  it('NO_PROXY bypasses it', async () => {
    const proxy = await startProxy();
    await ask({ env: { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' } }, false);
    expect(proxy.asked).toEqual([]);
  });
});

describe('connect', () => {
  it.each([
    ['a credential with a line break', { authorization: 'Bearer s3c\nret' }, 'https://host.example'],
    ['a URL with a password', {}, 'https://ana:s3cret@host.example'],
  ])('refuses %s as a usage error', async (_name, credentials, baseUrl) => {
    const options = { baseUrl, credentials, timeoutMs: 1, ca: undefined, debug: undefined };
    const failure = await connect(options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).not.toMatch(/s3c/);
  });

  it('shares connections until the last one is closed', async () => {
    const server = await startServer(respondWith(200, '{}'));
    opened.push(server);
    const options = { baseUrl: server.url, credentials: {}, timeoutMs: 5_000, ca: undefined, debug: undefined };
    const [first, second] = [await connect(options), await connect(options)];
    await first.fetch({ url: 'runs' });
    await first.close();
    await first.close();
    await expect(second.fetch({ url: 'runs' })).resolves.toMatchObject({ status: 200 });
    await second.close();
    await expect(second.fetch({ url: 'runs' })).rejects.toMatchObject({ name: 'AbortError' });
    const third = await connect(options);
    await expect(third.fetch({ url: 'runs' })).resolves.toMatchObject({ status: 200 });
    await third.close();
  });
});
