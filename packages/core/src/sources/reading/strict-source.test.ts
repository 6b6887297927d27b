import { describe, expect, it } from 'vitest';
import { fetchFrom } from '../testing/fetch.js';
import type { Run } from '../../run.js';
import { parseRun } from '../../wire.js';
import type { Source, SourceFetch } from '../source.js';
import { number, object, text } from './shape.js';
import { strictSource } from './strict-source.js';

const parsed = parseRun({ id: 'a', type: 't', status: 'running' }, 'acme');
if (!parsed.ok) throw new Error(parsed.issue.reason);
const run: Run = parsed.run;

/** A source that requests one URL for everything and gives the fetches that it got. */
function sourceOf(url: string, body?: unknown): { readonly source: Source; readonly fetches: SourceFetch[] } {
  const fetches: SourceFetch[] = [];
  const ask = async (fetch: SourceFetch) => {
    fetches.push(fetch);
    await fetch({ url, ...(body === undefined ? {} : { body }), accept: [404] });
  };
  const source: Source = {
    name: 'acme',
    kind: 'acme',
    address: undefined,
    async *list(_, fetch) {
      await ask(fetch);
      yield { runs: [], issues: [] };
    },
    get: async (_, fetch) => {
      await ask(fetch);
      return undefined;
    },
    inspect: async (one, fetch) => {
      await ask(fetch);
      return one;
    },
  };
  return { source, fetches };
}

const shapes = {
  everywhere: [[/\/jobs$/, object({ count: number })]] as const,
  inside: [
    [/\/jobs$/, object({ count: number, name: text })],
    [/\/graphql tardyJobs$/, object({ name: text })],
  ] as const,
};

async function listing(source: Source, fetch: SourceFetch): Promise<void> {
  for await (const page of source.list({ activity: 'active' }, fetch)) expect(page.runs).toEqual([]);
}

describe('a strict source', () => {
  it.each([
    [{ count: 1, name: 'a' }, true, true],
    [{ count: 1, name: 7 }, true, false],
    [{ count: '1' }, false, false],
  ])('checks %j where it lists and where it looks inside', async (body, listed, inspected) => {
    const source = strictSource(sourceOf('https://acme.example/jobs').source, 'Acme', shapes);
    const { fetch } = fetchFrom(() => ({ body }));
    const outcome = (work: Promise<unknown> | undefined) =>
      work?.then(
        () => true,
        () => false,
      );
    expect(await outcome(listing(source, fetch))).toBe(listed);
    expect(await outcome(source.get('a', fetch))).toBe(listed);
    expect(await outcome(source.inspect?.(run, fetch))).toBe(inspected);
  });

  it('tells the queries of one URL apart', async () => {
    const { fetch } = fetchFrom(() => ({ body: { name: 7 } }));
    const look = (query: string) =>
      strictSource(sourceOf('https://acme.example/graphql', { query }).source, 'Acme', shapes).inspect?.(run, fetch);
    await expect(look('query tardyJobs { a }')).rejects.toThrow('"name" must be a text');
    expect(await look('query tardyOthers { a }')).toBe(run);
  });

  it('leaves refusals to the source', async () => {
    const source = strictSource(sourceOf('https://acme.example/jobs').source, 'Acme', shapes);
    const { fetch } = fetchFrom(() => ({ status: 404, body: { count: 'none' } }));
    expect(await source.get('a', fetch)).toBeUndefined();
  });

  it('gives the same fetch for the same, by which sources keep what runs share', async () => {
    const { source, fetches } = sourceOf('https://acme.example/jobs');
    const strict = strictSource(source, 'Acme', shapes);
    const { fetch } = fetchFrom(() => ({ body: {} }));
    await strict.inspect?.(run, fetch);
    await strict.inspect?.(run, fetch);
    expect(fetches[0]).toBe(fetches[1]);
  });

  it('looks inside only where its source does', () => {
    const { inspect, ...without } = sourceOf('https://acme.example/jobs').source;
    expect(inspect).toBeDefined();
    expect(strictSource(without, 'Acme', shapes).inspect).toBeUndefined();
  });
});
