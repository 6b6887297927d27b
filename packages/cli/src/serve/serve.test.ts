import { setTimeout as wait } from 'node:timers/promises';
import { formatInstant } from '@tardy/core';
import { SourceError } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import { scrubbedIo } from '../scrubbed-io.js';
import type { Task } from '../task.js';
import { fakeIo, NOON } from '../test-io.js';
import { serveCommand } from './serve.js';
import type { ServeOptions } from './serve-options.js';
import type { Status } from '../live/status.js';

const TOKEN = 'a-token-of-some-length';

describe('the flags of serve', () => {
  it.each([
    {
      argv: [],
      expected: {
        sources: [],
        host: '127.0.0.1',
        port: 8787,
        auth: undefined,
        everyMs: 30_000,
        requestsPerMinute: 60,
        wall: false,
        rotateMs: 20_000,
      },
    },
    {
      argv: ['ci', '--port', '0', '--wall', '--rotate', '5s'],
      expected: { sources: ['ci'], port: 0, wall: true, rotateMs: 5000 },
    },
    {
      argv: ['--host', '0.0.0.0', '--auth', 'env:T', '--name', 'Wall.Example', '--name', 'b'],
      expected: { host: '0.0.0.0', auth: 'env:T', hostNames: ['wall.example', 'b'] },
    },
    { argv: ['--host', '::1'], expected: { host: '::1' } },
    {
      argv: ['--cors', 'https://portal.example', '--cors', 'http://a.example:8080/'],
      expected: { corsOrigins: ['https://portal.example', 'http://a.example:8080'] },
    },
  ])('reads $argv', async ({ argv, expected }) => {
    let seen: ServeOptions | undefined;
    let task: Task | undefined;
    const command = serveCommand(
      (submitted) => void (task = submitted),
      async (_io, options) => {
        seen = options;
        return 0;
      },
    );
    command.parse(argv, { from: 'user' });
    await task?.(fakeIo().io);
    expect(seen).toMatchObject(expected);
  });

  it.each([
    { argv: ['--host', '0.0.0.0'], says: 'there is no token' },
    { argv: ['--host', '::'], says: 'there is no token' },
    { argv: ['--host', 'wall.example'], says: 'there is no token' },
    { argv: ['--port', '65536'], says: '--port "65536" is not a port' },
    { argv: ['--port', 'http'], says: '--port "http"' },
    { argv: ['--every', '4s'], says: '--every "4s"' },
    { argv: ['--budget', '0'], says: '--budget must be at least 1' },
    { argv: ['--cors', '*'], says: '--cors "*" is not an origin' },
    { argv: ['--cors', 'https://portal.example/app'], says: 'is not an origin' },
    { argv: ['--cors', 'file:///etc'], says: 'is not an origin' },
    { argv: ['--auth', TOKEN, 'file:runs.json'], says: '--auth is not a reference' },
    { argv: ['--auth', 'env:NONE', 'file:runs.json'], says: 'the environment variable NONE, which is not there' },
    { argv: ['--auth', 'file:none', 'file:runs.json'], says: 'the file none, which is not there' },
    { argv: ['--auth', 'env:SHORT', 'file:runs.json'], says: 'at least 16 characters' },
    { argv: ['file:none.json'], says: 'The file none.json does not exist' },
    {
      argv: ['--port', '1', '--host', '203.0.113.9', '--auth', 'env:GOOD', 'file:runs.json'],
      says: '203.0.113.9 is no address of this machine',
    },
  ])('refuses $argv', async ({ argv, says }) => {
    const { io } = fakeIo({
      env: { SHORT: 'short', GOOD: TOKEN },
      files: { '/project/app/runs.json': '{"runs":[]}' },
    });
    const failure = await runProgram(io, ['serve', ...argv]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    const { message, hint } = failure as UsageError;
    expect(message).toContain(says);
    expect(`${message} ${hint ?? ''}`).not.toContain(TOKEN);
  });
});

const stuck = {
  id: 'op_1',
  type: 'sync',
  title: 'Sync with s3cret-of-source',
  status: 'running',
  started_at: formatInstant(NOON - 3_600_000),
  heartbeat_at: formatInstant(NOON - 1_800_000),
};

/** Serves a run API that a test controls, over real HTTP, until the test is done. */
async function serving(
  use: (server: {
    url: string;
    get: (path: string, init?: RequestInit) => Promise<Response>;
    world: World;
  }) => Promise<void>,
  argv: readonly string[] = [],
) {
  const world: World = { list: () => ({ runs: [stuck] }), lists: 0 };
  const fake = fakeIo({
    env: { TARDY_TOKEN: 's3cret-of-source', SERVE: TOKEN },
    responses: {
      '/api/runs': () => {
        world.lists++;
        return world.list();
      },
      '/api/runs/op_1': stuck,
    },
  });
  const io = scrubbedIo(fake.io);
  const done = runProgram(io, ['serve', 'runs:https://host.example/api', '--port', '0', '--every', '5s', ...argv]);
  const url = await until(() => /http:\/\/\S+?:\d+/.exec(fake.printed.out)?.[0]);
  try {
    await use({ url, get: (path, init) => fetch(url + path, init), world });
  } finally {
    fake.live.stop();
  }
  expect(await done).toBe(0);
  return fake;
}

type World = { list: () => unknown; lists: number };

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(20);
  }
  throw new Error('It did not happen within 30 s.');
}

describe('a server', () => {
  it('says where it is, serves what it read, and ends when it is stopped', async () => {
    const { printed } = await serving(async ({ get }) => {
      const status = await until(async () => {
        const read = (await (await get('/status')).json()) as Status;
        return read.complete ? read : undefined;
      });
      expect(status).toMatchObject({ verdict: 'stale', sources: [{ kind: 'runs', state: 'current', runs: 1 }] });
      const text = await (await get('/api/runs')).text();
      expect(JSON.parse(text)).toMatchObject({ runs: [{ id: 'op_1', title: 'Sync with ***' }] });
      expect(text).not.toContain('s3cret');
    });
    expect(printed.out).toMatch(/^Serving 1 source at http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  it('asks its source no more for a hundred viewers than for none', async () => {
    await serving(async ({ get, world }) => {
      await until(async () => ((await (await get('/status')).json()) as Status).complete || undefined);
      const before = world.lists;
      const responses = await Promise.all(Array.from({ length: 100 }, async () => get('/api/runs')));
      expect(responses.every(({ status }) => status === 200)).toBe(true);
      expect(world.lists).toBe(before);
    });
  });

  it('keeps what it knows when its source fails, says so, and says on stderr when that began and ended', async () => {
    let failing = true;
    const { printed } = await serving(async ({ get, world }) => {
      world.list = () => {
        if (failing && world.lists > 1) throw new SourceError('http', 'HTTP 503 from s3cret-of-source');
        return { runs: [{ ...stuck, heartbeat_at: formatInstant(NOON) }] };
      };
      const failed = await until(async () => {
        const read = (await (await get('/status')).json()) as Status;
        return read.sources[0]?.state === 'failing' ? read : undefined;
      });
      expect(failed).toMatchObject({ complete: false, verdict: 'stale', sources: [{ reason: 'HTTP 503 from ***' }] });
      expect(failed.sources[0]?.read_at).not.toBeNull();
      expect(await (await get('/api/runs')).json()).toMatchObject({ complete: false, runs: [{ id: 'op_1' }] });
      failing = false;
      await until(async () => ((await (await get('/status')).json()) as Status).complete || undefined);
    });
    expect(printed.err).toBe(
      'tardy: runs:https://host.example/api cannot be read: HTTP 503 from ***\ntardy: runs:https://host.example/api is read again\n',
    );
  }, 60_000);

  it('ends although a viewer holds an event stream open', async () => {
    await serving(async ({ get }) => {
      const events = await get('/api/runs/events');
      expect(events.headers.get('Content-Type')).toContain('text/event-stream');
    });
  });

  it('demands the token', async () => {
    await serving(
      async ({ get }) => {
        expect((await get('/api/runs')).status).toBe(401);
        const headers = { Authorization: `Bearer ${TOKEN}` };
        expect((await get('/api/runs', { headers })).status).toBe(200);
      },
      ['--auth', 'env:SERVE'],
    );
  });

  it('says that its port is taken', async () => {
    await serving(async ({ url }) => {
      const { io } = fakeIo({ files: { '/project/app/runs.json': '{"runs":[]}' } });
      const argv = ['serve', 'file:runs.json', '--port', new URL(url).port];
      await expect(runProgram(io, argv)).rejects.toThrow(/is taken/);
    });
  });
});
