import { SourceError } from '@tardy/core/sources';
import { describe, expect, it, vi } from 'vitest';
import { connectDatabase, databaseConnection } from './connect-database.js';
import type { Database, DatabaseFailure, DatabaseOptions, Driver } from './database.js';

const url = 'postgres://reader@host.example/app';
const ask = (sql: string, accept: readonly number[] = []) =>
  ({ url, method: 'POST', body: { sql, values: [] }, accept }) as const;

/** A driver whose statements do what `answer` says. */
function driverOf(answer: (sql: string) => unknown, more: Partial<Database> = {}) {
  const opened: DatabaseOptions[] = [];
  const closed: number[] = [];
  const driver: Driver = {
    open: async (options) => {
      const number = opened.push(options);
      return {
        clock: undefined,
        query: async (sql) => {
          const given = await answer(sql);
          if (given instanceof Error) throw given;
          return given as [];
        },
        close: async () => void closed.push(number),
        ...more,
      };
    },
    failure: (error) => (error as { readonly failure?: DatabaseFailure }).failure,
  };
  return { driver, opened, closed };
}

const failing = (failure: DatabaseFailure) => Object.assign(new Error('failed'), { failure });
const broken = (retry: boolean) =>
  failing({ error: new SourceError('network', 'The connection broke: hunter2.'), retry });

function connection(driver: Driver, timeoutMs = 10_000) {
  const options = { baseUrl: url, credentials: { password: 'hunter2' }, timeoutMs, ca: undefined, debug: undefined };
  return databaseConnection(driver, options, {}, false);
}

describe('the connection to a database', () => {
  it('gives rows, and opens nothing before it is asked', async () => {
    const { driver, opened } = driverOf(() => [{ id: '1' }]);
    const { fetch } = connection(driver);
    expect(opened).toEqual([]);
    expect(await fetch(ask('select 1'))).toMatchObject({ status: 200, body: { rows: [{ id: '1' }] } });
    expect(opened).toMatchObject([{ password: 'hunter2', url }]);
  });

  it('sends one statement at a time', async () => {
    let running = 0;
    const { driver } = driverOf(async () => {
      running++;
      await new Promise((resolve) => setTimeout(resolve, 1));
      return running-- === 1 ? [] : new Error('two at once');
    });
    const { fetch } = connection(driver);
    const responses = await Promise.all(['a', 'b', 'c'].map((sql) => fetch(ask(sql))));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('connects again after a failure that may pass', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    let tried = 0;
    const { driver, opened, closed } = driverOf(() => (++tried === 1 ? broken(true) : [{ id: '1' }]));
    expect((await connection(driver).fetch(ask('select 1'))).status).toBe(200);
    expect({ opened: opened.length, closed }).toEqual({ opened: 2, closed: [1] });
    vi.restoreAllMocks();
  });

  it('gives up, without a secret in the message', async () => {
    const { driver, opened } = driverOf(() => broken(false));
    const error = await connection(driver)
      .fetch(ask('select 1'))
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'network', message: expect.not.stringContaining('hunter2') as unknown });
    expect(opened).toHaveLength(1);
  });

  it('gives 404 for a value that no row can have, where that is accepted', async () => {
    const noSuchValue = { error: new SourceError('shape', 'no uuid'), noSuchValue: true };
    const { driver } = driverOf(() => failing(noSuchValue));
    const { fetch } = connection(driver);
    expect((await fetch(ask('select 1', [404]))).status).toBe(404);
    await expect(fetch(ask('select 1'))).rejects.toThrow('no uuid');
  });

  it('refuses the same statement twice in one listing, and takes it in the next', async () => {
    const { driver } = driverOf(() => []);
    const { listing } = connection(driver);
    const first = listing();
    await first(ask('select 1'));
    await expect(first(ask('select 1'))).rejects.toThrow('Page loop');
    expect((await listing()(ask('select 1'))).status).toBe(200);
  });

  it('ends when its time is over', async () => {
    const { driver } = driverOf(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return [];
    });
    const fetch = connection(driver, 20).listing();
    await fetch(ask('a'));
    await expect(fetch(ask('b'))).rejects.toThrow('took longer than 0.02 s. Raise --timeout.');
  });

  it('learns the clock of the server from the middle of the exchange', async () => {
    const { driver } = driverOf(() => [], { clock: async () => Date.now() + 90_000 });
    const { fetch, clock } = connection(driver);
    expect(clock()).toBeUndefined();
    await fetch(ask('select 1'));
    expect(Math.abs((clock()?.offsetMs ?? 0) - 90_000)).toBeLessThanOrEqual((clock()?.uncertaintyMs ?? 0) + 50);
  });

  it('passes on what is a mistake of ours', async () => {
    const { driver } = driverOf(() => new TypeError('x is not a function'));
    await expect(connection(driver).fetch(ask('select 1'))).rejects.toThrow(TypeError);
  });

  it('takes statements only', async () => {
    const { driver } = driverOf(() => []);
    await expect(connection(driver).fetch({ url, method: 'GET' })).rejects.toThrow('A database takes statements only.');
  });

  it('closes what it has opened', async () => {
    const { driver, closed } = driverOf(() => []);
    const { fetch, close } = connection(driver);
    await fetch(ask('select 1'));
    await close();
    expect(closed).toEqual([1]);
    await expect(fetch(ask('select 1'))).rejects.toThrow('was closed');
  });

  it('is made by the scheme of the URL', async () => {
    const options = { credentials: {}, timeoutMs: 1000, ca: undefined, debug: undefined };
    await expect(connectDatabase({ ...options, baseUrl: 'https://host.example' }, {})).rejects.toThrow(
      'not the URL of a database',
    );
    expect(await connectDatabase({ ...options, baseUrl: url }, {})).toHaveProperty('listing');
  });
});
