import { setTimeout as wait } from 'node:timers/promises';
import { parseInstant, type Instant } from '@tardy/core';
import { SourceError, type SourceFetch, type SourceResponse } from '@tardy/core/sources';
import type { Command } from 'commander';
import { UsageError } from './errors.js';
import type { CliIo, ConnectionOptions, FileAccess, Key, LiveIo } from './io.js';
import type { Delivered, DeliverOptions, Wire } from './notify/wire.js';
import type { Submit, Task } from './task.js';

/** The instant that tests judge at. */
export const NOON = instant('2026-11-23T12:00:00Z');

/** Parses an instant that is known to be valid. */
export function instant(text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) throw new Error(`not an instant: ${text}`);
  return at;
}

/** The responses of a fake source, by path and query; a function is called for each request. */
export type Responses = Readonly<Record<string, unknown>>;

/** The world of a command in memory: files, responses by URL, and what was printed. */
export function fakeIo(
  world: {
    readonly files?: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
    readonly stdin?: string;
    readonly stdinIsTty?: boolean;
    readonly responses?: Responses;
    readonly clockOffsetMs?: number;
    /** By how much the responses of the fake source contradict each other about the time. */
    readonly clockJumpMs?: number;
    /** What is unusual about files and folders. */
    readonly access?: Readonly<Record<string, Partial<FileAccess>>>;
    /** Paths that cannot be written. */
    readonly unwritable?: readonly string[];
    /** Paths that cannot be written any more by the time there is something to write. */
    readonly full?: readonly string[];
    /** Whether a message is delivered; all are by default. */
    readonly deliver?: (wire: Wire) => Delivered;
  } = {},
) {
  const printed = { out: '', err: '' };
  const written = new Map<string, string>();
  const connections: ConnectionOptions[] = [];
  const slept: number[] = [];
  const live = fakeLiveIo((text) => void (printed.out += text));
  const locks = new Set<string>();
  const delivered: { readonly wire: Wire; readonly options: DeliverOptions; readonly result: Delivered }[] = [];
  const fetch: SourceFetch = async ({ url, accept = [] }): Promise<SourceResponse> => {
    const { pathname, search } = new URL(url);
    const response = world.responses?.[`${pathname}${search}`] ?? world.responses?.[pathname];
    const body: unknown = typeof response === 'function' ? (response as () => unknown)() : response;
    if (body instanceof Error) throw body;
    if (body === undefined && !accept.includes(404)) throw new SourceError('not_found', `${pathname} is not there.`);
    return { status: body === undefined ? 404 : 200, headers: { get: () => null }, body, url };
  };
  const io: CliIo = {
    stdout: { write: (text) => void (printed.out += text), isTty: false, columns: undefined },
    stderr: { write: (text) => void (printed.err += text), isTty: false, columns: undefined },
    env: world.env ?? {},
    cwd: '/project/app',
    now: () => NOON,
    sleep: async (ms) => void slept.push(ms),
    stdinIsTty: world.stdinIsTty ?? false,
    readStdin: async () => world.stdin ?? '',
    readFile: async (path, within) => {
      if (within !== undefined && !path.startsWith(`${within}/`))
        throw new UsageError(`${path} lies outside of ${within}.`);
      return written.get(path) ?? world.files?.[path];
    },
    openText: async (path) => {
      const text = written.get(path) ?? world.files?.[path];
      return text === undefined ? undefined : inParts(text);
    },
    fileAccess: async (path) => {
      const exists = Object.keys(world.files ?? {}).some((file) => file === path || file.startsWith(`${path}/`));
      return exists ? { ownedByOthers: false, writableByAll: false, ...world.access?.[path] } : undefined;
    },
    checkWritable: async (path) => {
      if (world.unwritable?.includes(path) === true) throw new UsageError(`${path} cannot be written.`);
    },
    writeFile: async (path, text) => {
      if (world.full?.includes(path) === true) throw new UsageError(`${path} cannot be written: the disk is full.`);
      written.set(path, text);
    },
    readAsset: async (name) => new TextEncoder().encode(`/* ${name} */`),
    live: async () => live.io,
    scrub: (text) => text,
    appendFile: async (path, text) => {
      if (world.full?.includes(path) === true) throw new UsageError(`${path} cannot be written: the disk is full.`);
      written.set(path, (written.get(path) ?? world.files?.[path] ?? '') + text);
    },
    connect: async (options) => {
      connections.push(options);
      return {
        fetch,
        listing: () => fetch,
        clock: () => ({ offsetMs: world.clockOffsetMs ?? 0, uncertaintyMs: 10, jumpMs: world.clockJumpMs ?? 0 }),
        close: async () => {},
      };
    },
    pathKind: async (path) => {
      if (world.files?.[path] !== undefined || written.has(path)) return 'file';
      return Object.keys(world.files ?? {}).some((file) => file.startsWith(`${path}/`)) ? 'folder' : undefined;
    },
    lock: async (path) => {
      if (locks.has(path)) return undefined;
      locks.add(path);
      return { held: () => locks.has(path), release: async () => void locks.delete(path) };
    },
    deliver: async (wire, options) => {
      const result = world.deliver?.(wire) ?? { ok: true };
      delivered.push({ wire, options, result });
      return result;
    },
  };
  return { io, printed, written, connections, slept, live, locks, delivered };
}

/** The process of a command that stays: a test stops it, presses its keys and resizes its terminal. */
function fakeLiveIo(write: (text: string) => void) {
  const stop = new AbortController();
  const keys: ((key: Key) => void)[] = [];
  const resized: (() => void)[] = [];
  const terminal: { size: ReturnType<LiveIo['size']>; hasKeys: boolean } = { size: undefined, hasKeys: false };
  const io: LiveIo = {
    write,
    stopped: stop.signal,
    size: () => terminal.size,
    onResize: (changed) => void resized.push(changed),
    onKey: (pressed) => {
      if (terminal.hasKeys) keys.push(pressed);
      return terminal.hasKeys;
    },
    wait: async (ms, signal) => {
      await wait(Math.min(ms, 2 ** 31 - 1), undefined, { signal }).catch(() => {});
    },
    release: () => void keys.splice(0),
  };
  return {
    io,
    terminal,
    stop: (exitCode = 143) => stop.abort(exitCode),
    press: (key: Partial<Key>) => {
      for (const pressed of keys) pressed({ name: undefined, text: '', ctrl: false, ...key });
    },
    resize: (columns: number, rows: number) => {
      terminal.size = { columns, rows };
      for (const changed of resized) changed();
    },
  };
}

/** The options that a command makes of its arguments. */
export async function optionsOf<Options>(
  commandOf: (submit: Submit, run: (io: CliIo, options: Options) => Promise<number>) => Command,
  argv: readonly string[],
): Promise<Options | undefined> {
  let seen: Options | undefined;
  let task: Task | undefined;
  const command = commandOf(
    (submitted) => void (task = submitted),
    async (_io, options) => {
      seen = options;
      return 0;
    },
  );
  command.parse(argv, { from: 'user' });
  await task?.(fakeIo().io);
  return seen;
}

/** A text as it arrives from a disk: in parts that end anywhere. */
async function* inParts(text: string): AsyncGenerator<string, void> {
  for (let at = 0; at < text.length; at += 1000) yield text.slice(at, at + 1000);
}
