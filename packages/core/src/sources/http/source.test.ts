import { describe, expect, it } from 'vitest';
import { httpConfigSchema, type HttpConfig } from './config.js';
import { httpAdapter, httpSource } from './source.js';
import { readTime } from './time.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';

const config: HttpConfig = {
  url: 'https://jobs.example/v1/jobs?tag=a',
  items: 'jobs',
  fields: { id: 'id', type: 'kind', status: 'state', started_at: 'started' },
  status: { BUSY: 'running', WAITING: 'queued', DONE: 'succeeded' },
  time: { format: 'rfc3339' },
};
const started = '2026-11-23T09:00:04Z';
const row = (id: number, more: Record<string, unknown> = {}) => ({ id, kind: 'sync', state: 'BUSY', started, ...more });
const source = (more: Partial<HttpConfig> = {}) => httpSource('jobs', { ...config, ...more });
const ids = async (more: Partial<HttpConfig>, server: Server) =>
  (await gather(source(more), server)).runs.map(({ id }) => id);

/** Seven rows in pages of three. */
const slice = (from: number) => [1, 2, 3, 4, 5, 6, 7].slice(from, from + 3).map((id) => row(id));
const ALL = ['1', '2', '3', '4', '5', '6', '7'];

describe('paging', () => {
  it('by a URL, absolute or relative to the one that responded', async () => {
    const server: Server = (url) => {
      const from = Number(url.searchParams.get('from') ?? 0);
      return {
        body: {
          jobs: slice(from),
          links: from === 6 ? {} : { next: from === 0 ? '?from=3' : 'https://jobs.example/v1/jobs?from=6' },
        },
      };
    };
    expect(await ids({ paging: { next: 'links.next' } }, server)).toEqual(ALL);
  });

  it('by a cursor, which may be a number', async () => {
    const server: Server = (url) => {
      expect(url.searchParams.get('tag')).toBe('a');
      const from = Number(url.searchParams.get('after') ?? 0);
      return { body: { jobs: slice(from), cursor: from === 6 ? '' : from + 3 } };
    };
    expect(await ids({ paging: { cursor: 'cursor', param: 'after' } }, server)).toEqual(ALL);
  });

  it('by a cursor in the body of a query that is posted', async () => {
    const server: Server = (_, { method, body }) => {
      expect(method).toBe('POST');
      const { after: text, limit } = body as { after?: string; limit: number };
      const after = Number(text ?? 0);
      expect(limit).toBe(3);
      return { body: { jobs: slice(after), cursor: after === 6 ? null : after + 3 } };
    };
    expect(
      await ids({ method: 'POST', body: { limit: 3 }, paging: { cursor: 'cursor', param: 'after' } }, server),
    ).toEqual(ALL);
  });

  it.each([
    ['from 1', {}, 1],
    ['from 0', { start: 0 }, 0],
  ])('by a page number %s, until a page is empty', async (_, more, first) => {
    const server: Server = (url) => {
      expect(url.searchParams.get('size')).toBe('50');
      return { body: { jobs: slice((Number(url.searchParams.get('page')) - first) * 3) } };
    };
    expect(await ids({ paging: { page: 'page', size_param: 'size', size: 50, ...more } }, server)).toEqual(ALL);
  });

  it('by a page number, as many as there are', async () => {
    const server: Server = (url) => {
      const page = Number(url.searchParams.get('page'));
      return page > 3 ? { status: 404, body: {} } : { body: { jobs: slice((page - 1) * 3), pages: 3 } };
    };
    expect(await ids({ paging: { page: 'page', pages: 'pages' } }, server)).toEqual(ALL);
  });

  it('by an offset that follows what was sent, even when the server gives fewer than asked for', async () => {
    const server: Server = (url) => ({ body: { jobs: slice(Number(url.searchParams.get('offset'))) } });
    expect(await ids({ paging: { offset: 'offset', size_param: 'limit', size: 100 } }, server)).toEqual(ALL);
  });

  it('by an offset up to the total', async () => {
    const server: Server = (url) => {
      const from = Number(url.searchParams.get('offset'));
      return from >= 7 ? { status: 404, body: {} } : { body: { jobs: slice(from), total: 7 } };
    };
    expect(await ids({ paging: { offset: 'offset' }, total: 'total' }, server)).toEqual(ALL);
  });

  it('by a cursor in a header', async () => {
    const server: Server = (url) => {
      const from = Number(url.searchParams.get('token') ?? 0);
      return { body: { jobs: slice(from) }, headers: from === 6 ? {} : { 'x-next': String(from + 3) } };
    };
    expect(await ids({ paging: { cursor_header: 'X-Next', param: 'token' } }, server)).toEqual(ALL);
  });

  it('by the Link header', async () => {
    const server: Server = (url) => {
      const from = Number(url.searchParams.get('from') ?? 0);
      const headers = from === 6 ? undefined : { link: `</v1/jobs?from=${from + 3}>; rel="next"` };
      return { body: { jobs: slice(from) }, ...(headers === undefined ? {} : { headers }) };
    };
    expect(await ids({ paging: { link: true } }, server)).toEqual(ALL);
  });

  it('notices a server that does not know the parameter', async () => {
    const { error } = await gather(source({ paging: { page: 'seite' } }), () => ({ body: { jobs: slice(0) } }));
    expect(error?.message).toBe('Page 2 repeats the one before it: does the API know the paging parameters?');
  });

  it('says that fewer came than the source counts', async () => {
    const { incomplete } = await gather(source({ total: 'total' }), () => ({ body: { jobs: slice(0), total: 7 } }));
    expect(incomplete).toEqual(['The source counts 7 runs and sent 3.']);
  });
});

describe('errors', () => {
  it('name the field, the row and the expression', async () => {
    const { runs, issues } = await gather(
      source({ fields: { ...config.fields, attempt: 'tries + `1`', labels: { env: 'env' } } }),
      () => ({
        body: {
          jobs: [
            row(1, { tries: 0 }),
            row(2, { tries: 0, started: '2026-11-23 09:00:04' }),
            row(3, { tries: 'x' }),
            row(4, { tries: 0, kind: { a: 1 } }),
            row(5, { tries: 0, kind: undefined }),
            row(6, { tries: 0, env: ['a'] }),
            row(7, { tries: -5 }),
          ],
        },
      }),
    );
    expect(runs.map(({ id }) => id)).toEqual(['1']);
    expect(issues.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([
      '2: started_at must be an RFC 3339 time with an offset; name the fixed offset of times without one in time.zone (from `started`)',
      '3: attempt `tries + `1`` does not fit the response (not-a-number)',
      '4: type must be text (from `kind`)',
      '5: type is missing (from `kind`)',
      '6: labels.env must be text (from `env`)',
      '7: attempt must be a number of at least 0 (from `tries + `1``)',
    ]);
  });

  it('say what a response contains if the expression for the rows finds none', async () => {
    const { error } = await gather(source(), () => ({ body: { errors: ['no'], data: [] } }));
    expect(error?.message).toBe(
      'items: `jobs` gave no list from https://jobs.example/v1/jobs, whose response contains errors, data.',
    );
  });

  it('tell a wrong expression before anything is asked', () => {
    expect(() => source({ items: 'jobs[' })).toThrow(/^items: `jobs\[` is not valid JMESPath/);
    expect(() => source({ fields: { ...config.fields, labels: { env: '!!' } } })).toThrow(/^fields\.labels\.env: /);
  });

  it('say when the total is no count', async () => {
    expect((await gather(source({ total: 'jobs' }), () => ({ body: { jobs: [] } }))).error?.message).toContain(
      'total: `jobs` gave no whole number',
    );
  });
});

describe('a response that cannot be read', () => {
  it.each<[string, Partial<HttpConfig>, Record<string, unknown>]>([
    ['whose next page is an object', { paging: { next: 'next' } }, { next: {} }],
    ['whose next page is not a URL', { paging: { next: 'next' } }, { next: 'http://[' }],
    ['whose cursor is a list', { paging: { cursor: 'cursor', param: 'after' } }, { cursor: [] }],
    ['whose cursor is true', { paging: { cursor: 'cursor', param: 'after' } }, { cursor: true }],
    ['whose number of pages is text', { paging: { page: 'page', pages: 'pages' } }, { pages: '3' }],
    ['whose number of pages is broken', { paging: { page: 'page', pages: 'pages' } }, { pages: 1.5 }],
    ['whose total is text', { total: 'total' }, { total: '118' }],
    ['whose total is negative', { total: 'total' }, { total: -1 }],
    ['whose total is absent', { total: 'total' }, {}],
  ])('%s is an error after its rows', async (_, more, body) => {
    const { runs, error } = await gather(source(more), () => ({ body: { jobs: [row(1)], ...body } }));
    expect(error?.code).toBe('shape');
    expect(runs).toHaveLength(1);
  });

  it.each(['no', { message: 'no' }, 5, ['no']])('is one with the error %j', async (problem) => {
    const server: Server = () => ({ body: { jobs: [row(1)], job: row(1), error: problem } });
    expect((await gather(source(), server)).error?.code).toBe('shape');
    const one = { url: 'https://jobs.example/v1/jobs/{id}', item: 'job' };
    await expect(source({ one }).get('1', fetchFrom(server).fetch)).rejects.toMatchObject({ code: 'shape' });
  });

  it.each([undefined, null, false, '', 0])('is none with the error %j', async (problem) => {
    const { runs, error } = await gather(source(), () => ({ body: { jobs: [row(1)], error: problem } }));
    expect({ runs: runs.length, error }).toEqual({ runs: 1, error: undefined });
  });

  it('is none of one run whose id no URL can hold', async () => {
    const one = { url: 'https://jobs.example/v1/jobs/{id}', item: 'job' };
    const { fetch, asked } = fetchFrom(() => ({ body: { job: row(5) } }));
    await expect(source({ one }).get('\ud800', fetch)).rejects.toMatchObject({ code: 'shape' });
    expect(asked).toEqual([]);
  });
});

describe('what a row says', () => {
  it('takes no prototype for a value', async () => {
    const { issues } = await gather(source({ fields: { ...config.fields, title: 'constructor' } }), () => ({
      body: { jobs: [row(1)] },
    }));
    expect(issues[0]?.reason).toBe('title must be text (from `constructor`)');
  });

  it('leaves out a group whose main value is absent', async () => {
    const fields = {
      ...config.fields,
      flag: { kind: 'lost && `worker_lost`', text: "'gone'" },
      tenant: { id: 'tenant', name: "'nobody'" },
      workspace: 'space',
    };
    const { runs } = await gather(
      source({ fields: { ...fields, flag: { ...fields.flag, kind: "lost && 'worker_lost' || null" } } }),
      () => ({
        body: { jobs: [row(1), row(2, { lost: true, tenant: 7, space: 'w1' })] },
      }),
    );
    expect(runs[0]).toMatchObject({ flag: undefined, tenant: undefined, workspace: undefined });
    expect(runs[1]).toMatchObject({
      flag: { kind: 'worker_lost', text: 'gone' },
      tenant: { id: '7', name: 'nobody' },
      workspace: { id: 'w1' },
    });
  });

  it('reads what a run waits for, its phase and its rhythm', async () => {
    const fields = {
      ...config.fields,
      hold: 'hold',
      waits_for: {
        kind: 'wait.what',
        id: 'wait.id',
        name: 'wait.name',
        url: 'wait.url',
        state: 'wait.state',
        until: 'wait.until',
      },
      phase_at: 'phase',
      heartbeat_interval: 'every',
      flag: { kind: 'flag', by: "flag && 'tardy'" },
    };
    const wait = { what: 'pool', id: 7, name: 'gpu', url: 'https://jobs.example/p', state: 'FULL', until: started };
    const { runs, issues } = await gather(source({ fields }), () => ({
      body: {
        jobs: [
          row(1, { hold: 'limit', wait, phase: started, every: '30' }),
          row(2, { hold: 'retry', wait: { until: started } }),
          row(3, { flag: 'orphaned' }),
          row(4, { flag: 'cannot_start' }),
        ],
      },
    }));
    const at = Date.parse(started);
    expect(issues).toEqual([]);
    expect(runs[0]).toMatchObject({
      hold: 'limit',
      waitsFor: { kind: 'pool', id: '7', name: 'gpu', url: 'https://jobs.example/p', state: 'FULL', until: at },
      phaseAt: at,
      heartbeatInterval: 30_000,
      flag: undefined,
    });
    expect(runs[1]).toMatchObject({ hold: 'retry', waitsFor: undefined });
    expect(runs.slice(2).map(({ flag }) => flag)).toMatchObject([
      { kind: 'orphaned', by: 'tardy' },
      { kind: 'cannot_start', by: 'tardy' },
    ]);
  });

  it('takes an optional request that the server does not know for no runs, and nothing else', async () => {
    const requests = [{ query: { state: 'BUSY' } }, { query: { state: 'WAITING' }, optional: true }];
    const server =
      (state: string, status: number): Server =>
      ({ searchParams }) =>
        searchParams.get('state') === state ? { status, body: { jobs: 'x' } } : { body: { jobs: slice(0) } };
    const codes = async (state: string, status: number) => {
      const { runs, error } = await gather(source({ requests }), server(state, status));
      return [runs.length, error?.code];
    };
    expect(await codes('WAITING', 400)).toEqual([3, undefined]);
    expect(await codes('WAITING', 500)).toEqual([3, 'http']);
    expect(await codes('BUSY', 400)).toEqual([0, 'http']);
    const later: Server = ({ searchParams }) =>
      searchParams.get('state') === 'BUSY'
        ? { body: { jobs: [] } }
        : searchParams.get('page') === '1'
          ? { body: { jobs: slice(0) } }
          : { status: 400, body: {} };
    expect((await gather(source({ requests, paging: { page: 'page' } }), later)).error?.code).toBe('shape');
  });

  it('requests one run if a URL is declared, and reads the list again if none is', async () => {
    const { fetch, asked } = fetchFrom(() => ({ body: { job: row(5) } }));
    const one = { url: 'https://jobs.example/v1/jobs/{id}', item: 'job' };
    expect(await source({ one }).get('a/b', fetch)).toMatchObject({ id: '5' });
    expect(asked[0]?.url).toBe('https://jobs.example/v1/jobs/a%2Fb');
    expect(await source().get('2', fetchFrom(() => ({ body: { jobs: slice(0) } })).fetch)).toMatchObject({ id: '2' });
  });
});

describe('readTime', () => {
  const at = '2026-11-23T09:00:04Z';
  const seconds = Date.parse(at) / 1000;
  it.each([
    ['seconds', seconds, { format: 'epoch_s' }, at],
    ['seconds with a fraction', seconds + 0.25, { format: 'epoch_s' }, '2026-11-23T09:00:04.250Z'],
    ['seconds as text', String(seconds), { format: 'epoch_s' }, at],
    ['milliseconds', seconds * 1000, { format: 'epoch_ms' }, at],
    ['zero', 0, { format: 'epoch_s' }, undefined],
    ['null', null, { format: 'rfc3339' }, undefined],
    ['an empty text', '', { format: 'rfc3339' }, undefined],
    ['an offset', '2026-11-23T10:00:04+01:00', { format: 'rfc3339' }, at],
    ['an offset without its colon', '2026-11-23T10:00:04.000+0100', { format: 'rfc3339' }, at],
    ['the basic form', '20261123T100004+0100', { format: 'rfc3339' }, at],
    ['no seconds', '2026-11-23T09:00Z', { format: 'rfc3339' }, '2026-11-23T09:00:00Z'],
    ['no seconds, and an offset', '2026-11-23T10:00+01:00', { format: 'rfc3339' }, '2026-11-23T09:00:00Z'],
    ['no offset, where one is declared', '2026-11-23T10:00:04', { format: 'rfc3339', zone: '+01:00' }, at],
    ['an offset that wins over the declared one', '2026-11-23T09:00:04Z', { format: 'rfc3339', zone: '+01:00' }, at],
  ] as const)('reads %s', (_, value, time, text) => {
    expect(readTime(value, time)).toBe(text);
  });

  it.each([
    ['milliseconds declared as seconds', seconds * 1000, { format: 'epoch_s' }, 'is it in milliseconds?'],
    ['seconds declared as milliseconds', seconds, { format: 'epoch_ms' }, 'is it in seconds?'],
    ['a time before 1970', -1, { format: 'epoch_s' }, 'no likely time'],
    ['no offset', '2026-11-23T10:00:04', { format: 'rfc3339' }, 'with an offset'],
    ['the basic form without an offset', '20261123T100004', { format: 'rfc3339' }, 'with an offset'],
    ['a basic form that is too long', '20261123T1000040+0100', { format: 'rfc3339' }, 'with an offset'],
    ['text for a number', at, { format: 'epoch_s' }, 'must be a number'],
    ['a number for text', seconds, { format: 'rfc3339' }, 'must be text'],
    ['a date alone', '2026-11-23', { format: 'rfc3339', zone: 'Z' }, 'must be an RFC 3339 time'],
  ] as const)('refuses %s', (_, value, time, reason) => {
    expect(() => readTime(value, time)).toThrow(reason);
  });
});

describe('the config', () => {
  it.each([
    ['an unknown field', { ...config, feilds: {} }],
    ['an unknown status', { ...config, status: { BUSY: 'busy' } }],
    ['credentials in the URL', { ...config, url: 'https://me:secret@jobs.example/' }],
    ['a zone by name', { ...config, time: { format: 'rfc3339', zone: 'Europe/Berlin' } }],
    ['another origin for one run', { ...config, one: { url: 'https://elsewhere.example/{id}', item: '@' } }],
    ['a URL for one run without its id', { ...config, one: { url: 'https://jobs.example/', item: '@' } }],
    ['two ways of paging', { ...config, paging: { next: 'a', page: 'page' } }],
  ])('refuses %s', (_, value) => {
    expect(httpConfigSchema.safeParse(value).success).toBe(false);
  });

  it('says which header carries the token', () => {
    expect(httpAdapter.credentialHeaders('t', config)).toEqual({ authorization: 'Bearer t' });
    expect(httpAdapter.credentialHeaders('t', { ...config, auth: { header: 'X-Key' } })).toEqual({ 'x-key': 't' });
    expect(
      httpAdapter.credentialHeaders('t', { ...config, auth: { header: 'Authorization', prefix: 'Token ' } }),
    ).toEqual({
      authorization: 'Token t',
    });
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    expect(httpAdapter.credentialHeaders('t', { ...config, auth: { user: '' } })).toEqual(basic(':t'));
    expect(httpAdapter.credentialHeaders('me:t', config)).toEqual(basic('me:t'));
  });
});
