import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../policy.js';
import type { Run } from '../../run.js';
import { createRunApi, memoryStore } from '../../server/index.js';
import { parseRun } from '../../wire.js';
import { runsSource } from './source.js';
import type { SourceFetch } from '../source.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';

const source = runsSource('host', { url: 'https://host.example/api' });
const wire = (id: string, more: Record<string, unknown> = {}) => ({ id, type: 'sync', status: 'running', ...more });

const paged =
  (next: (cursor: string | null) => unknown): Server =>
  (url) => {
    const cursor = url.searchParams.get('cursor');
    return { body: { runs: [wire(`after-${cursor}`)], next: next(cursor) } };
  };

describe('pages', () => {
  it('asks for active runs in pages as large as the contract allows', async () => {
    const { asked } = await gather(source, () => ({ body: { runs: [] } }));
    expect(asked.map(({ url }) => url)).toEqual(['https://host.example/api/runs?status=queued,running&limit=500']);
  });

  it('hands the filters on', async () => {
    const since = Date.parse('2026-11-23T09:00:00Z');
    const query = {
      activity: 'all',
      type: 'a&b',
      tenantId: '7',
      workspaceId: 'w',
      problemClass: 'none',
      q: 'ü',
      since,
    } as const;
    const { asked } = await gather(source, () => ({ body: { runs: [] } }), query);
    expect(asked[0]?.url).toBe(
      'https://host.example/api/runs?problem_class=none&tenant_id=7&workspace_id=w&type=a%26b&q=%C3%BC&since=2026-11-23T09%3A00%3A00Z&limit=500',
    );
  });

  it.each([
    ['a cursor', 'c/2=='],
    ['a URL of the same host', 'https://host.example/api/runs?status=queued,running&limit=500&cursor=c%2F2%3D%3D'],
    ['a URL without the host', '/api/runs?status=queued,running&limit=500&cursor=c%2F2%3D%3D'],
  ])('follows a next that is %s', async (_, next) => {
    const { runs, asked, error } = await gather(
      source,
      paged((cursor) => (cursor === null ? next : null)),
    );
    expect(error).toBeUndefined();
    expect(runs.map(({ id }) => id)).toEqual(['after-null', 'after-c/2==']);
    expect(asked[1]?.url).toBe('https://host.example/api/runs?status=queued,running&limit=500&cursor=c%2F2%3D%3D');
  });

  it('takes a cursor that begins with a slash for a cursor', async () => {
    const { asked } = await gather(
      source,
      paged((cursor) => (cursor === null ? '/w==' : undefined)),
    );
    expect(asked[1]?.url).toContain('&cursor=%2Fw%3D%3D');
  });

  it('notices pages that go in circles', async () => {
    const { error, runs } = await gather(
      source,
      paged((cursor) => (cursor === 'a' ? 'b' : 'a')),
    );
    expect(error?.code).toBe('shape');
    expect(runs.map(({ id }) => id)).toEqual(['after-null', 'after-a', 'after-b']);
  });

  it.each([
    ['a number', 2],
    ['an object', {}],
    ['not a valid URL', 'http://['],
    ['half of a surrogate pair', '\ud800'],
  ])('refuses a next that is %s, after the runs of its page', async (_, next) => {
    const { error, runs } = await gather(
      source,
      paged(() => next),
    );
    expect(error?.code).toBe('shape');
    expect(runs.map(({ id }) => id)).toEqual(['after-null']);
  });

  it('has the next page on its way before the caller has seen this one', async () => {
    const { fetch, asked } = fetchFrom(paged((cursor) => (cursor === null ? 'a' : undefined)));
    const pages = source.list({ activity: 'active' }, fetch)[Symbol.asyncIterator]();
    await pages.next();
    expect(asked).toHaveLength(2);
  });

  it('does not leave out active runs that were queued before the time that ended ones are wanted from', async () => {
    const endedSince = Date.parse('2026-11-23T09:00:00Z');
    const { asked } = await gather(source, () => ({ body: { runs: [] } }), { activity: 'recent', endedSince });
    expect(asked.map(({ url }) => new URL(url).searchParams.has('since'))).toEqual([false, false]);
  });

  it('reads ended runs after the active ones, no more than asked for', async () => {
    const server: Server = (url) => {
      const completed = url.searchParams.get('status') === 'completed';
      const runs = completed ? [1, 2, 3].map((n) => wire(`done-${n}`, { status: 'completed' })) : [wire('live')];
      return { body: { runs, next: completed ? 'more' : undefined } };
    };
    const { runs, asked, incomplete } = await gather(source, server, { activity: 'recent', limit: 2 });
    expect(runs.map(({ id }) => id)).toEqual(['live', 'done-1', 'done-2']);
    expect({ asked: asked.length, incomplete }).toEqual({ asked: 2, incomplete: [] });
  });
});

describe('what a page says of itself', () => {
  const page = async (body: Record<string, unknown>) => {
    const { fetch } = fetchFrom(() => ({ body }));
    for await (const first of source.list({ activity: 'active' }, fetch)) return first;
    throw new Error('No page.');
  };

  it('gives its clock and its total', async () => {
    expect(await page({ runs: [], now: '2026-11-23T09:00:00Z', total: 0 })).toMatchObject({
      now: Date.parse('2026-11-23T09:00:00Z'),
      total: 0,
      incomplete: undefined,
    });
  });

  it.each([
    ['the server says so', { complete: false }, 'not complete'],
    ['the server says so and lists no issue', { complete: false, issues: [] }, 'not complete'],
    ['"complete" is text', { complete: 'false' }, '"complete" must be a boolean'],
    ['"issues" is an object', { issues: {} }, '"issues" must be a list'],
    ['"total" is text', { total: '118' }, '"total" must be a count'],
    ['fewer runs arrive than there are', { total: 2 }, '2 runs, sent 1'],
    ['"now" has no offset', { now: '2026-11-23T09:00:00' }, '"now" that is not a time'],
  ])('is incomplete when %s', async (_, more, reason) => {
    const { incomplete, runs } = await page({ runs: [wire('a')], ...more });
    expect(incomplete).toContain(reason);
    expect(runs).toHaveLength(1);
  });

  it.each([
    {},
    { complete: null, issues: null, total: null, now: null, next: null },
    { complete: true, issues: [], total: 1, next: '' },
  ])('is complete with %j', async (more) => {
    expect(await page({ runs: [wire('a')], ...more })).toMatchObject({ incomplete: undefined, issues: [] });
  });

  it('hands on rows that the server could not read', async () => {
    const { issues } = await page({ runs: [], complete: false, issues: [{ id: 'op_9', reason: 'no type' }, 'odd'] });
    expect(issues).toEqual([
      { id: 'op_9', reason: 'no type' },
      { id: undefined, reason: 'the server could not read it and gave no reason' },
    ]);
  });
});

describe('the policy of the host', () => {
  it('is read, and may be absent', async () => {
    const { fetch, asked } = fetchFrom(() => ({ body: { version: 1, defaults: {} } }));
    expect(await source.policy?.(fetch)).toEqual({ version: 1, defaults: {} });
    expect(asked[0]?.url).toBe('https://host.example/api/policy');
    expect(await source.policy?.(fetchFrom(() => ({ status: 404, body: {} })).fetch)).toBeUndefined();
  });

  it('need not name its version', async () => {
    expect(await source.policy?.(fetchFrom(() => ({ body: { defaults: {} } })).fetch)).toEqual({ defaults: {} });
  });

  it.each([[[]], [null], ['text'], [{ error: 'no' }]])('is refused when it is %j', async (body) => {
    await expect(source.policy?.(fetchFrom(() => ({ body })).fetch)).rejects.toMatchObject({ code: 'shape' });
  });
});

describe('against our own server', () => {
  const runs = Array.from({ length: 1203 }, (_, index): Run => {
    const parsed = parseRun(wire(`op ${index}`, { queued_at: '2026-11-23T09:00:00Z' }), 'host');
    if (!parsed.ok) throw new Error(parsed.issue.reason);
    return parsed.run;
  });
  const now = () => Date.parse('2026-11-23T09:13:00Z');
  const api = createRunApi({
    store: memoryStore(runs, { now }),
    authorize: () => 'everything',
    policy: createPolicy({ version: 1 }),
    now,
    basePath: '/api',
  });
  const fetch: SourceFetch = async ({ url }) => {
    const answer = await api(new Request(url));
    return { status: answer.status, headers: answer.headers, body: await answer.json(), url };
  };

  it('reads every run once, over all pages', async () => {
    const read: Run[] = [];
    for await (const page of source.list({ activity: 'active' }, fetch)) {
      expect(page.now).toBe(Date.parse('2026-11-23T09:13:00Z'));
      expect(page.incomplete).toBeUndefined();
      read.push(...page.runs);
    }
    expect(new Set(read.map(({ id }) => id)).size).toBe(1203);
    expect(read).toHaveLength(1203);
  });

  it('reads one run, and none where there is none', async () => {
    expect(await source.get('op 7', fetch)).toEqual(runs[7]);
    expect(await source.get('nowhere', fetch)).toBeUndefined();
  });

  it.each([
    ['of the source that the row named', { source: 'ci', attempt: 1 }, '?source=ci'],
    ['without a source where the row named none', { source: 'host', attempt: 1 }, ''],
    ['without a source if it is unknown', undefined, ''],
  ])('requests one run %s', async (_, which, search) => {
    const { fetch: answering, asked } = fetchFrom(() => ({ body: wire('a/b') }));
    await source.get('a/b', answering, which);
    expect(asked.map(({ url }) => url)).toEqual([`https://host.example/api/runs/a%2Fb${search}`]);
  });

  it.each(['events', 'summary'])('reads a run whose id is %s, which is a path of its own too', async (id) => {
    const parsed = parseRun(wire(id), 'host');
    if (!parsed.ok) throw new Error(parsed.issue.reason);
    const own = createRunApi({
      store: memoryStore([parsed.run], { now }),
      authorize: () => 'everything',
      policy: createPolicy({ version: 1 }),
      now,
      basePath: '/api',
    });
    const asking: SourceFetch = async ({ url }) => {
      const response = await own(new Request(url));
      return { status: response.status, headers: response.headers, body: await response.json(), url };
    };
    expect(await source.get(id, asking)).toEqual(parsed.run);
  });

  it.each(['.', '..'])('requests nothing for the id %s, which no path can hold', async (id) => {
    const { fetch: answering, asked } = fetchFrom(() => ({ body: wire('another') }));
    expect(await source.get(id, answering)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('reads the policy', async () => {
    expect(await source.policy?.(fetch)).toMatchObject({ version: 1, digest: expect.stringMatching(/^sha256:/) });
  });
});
