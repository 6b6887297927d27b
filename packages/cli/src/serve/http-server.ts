import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { UsageError } from '../errors.js';
import type { Handler } from './handler.js';

/** A server that listens. */
export type HttpServer = {
  readonly port: number;
  /** Takes no more requests, lets those in progress end for a moment, and closes. */
  readonly close: () => Promise<void>;
};

/** Node's default of 16 kB is less than the longest id and the longest cursor that the run API takes. */
const MAX_HEADER_BYTES = 65_536;

/** How long responses in progress may take when the server stops, in milliseconds. Event streams would never end. */
const GRACE_MS = 1000;

/**
 * Serves a handler over HTTP. Port 0 takes any free one.
 *
 * @throws {UsageError} if the port is taken or the address is not one of this machine.
 */
export async function listen(handler: Handler, host: string, port: number): Promise<HttpServer> {
  const listener = getRequestListener(handler, { overrideGlobalObjects: false });
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
  await started(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
        server.close(() => {
          clearTimeout(grace);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function started(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new UsageError(...problemOf(error, host, port))));
    server.listen(port, host, () => resolve());
  });
}

function problemOf({ code, message }: NodeJS.ErrnoException, host: string, port: number): [string, string] {
  switch (code) {
    case 'EADDRINUSE':
      return [`Port ${port} is taken.`, 'Choose another one with --port, or any free one with --port 0.'];
    case 'EACCES':
      return [`Port ${port} may not be used by this user.`, 'Choose one from 1024 upward with --port.'];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [`${host} is no address of this machine.`, 'Give one with --host, or leave it out.'];
    default:
      return [`The server cannot listen on ${host}:${port}: ${message}`, 'See --host and --port.'];
  }
}
