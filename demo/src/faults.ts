import { setTimeout as rest } from 'node:timers/promises';
import type { Handler } from './host-server.js';
import type { ApiMode, Switches } from './switches.js';

const SLOW_MS = 4000;
const RETRY_AFTER_S = 10;

const TITLES: Readonly<Record<Exclude<ApiMode, 'normal' | 'slow' | 'garbage'>, string>> = {
  '500': 'Internal Server Error',
  '429': 'Too Many Requests',
  '401': 'Unauthorized',
  '403': 'Forbidden',
  '404': 'Not Found',
};

/** The API behind a fault. */
export type FaultyApi = {
  readonly handler: Handler;
  /** Breaks the open event streams of browsers, as a failing server would. */
  readonly cutStreams: () => void;
};

/** Puts the active fault in front of an API, for browser requests only. */
export function withFaults(api: Handler, switches: Switches): FaultyApi {
  let cut = new AbortController();
  return {
    async handler(request) {
      if (request.headers.has('Authorization')) return api(request);
      const signal = AbortSignal.any([request.signal, cut.signal]);
      if (switches.api === 'slow') await rest(SLOW_MS, undefined, { signal: request.signal }).catch(() => undefined);
      return faultOf(switches.api) ?? api(new Request(request, { signal }));
    },
    cutStreams() {
      cut.abort();
      cut = new AbortController();
    },
  };
}

function faultOf(mode: ApiMode): Response | undefined {
  if (mode === 'normal' || mode === 'slow') return undefined;
  if (mode === 'garbage') return new Response('<p>It works!</p>', { headers: { 'Content-Type': 'text/html' } });
  const status = Number(mode);
  const body = { type: 'about:blank', title: TITLES[mode], status, detail: 'Switched on in the control strip.' };
  const headers = new Headers({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'private, no-store' });
  if (mode === '429') headers.set('Retry-After', String(RETRY_AFTER_S));
  return new Response(JSON.stringify(body), { status, headers });
}
