import { createPolicy, type Policy } from '../policy.js';
import type { Instant, Run } from '../run.js';
import { memoryStore, type MemoryStore } from './memory-store.js';
import { createRunApi, type RunApiOptions } from './run-api.js';
import type { RunStore } from './run-store.js';
import type { Viewer } from './viewer.js';

export const NOON: Instant = Date.UTC(2026, 10, 23, 12);
export const SECOND = 1000;

/** Silence is late after 4 s and stale after 10 s; one rule is for a tenant that dana knows nothing of. */
export const POLICY: Policy = createPolicy({
  version: 1,
  defaults: { silence: { late: '4s', stale: '10s' } },
  rules: [
    { match: { tenant: '9' }, run: { late: '5m' } },
    { match: { tenant: ['7', '9'] }, run: { late: '6m' } },
  ],
});

/** Who there is: by name, as the fake host's tokens. */
export const VIEWERS: Readonly<Record<string, Viewer>> = {
  root: 'everything',
  dana: { memberships: [{ workspace: 'contoso', tenant: '7', mayRead: true }] },
  omar: {
    memberships: [
      { workspace: 'contoso', mayRead: true },
      { workspace: 'contoso', tenant: '7', mayRead: true },
      { workspace: 'contoso', tenant: '8', mayRead: true },
    ],
  },
  mute: { memberships: [{ workspace: 'contoso', tenant: '7', mayRead: false }] },
  half: {
    memberships: [
      { workspace: 'contoso', tenant: '7', mayRead: true },
      { workspace: 'contoso', tenant: '8', mayRead: false },
    ],
  },
  stranger: { memberships: [] },
};

/** A running run of tenant 7 that was heard of a second ago. */
export function run(id: string, fields: Partial<Run> = {}): Run {
  return {
    id,
    source: 'host',
    type: 'backup',
    title: `Backup ${id}`,
    workspace: { id: 'contoso', name: 'Contoso' },
    tenant: { id: '7', name: 'Fabrikam' },
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    queuedAt: NOON - 60 * SECOND,
    startedAt: NOON - 50 * SECOND,
    heartbeatAt: NOON - SECOND,
    labels: {},
    ...fields,
  };
}

export type TestHost = {
  readonly store: MemoryStore;
  readonly clock: { now: Instant };
  readonly errors: unknown[];
  /** Sends a GET as one of `VIEWERS`; `undefined` sends no token. */
  readonly get: (path: string, as?: string, init?: RequestInit) => Promise<Response>;
};

/** A host over a store in memory, with a clock that stands until a test moves it. */
export function testHost(
  runs: readonly Run[],
  options: Partial<RunApiOptions> = {},
  wrap: (store: MemoryStore) => RunStore = (store) => store,
): TestHost {
  const clock = { now: NOON };
  const errors: unknown[] = [];
  const store = memoryStore(runs, { now: () => clock.now });
  const handle = createRunApi({
    store: wrap(store),
    authorize: (request) => VIEWERS[request.headers.get('Authorization') ?? ''],
    policy: POLICY,
    now: () => clock.now,
    basePath: '/api',
    onError: (error) => errors.push(error),
    ...options,
  });
  const get: TestHost['get'] = (path, as = 'root', init = {}) => {
    const headers = new Headers(init.headers);
    if (as !== 'nobody') headers.set('Authorization', as);
    return handle(new Request(`http://host.example/api${path}`, { ...init, headers }));
  };
  return { store, clock, errors, get };
}

/** A store that does not filter by problem class, so that the kit has to. */
export function withoutJudging(store: RunStore): RunStore {
  return {
    ...store,
    filtersProblemClass: false,
    list: async (query) => {
      const { rows } = await store.list({ ...query, filter: { ...query.filter, problemClass: undefined } });
      return { rows };
    },
  };
}

/** The complete response as text, headers included, to compare two responses. */
export async function bytesOf(response: Response): Promise<string> {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).sort();
  return [response.status, ...headers, '', await response.text()].join('\n');
}
