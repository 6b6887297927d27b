import { promisify } from 'node:util';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { GUARDED_CODE, guardedLookup, isGuardedHost } from '../transport/guarded-hosts.js';
import { quoteForeign } from '../transport/secrets.js';
import { destinationOf, type Delivered, type DeliverOptions, type MailWire } from './wire.js';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Sends a message by SMTP. TLS is always verified, and a server without STARTTLS gets nothing unless `security` is `none`. A message
 * that some recipients were refused counts as delivered only if none was.
 */
export async function sendMail(wire: MailWire, options: DeliverOptions): Promise<Delivered> {
  const { server } = wire;
  const where = `Mail to ${destinationOf(wire)}`;
  if (await isGuarded(server.host, options.allowHosts)) {
    return fail(
      `${where} was not sent: the host is link-local or serves the credentials of a cloud. If it is meant, use --allow-host.`,
    );
  }
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    ...(server.user === undefined ? {} : { auth: { user: server.user, pass: server.password ?? '' } }),
    tls: {
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] }),
    },
    connectionTimeout: Math.min(CONNECT_TIMEOUT_MS, options.timeoutMs),
    greetingTimeout: Math.min(CONNECT_TIMEOUT_MS, options.timeoutMs),
    socketTimeout: options.timeoutMs,
    // A message is text from sources: nothing in it may name a file or a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { timer, late } = timeLimit(options.timeoutMs);
  try {
    const sent = await Promise.race([
      transport.sendMail({
        from: wire.from,
        to: [...wire.to],
        subject: wire.subject,
        text: wire.text,
        messageId: wire.messageId,
        headers: { ...wire.headers },
      }),
      late,
    ]);
    if (sent === undefined)
      return fail(`${where} was not confirmed within ${options.timeoutMs / 1000} s. Raise --timeout.`);
    const rejected = sent.rejected ?? [];
    options.debug?.(`${where}: ${quoteForeign(sent.response ?? '')}`);
    return rejected.length === 0
      ? { ok: true }
      : fail(`${where}: the server refused ${rejected.map((one) => quoteForeign(one)).join(', ')}.`);
  } catch (error) {
    return fail(`${where} failed: ${explain(error)}`);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}

function timeLimit(ms: number): { readonly timer: NodeJS.Timeout | undefined; readonly late: Promise<undefined> } {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return { timer, late };
}

async function isGuarded(host: string, allowed: readonly string[]): Promise<boolean> {
  if (isGuardedHost(host, allowed)) return true;
  if (isIP(host) !== 0) return false;
  try {
    await promisify(guardedLookup(allowed))(host, {});
    return false;
  } catch (error) {
    // Other failures of a lookup are reported when the message is sent.
    return error instanceof Error && 'code' in error && error.code === GUARDED_CODE;
  }
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const said = quoteForeign(error instanceof Error ? error.message : String(error));
  switch (code) {
    case 'EAUTH':
      return `the server refused the user or the password (${said}).`;
    case 'ESOCKET':
    case 'ECONNECTION':
    case 'EDNS':
    case 'ETIMEDOUT':
      return `${said}. Check the host, the port and "security".`;
    case 'ETLS':
      return `the server offers no usable STARTTLS (${said}). Set "security" to tls, or to none within a trusted network.`;
    default:
      return `${said}.`;
  }
}

function fail(reason: string): Delivered {
  return { ok: false, reason };
}
