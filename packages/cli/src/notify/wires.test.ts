import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTACKS } from '../output/test-attacks.js';
import { inTurn, respondWith, startServer } from '../transport/test-server.js';
import { TEST_CERTIFICATE, TEST_KEY } from '../transport/test-certificate.js';
import { deliverWire } from './deliver-wire.js';
import { anAlert, aStep, due, hostileAlert, openKind } from './test-message.js';
import type { DeliverOptions, HttpWire, Wire } from './wire.js';

const OPTIONS: DeliverOptions = { timeoutMs: 5_000, ca: undefined, allowHosts: [], secrets: [], debug: undefined };
const http = (url: string, fields: Partial<HttpWire> = {}): HttpWire => ({
  via: 'http',
  url,
  headers: {},
  body: { text: 'x' },
  repeatable: false,
  accept: [],
  ...fields,
});

describe('a message over HTTP', () => {
  it('is one POST of JSON, confirmed by any 2xx whatever its body', async () => {
    for (const [status, body] of [
      [200, 'ok'],
      [202, ''],
      [204, ''],
    ] as const) {
      const server = await startServer(respondWith(status, body));
      expect(await deliverWire(http(`${server.url}/hook?sig=1`, { headers: { 'x-key': 'k' } }), OPTIONS)).toEqual({
        ok: true,
      });
      expect(server.seen).toMatchObject([{ method: 'POST', url: '/hook?sig=1', body: '{"text":"x"}' }]);
      expect(server.seen[0]?.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'x-key': 'k',
      });
      await server.close();
    }
  });

  it.each([
    { when: 'refused', status: 400, body: 'invalid_blocks', repeatable: true, sends: 1, says: '400 (invalid_blocks)' },
    {
      when: 'unknown',
      status: 404,
      body: '{"message":"Unknown Webhook"}',
      repeatable: true,
      sends: 1,
      says: 'Unknown Webhook',
    },
    { when: 'failed by a gateway', status: 502, body: '', repeatable: false, sends: 1, says: '502' },
    {
      when: 'failed by a gateway and repeatable',
      status: 502,
      body: '',
      repeatable: true,
      sends: 4,
      says: '(4 attempts)',
    },
    {
      when: 'not taken by an overloaded server',
      status: 503,
      body: '',
      repeatable: false,
      sends: 4,
      says: '(4 attempts)',
    },
    {
      when: 'redirected',
      status: 307,
      body: '',
      repeatable: true,
      sends: 1,
      says: 'a redirect, which is not followed',
    },
  ])('that is $when is sent $sends times', async ({ status, body, repeatable, sends, says }) => {
    const elsewhere = await startServer(respondWith(200, 'ok'));
    const server = await startServer(respondWith(status, body, status === 307 ? { location: elsewhere.url } : {}));
    const result = await deliverWire(http(server.url, { repeatable }), { ...OPTIONS, timeoutMs: 20_000 });
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining(says) as string });
    expect(server.seen).toHaveLength(sends);
    expect(elsewhere.seen).toHaveLength(0);
    await Promise.all([server.close(), elsewhere.close()]);
  });

  it('is sent again after a rate limit, as late as the server says', async () => {
    const server = await startServer(inTurn(respondWith(429, '', { 'retry-after': '1' }), respondWith(200, 'ok')));
    const startedMs = performance.now();
    expect(await deliverWire(http(server.url), OPTIONS)).toEqual({ ok: true });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(1000);
    await server.close();
  });

  it('is not sent again if the connection broke after it was sent, unless it is repeatable', async () => {
    for (const repeatable of [false, true]) {
      const server = await startServer(inTurn((request) => request.socket.destroy(), respondWith(200, 'ok')));
      expect((await deliverWire(http(server.url, { repeatable }), OPTIONS)).ok).toBe(repeatable);
      expect(server.seen).toHaveLength(repeatable ? 2 : 1);
      await server.close();
    }
  });

  it('goes to no metadata service, and over TLS to a trusted server only', async () => {
    expect(await deliverWire(http('http://169.254.169.254/x'), OPTIONS)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('--allow-host') as string,
    });
    const server = await startServer(respondWith(200, 'ok'), { tls: true });
    expect(await deliverWire(http(server.url), OPTIONS)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('untrusted certificate') as string,
    });
    expect(await deliverWire(http(server.url), { ...OPTIONS, ca: TEST_CERTIFICATE })).toEqual({ ok: true });
    expect(server.seen).toHaveLength(1);
    await server.close();
  });

  it('accepts a status that leaves nothing to be done, and never names path or query', async () => {
    const server = await startServer(respondWith(404, '{"message":"gone"}'));
    expect(await deliverWire(http(server.url, { accept: [404] }), OPTIONS)).toEqual({ ok: true });
    const refused = await deliverWire(http(`${server.url}/T0/s3cret?sig=s3cret`), OPTIONS);
    expect(JSON.stringify(refused)).not.toContain('s3cret');
    await server.close();
  });
});

type Received = {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly mail: ParsedMail;
};

/** A real SMTP server that keeps what it receives. */
async function startSmtp(options: ConstructorParameters<typeof SMTPServer>[0] = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        void simpleParser(raw).then((mail) => {
          const { mailFrom, rcptTo } = session.envelope;
          received.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw,
            mail,
          });
          callback();
        });
      });
    },
    ...options,
  });
  // A client that leaves early is an error of the server.
  server.on('error', () => {});
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as { port: number }).port));
  });
  return { port, received, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

const mailConfig = (port: number, more: Readonly<Record<string, unknown>> = {}) => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  from: 'tardy@example.com',
  to: ['ops@example.com', 'boss@example.com'],
  ...more,
});

async function mailWire(config: Readonly<Record<string, unknown>>, alert = anAlert('a')): Promise<Wire> {
  return (await openKind('email', config)).wire(aStep([due('new', alert)]));
}

describe('a message by SMTP', () => {
  let smtp: Awaited<ReturnType<typeof startSmtp>>;
  beforeAll(async () => void (smtp = await startSmtp()));
  afterAll(() => smtp.close());

  it('reaches each recipient, with a Message-ID that stays the same', async () => {
    const wire = await mailWire(mailConfig(smtp.port));
    expect(await deliverWire(wire, OPTIONS)).toEqual({ ok: true });
    const [{ from, to, mail } = { from: '', to: [], mail: undefined }] = smtp.received.slice(-1);
    expect({ from, to }).toEqual({ from: 'tardy@example.com', to: ['ops@example.com', 'boss@example.com'] });
    expect(mail?.subject).toBe('Likely stuck: Back up a');
    expect(mail?.messageId).toBe(`<${'f00d'.repeat(16)}@tardy.invalid>`);
    expect(mail?.text).toContain('Likely stuck: No heartbeat for 42 min');
    expect(mail?.text).toContain('https://host.example/runs/op_a');
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('has no header and no recipient that a text of a source wrote', async () => {
    const injections = [
      'x\r\nBcc: evil@example.com',
      'x\nSubject: owned\n\nbody',
      'x\r\n.\r\nMAIL FROM:<evil@example.com>',
      '=?utf-8?q?x=0D=0ABcc:_evil@example.com?=',
      'x\u2028Bcc: evil@example.com\u0085To: evil@example.com',
      ...ATTACKS.map(({ text }) => text),
    ];
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...injections), fc.string({ unit: 'binary' })), async (text) => {
        const before = smtp.received.length;
        expect(await deliverWire(await mailWire(mailConfig(smtp.port), hostileAlert(text)), OPTIONS)).toEqual({
          ok: true,
        });
        expect(smtp.received.length).toBe(before + 1);
        const [{ to, mail } = { to: [], mail: undefined }] = smtp.received.slice(-1);
        expect(to).toEqual(['ops@example.com', 'boss@example.com']);
        expect([...(mail?.headers.keys() ?? [])].sort()).toEqual(HEADERS);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    { when: 'offers no STARTTLS', more: { security: 'starttls' }, says: 'STARTTLS' },
    { when: 'speaks no TLS', more: { security: 'tls' }, says: 'Check the host, the port' },
  ])('is not sent in plain text to a server that $when', async ({ more, says }) => {
    const before = smtp.received.length;
    const result = await deliverWire(await mailWire(mailConfig(smtp.port, more)), OPTIONS);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining(says) as string });
    expect(smtp.received).toHaveLength(before);
  });

  it('is sent over TLS to a trusted server, and signs in there', async () => {
    const logins: unknown[] = [];
    const secure = await startSmtp({
      secure: true,
      key: TEST_KEY,
      cert: TEST_CERTIFICATE,
      authOptional: false,
      onAuth: ({ username, password }, _session, callback) => {
        logins.push(username, password);
        callback(password === 'env:SMTP' ? null : new Error('bad password'), { user: username });
      },
    });
    const config = mailConfig(secure.port, { security: 'tls', user: 'tardy', password: '${env:SMTP}' });
    expect(await deliverWire(await mailWire(config), OPTIONS)).toMatchObject({ ok: false });
    expect(await deliverWire(await mailWire(config), { ...OPTIONS, ca: TEST_CERTIFICATE })).toEqual({ ok: true });
    expect(logins).toEqual(['tardy', 'env:SMTP']);
    await secure.close();
  });

  it('is not confirmed if the server refuses a recipient', async () => {
    const picky = await startSmtp({
      onRcptTo: ({ address }, _session, callback) =>
        callback(address.startsWith('boss') ? new Error('no such user') : null),
    });
    const result = await deliverWire(await mailWire(mailConfig(picky.port)), OPTIONS);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('boss@example.com') as string });
    await picky.close();
  });

  it('fails with a reason if nothing listens, or the host serves the credentials of a cloud', async () => {
    expect(await deliverWire(await mailWire(mailConfig(1)), OPTIONS)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('Check the host') as string,
    });
    const guarded = await deliverWire(await mailWire({ ...mailConfig(25), host: '169.254.169.254' }), OPTIONS);
    expect(guarded).toMatchObject({ ok: false, reason: expect.stringContaining('--allow-host') as string });
  });
});

const HEADERS = [
  'auto-submitted',
  'content-transfer-encoding',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
  'x-auto-response-suppress',
];

describe('a message to a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tardy-exec-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(script: string, alert = anAlert('a'), timeoutMs = 10_000) {
    writeFileSync(join(folder, 'page.mjs'), script);
    const opened = await openKind('exec', {
      command: [process.execPath, join(folder, 'page.mjs'), 'out.json', '$HOME'],
    });
    const wire = opened.wire(aStep([due('new', alert)]));
    if (wire.via !== 'command') throw new Error('no command');
    return deliverWire({ ...wire, folder }, { ...OPTIONS, timeoutMs });
  }

  it('arrives as JSON on its standard input, whatever the texts are, and passes no shell', async () => {
    const script = `import { readFileSync, writeFileSync } from 'node:fs';
      writeFileSync(process.argv[2], JSON.stringify({ args: process.argv.slice(2), input: JSON.parse(readFileSync(0, 'utf8')) }));`;
    const hostile = '$(touch owned) `id` "; rm -rf / #\n';
    expect(await run(script, hostileAlert(hostile))).toEqual({ ok: true });
    const { args, input } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as {
      args: string[];
      input: { alerts: { run: { title: string } }[] };
    };
    expect(args).toEqual(['out.json', '$HOME']);
    expect(input).toMatchObject({ schema: 'tardy.alerts/1', counts: { new: 1 } });
    expect(input.alerts[0]?.run.title).toBe(hostile);
  });

  it.each([
    {
      when: 'ends with another code',
      script: "console.error('no route\\x1b[31m'); process.exit(3)",
      says: 'ended with 3: no route [31m',
    },
    { when: 'does not end', script: 'setInterval(() => {}, 1000)', says: 'did not end within' },
  ])('is not confirmed if it $when', async ({ script, says }) => {
    const result = await run(script, anAlert('a'), says.startsWith('did') ? 500 : 10_000);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining(says) as string });
  });

  it('is confirmed by a program that ignores its input', async () => {
    expect(await run('process.exit(0)')).toEqual({ ok: true });
  });

  it('is not confirmed by a program that does not exist', async () => {
    const wire: Wire = { via: 'command', command: ['/nonexistent/page'], folder, stdin: {} };
    expect(await deliverWire(wire, OPTIONS)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('could not be started') as string,
    });
  });
});
