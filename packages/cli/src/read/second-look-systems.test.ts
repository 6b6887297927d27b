import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { trustPolicy, type Run } from '@tardy/core';
import { SourceError, type Source, type SourceFetch, type SourceRequest } from '@tardy/core/sources';
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

/** After the last row of the list, the server sends the damage only. */
function damagedLater(
  server: Server,
  damage: Response,
): { readonly connection: Connection; readonly break: () => void } {
  let broken = false;
  const fetch: SourceFetch = async (request) => {
    const {
      status = 200,
      body,
      headers = {},
    } = broken ? { ...damage, headers: {} } : server(new URL(request.url), request);
    if ((status < 200 || status > 299) && request.accept?.includes(status) !== true) {
      throw new SourceError('http', `HTTP ${status}`, { status });
    }
    const get = (name: string) => headers[name.toLowerCase()] ?? null;
    return { status, headers: { get }, body: structuredClone(body), url: request.url };
  };
  const connection: Connection = { fetch, listing: () => fetch, clock: () => undefined, close: async () => {} };
  return { connection, break: () => void (broken = true) };
}

async function read({ source, row, serve }: Case, damage: Response) {
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
      const { reading, listed } = await read(one, damage);
      expect(listed.length).toBeGreaterThan(0);
      expect(reading.runs.map(({ run }) => run.id)).toEqual([...new Set(listed.map(({ id }) => id))]);
      expect(reading.runs.every(({ freshness }) => freshness.confirmed === false)).toBe(true);
    },
  );
});

it('covers every system', () => {
  expect(cases.length).toBeGreaterThanOrEqual(18);
});
