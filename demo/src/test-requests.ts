import type { Host } from './host.js';
import type { Person } from './people.js';

/** How somebody shows who they are. */
export type Via = 'token' | 'session';

/** Asks the host over HTTP as a person. */
export type Requester = (person: Person, via: Via, path: string, init?: RequestInit) => Promise<Response>;

/** Signs in once for each person, as a browser would. */
export function requester({ origin, tokens }: Host): Requester {
  const cookies = new Map<Person, Promise<string>>();
  return async (person, via, path, init = {}) => {
    const headers = new Headers(init.headers);
    if (via === 'token') headers.set('Authorization', `Bearer ${tokens[person]}`);
    else {
      const cookie = cookies.get(person) ?? signIn(origin, person);
      cookies.set(person, cookie);
      headers.set('Cookie', await cookie);
    }
    return fetch(origin + path, { redirect: 'manual', ...init, headers });
  };
}

/** Begins a session; gives the `Cookie` header. */
export async function signIn(origin: string, person: Person): Promise<string> {
  const body = new URLSearchParams({ person });
  const response = await fetch(`${origin}/session`, { method: 'POST', body, redirect: 'manual' });
  return response.headers.get('Set-Cookie')?.split(';')[0] ?? '';
}

/** Everything of a response but its `Date`: two requests may fall on different seconds. */
export async function bytesOf(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => name !== 'date');
  return JSON.stringify([response.status, headers, await response.text()]);
}

/** The ids on all pages of a list, one run a page; `undefined` where it is refused. */
export async function idsOnPages(ask: Requester, person: Person, path: string): Promise<string[] | undefined> {
  const ids: string[] = [];
  for (let next: string | undefined = ''; next !== undefined;) {
    const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const response = await ask(person, 'session', `${path}limit=1${cursor}`);
    if (!response.ok) return undefined;
    const body = (await response.json()) as { runs: { id: string }[]; next?: string };
    ids.push(...body.runs.map(({ id }) => id));
    next = body.next;
  }
  return ids;
}

/** Listens to events from now on; `close` returns the ids of the runs that had events. */
export function idsInStream(ask: Requester, person: Person) {
  const abort = new AbortController();
  const ids: string[] = [];
  const opening = ask(person, 'session', '/api/runs/events', { signal: abort.signal });
  const ended = opening
    .then(async ({ body }) => {
      const decoder = new TextDecoder();
      for await (const chunk of body ?? []) {
        for (const [, id] of decoder.decode(chunk).matchAll(/^data: \{"id":"([^"]+)"/gm)) ids.push(id ?? '');
      }
    })
    .catch(() => undefined);
  return {
    opened: opening.then(({ status }) => status),
    async close() {
      abort.abort();
      await ended;
      return ids;
    },
  };
}
