import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

/** A request handler in terms of the Web platform. */
export type Handler = (request: Request) => Promise<Response>;

/** A server that listens on this machine only. */
export type HostServer = {
  /** Its origin, without a trailing slash. */
  readonly origin: string;
  readonly close: () => Promise<void>;
};

/** Node's default of 16 kB is less than the longest id and the longest cursor that the run API takes. */
const MAX_HEADER_BYTES = 65_536;

/** Serves a handler over HTTP on the loopback address. Port 0 takes any free one. */
export async function serve(handler: Handler, port: number): Promise<HostServer> {
  const listener = getRequestListener(handler);
  const options = { maxHeaderSize: MAX_HEADER_BYTES };
  const server = createServer(options, (incoming, outgoing) => void listener(incoming, outgoing));
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
