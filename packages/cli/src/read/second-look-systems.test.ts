import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { trustPolicy, type Run } from '@tardy/core';
import { SourceError, type Source, type SourceFetch, type SourceRequest } from '@tardy/core/sources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../io.js';
import { readSources } from './read-sources.js';

type Response = { readonly status?: number; readonly body: unknown };
type Server = (url: URL, request: SourceRequest) => Response & { readonly headers?: Readonly<Record<string, string>> };
type Case = {
  readonly name: string;
  readonly source: Source;
  readonly row: Readonly<Record<string, unknown>>;
  readonly serve: (rows: readonly unknown[]) => Server;
};

/** The folder of each kind has what its adapter conforms to. */
const folder = new URL('../../../core/src/sources/', import.meta.url);
const casesOf = (kind: string) => fileURLToPath(new URL(`${kind}/testing/conformance.ts`, folder));
const kinds = readdirSync(fileURLToPath(folder)).filter((kind) => existsSync(casesOf(kind)));

const cases = (
  await Promise.all(
    kinds.map(async (kind) => {
      const module = (await import(casesOf(kind))) as { readonly conformanceCases: readonly Case[] };
      return module.conformanceCases;
    }),
  )
).flat();

/** What a host without a route, a proxy or a login page sends instead of a run or a list. */
const DAMAGES: readonly Response[] = [
  { status: 404, body: undefined },
  { status: 404, body: { message: 'Not Found' } },
  { status: 500, body: {} },
  { status: 403, body: {} },
  { body: null },
  { body: [] },
  { body: {} },
  { body: 'text' },
  { body: { error: 'x' } },
  { body: { data: null } },
];

type Damage = (body: unknown) => Response;

/** After the last row of the list, the server damages all that it sends. */
function damagedLater(server: Server, damage: Damage): { readonly connection: Connection; readonly break: () => void } {
  let broken = false;
  const fetch: SourceFetch = async (request) => {
    const intact = server(new URL(request.url), request);
    const { status = 200, body, headers = {} } = broken ? { ...intact, ...damage(intact.body) } : intact;
    if ((status < 200 || status > 299) && request.accept?.includes(status) !== true) {
      throw new SourceError('http', `HTTP ${status}`, { status });
    }
    const get = (name: string) => headers[name.toLowerCase()] ?? null;
    return { status, headers: { get }, body: structuredClone(body), url: request.url };
  };
  const connection: Connection = { fetch, listing: () => fetch, clock: () => undefined, close: async () => {} };
  return { connection, break: () => void (broken = true) };
}

async function read({ source, row, serve }: Case, damage: Damage) {
  const host = damagedLater(serve([row]), damage);
  const listed: Run[] = [];
  const breaking: Source = {
    ...source,
    async *list(query, fetch) {
      for await (const page of source.list(query, fetch)) {
        listed.push(...page.runs);
        yield page;
      }
      host.break();
    },
  };
  const far = Date.parse('2046-11-23T12:00:00Z');
  const reading = await readSources([{ source: breaking, connection: host.connection }], {
    query: { activity: 'active' },
    policy: trustPolicy({ version: 1 }),
    at: far,
    now: () => far,
    maxClockOffsetMs: 300_000,
    timeoutMs: 60_000,
    keep: ({ freshness }) => freshness.problemClass === 'active_stale_attention',
    secondLook: {
      alarms: ({ freshness }) => freshness.problemClass === 'active_stale_attention',
      maxRequests: 200,
      confirmAfterMs: 0,
      sleep: async () => {},
    },
  });
  return { reading, listed };
}

describe.each(cases.map((one) => [one.name, one] as const))('a stuck run of %s', (_, one) => {
  it.each(DAMAGES.map((damage) => [JSON.stringify(damage), damage] as const))(
    'is not cleared by a second look that gets %s',
    async (_damage, damage) => {
      let isList = false;
      const { reading, listed } = await read(one, (body) => {
        isList ||= Array.isArray(body);
        return damage;
      });
      // From a host that sends bare lists, an empty one says that there are no runs.
      if (isList && Array.isArray(damage.body)) return;
      expect(listed.length).toBeGreaterThan(0);
      expect(reading.runs.map(({ run }) => run.id)).toEqual([...new Set(listed.map(({ id }) => id))]);
      expect(reading.runs.every(({ freshness }) => freshness.confirmed === false)).toBe(true);
    },
  );
});

/**
 * A body without one of its fields, or with a value of another type there. Lists and objects are not left out: that is how some
 * systems say that there are no runs.
 */
function damageOf(choice: number, value: unknown): Damage {
  return (body) => {
    const copy = structuredClone(body);
    const places = placesIn(copy);
    const place = places[choice % Math.max(1, places.length)];
    if (place === undefined) return { body: copy };
    const { owner, name } = place;
    const intact = owner[name];
    if (value === undefined && typeof intact !== 'object') delete owner[name];
    else if (value !== undefined && intact !== null && typeof intact !== typeof value) owner[name] = value;
    return { body: copy };
  };
}

type Place = { readonly owner: Record<string, unknown>; readonly name: string };

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const owner = value as Record<string, unknown>;
  const own = Array.isArray(value) ? [] : Object.keys(owner).map((name) => ({ owner, name }));
  return [...own, ...Object.values(owner).flatMap(placesIn)];
}

it('no field that is lost or of another type clears a stuck run', async () => {
  const intact = await Promise.all(cases.map((one) => read(one, (body) => ({ body }))));
  // Temporal's second look shows that its run waits.
  const stuck = cases.filter((_, index) => (intact[index]?.reading.runs.length ?? 0) > 0);
  expect(stuck.length).toBeGreaterThan(15);
  let reads = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...stuck),
      fc.nat({ max: 5000 }),
      fc.constantFrom(undefined, {}, 'x', 5, true, null),
      async (one, choice, value) => {
        reads++;
        const { reading } = await read(one, damageOf(choice, value));
        expect(reading.runs).not.toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
  expect(reads).toBeGreaterThanOrEqual(300);
});

it('covers every system', () => {
  expect(cases.length).toBeGreaterThanOrEqual(18);
});
