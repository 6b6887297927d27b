import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate.js';

/** A request as it arrived. */
export type SeenRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whom the certificate of the client stands for, where it showed one. */
  readonly client: string | undefined;
};

/** A real server on a free port of the loopback, and what was asked of it. */
export type TestServer = {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  readonly close: () => Promise<void>;
};

/** Starts a server that behaves as `handler` says, or misbehaves. */
export async function startServer(
  handler: RequestListener,
  options: { readonly tls?: boolean } = {},
): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const listener: RequestListener = (request, response) => {
    void bodyOf(request).then((body) => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body, client: clientOf(request.socket) });
      handler(request, response);
    });
  };
  const secure = { key: TEST_KEY, cert: TEST_CERTIFICATE, requestCert: true, rejectUnauthorized: false };
  const server: Server = options.tls === true ? createSecureServer(secure, listener) : createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === true ? 'https' : 'http'}://127.0.0.1:${port}`,
    seen,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function clientOf(socket: Socket): string | undefined {
  const subject: Partial<Record<string, string>> | undefined =
    socket instanceof TLSSocket ? (socket.getPeerCertificate().subject as Partial<Record<string, string>>) : undefined;
  return subject?.['CN'];
}

/** A handler that responds to every request alike. */
export function respondWith(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): RequestListener {
  return (_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}

/** A handler that gives the responses in turn, and then repeats the last one. */
export function inTurn(...handlers: readonly RequestListener[]): RequestListener {
  let turn = 0;
  return (request, response) => handlers[Math.min(turn++, handlers.length - 1)]?.(request, response);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
