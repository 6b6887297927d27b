import type { Handler } from '../host-server.js';

/** Calls the run API of this host by its path, such as `/runs`. */
export type Ask = (path: string) => Promise<Response>;

/** Calls the API as whoever sent a request, past any fault that is switched on. */
export function askAs(api: Handler, request: Request): Ask {
  const headers = new Headers();
  for (const name of ['Authorization', 'Cookie']) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return (path) => api(new Request(new URL(`/api${path}`, request.url), { headers }));
}

/** The path of one run. Every byte is encoded, so that no id is taken for another call, such as `events`. */
export function runPath(id: string): string {
  const bytes = Array.from(new TextEncoder().encode(id), (byte) => `%${byte.toString(16).padStart(2, '0')}`);
  return `/runs/${bytes.join('')}`;
}

/** The id in a path of a page; `undefined` where it is not percent-encoded UTF-8. */
export function decodedId(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
