import { setTimeout as wait } from 'node:timers/promises';
import { formatInstant } from '@tardy/core';
import { SourceError } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import type { Key } from '../io.js';
import { ATTACKS } from '../output/test-attacks.js';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';
import { afterKey, FIRST_STATE, type WatchState } from './watch-state.js';

const MINUTE = 60_000;
const ago = (minutes: number) => formatInstant(NOON - minutes * MINUTE);
const row = (id: string, minutesSilent: number, more: Readonly<Record<string, unknown>> = {}) => ({
  id,
  type: 'sync',
  title: `Sync ${id}`,
  status: 'running',
  started_at: ago(50),
  heartbeat_at: ago(minutesSilent),
  url: `https://host.example/runs/${id}`,
  ...more,
});

/** Watches runs that a test changes, on a terminal of that size or in a pipe. */
async function watching(
  rows: readonly unknown[],
  argv: readonly string[],
  use: (world: World) => Promise<void> = async () => {},
  options: { columns?: number; rows?: number; env?: Readonly<Record<string, string>>; keys?: boolean } = {},
) {
  const clock = { now: NOON };
  const list = { rows, error: undefined as SourceError | undefined };
  const fake = fakeIo({
    env: { LANG: 'C.UTF-8', ...options.env },
    responses: {
      '/api/runs': () => {
        if (list.error !== undefined) throw list.error;
        return { runs: list.rows, now: formatInstant(clock.now) };
      },
    },
  });
  if (options.columns !== undefined) fake.live.resize(options.columns, options.rows ?? 24);
  fake.live.terminal.hasKeys = options.keys ?? options.columns !== undefined;
  const io = { ...fake.io, now: () => clock.now };
  const done = runProgram(io, ['watch', 'runs:https://host.example/api', '--every', '5s', ...argv]);
  // oxlint-disable-next-line no-control-regex
  const screen = () => (fake.printed.out.split('\x1b[H').at(-1) ?? '').replaceAll(/\x1b\[(?:2K|[0-9;]*m)/g, '');
  const until = async (text: string | RegExp) => {
    for (const end = Date.now() + 20_000; Date.now() < end; await wait(10)) {
      if (typeof text === 'string' ? screen().includes(text) : text.test(screen())) return;
    }
    throw new Error(`It does not show ${String(text)}: ${JSON.stringify(screen())}`);
  };
  await use({ clock, list, screen, until, ...fake.live });
  return { code: await done, out: fake.printed.out };
}

type World = ReturnType<typeof fakeIo>['live'] & {
  readonly clock: { now: number };
  readonly list: { rows: readonly unknown[]; error: SourceError | undefined };
  readonly screen: () => string;
  readonly until: (text: string | RegExp) => Promise<void>;
};

describe('watch on a terminal', () => {
  it('shows the runs, worst first, and ends with q and the code of check', async () => {
    const { code, out } = await watching(
      [row('fresh', 0), row('stuck', 42)],
      [],
      async ({ until, screen, press }) => {
        await until('1 likely stuck of 2 active runs');
        expect(screen().indexOf('Sync stuck')).toBeLessThan(screen().indexOf('Sync fresh'));
        press({ name: 'q', text: 'q' });
      },
      { columns: 100 },
    );
    expect(code).toBe(1);
    // The other screen is left, the cursor and the wrapping are back, and the last word stays.
    expect(out).toMatch(
      // oxlint-disable-next-line no-control-regex
      /\[\?1049h[^]*\[\?7h\u001b\[\?25h\u001b\[\?1049l[^]*1 likely stuck of 2 active runs in 1 source\./,
    );
  });

  it('flips a run at its instant, without a new reading', async () => {
    const { code } = await watching(
      [row('quiet', 1)],
      [],
      async ({ until, clock, press, list }) => {
        await until('Nothing is late or stuck');
        list.error = new SourceError('network', 'It must not be read.');
        clock.now = NOON + MINUTE;
        await until('1 late of 1 active run');
        clock.now = NOON + 9 * MINUTE;
        await until('1 likely stuck of 1 active run');
        press({ name: 'q', text: 'q' });
      },
      { columns: 100 },
    );
    expect(code).toBe(1);
  });

  it('selects, shows one run, filters, and fits after a resize', async () => {
    await watching(
      [row('one', 42), row('two', 41), row('three', 40)],
      [],
      async ({ until, screen, press, resize }) => {
        await until(/› . Likely stuck\s+Sync one/);
        press({ name: 'down' });
        await until(/› . Likely stuck\s+Sync two/);
        press({ name: 'return' });
        await until(/Id\s+two/);
        press({ name: 'escape' });
        await until(/› . Likely stuck\s+Sync two/);
        for (const text of '/thr') press({ name: text === '/' ? undefined : text, text });
        await until('/thr');
        press({ name: 'return' });
        await until('filter: thr (1 of 3)');
        expect(screen()).not.toContain('Sync one');
        press({ name: 'escape' });
        await until('Sync one');
        resize(60, 8);
        await wait(50);
        await until('Sync two');
        expect(screen().split('\r\n').length).toBeLessThanOrEqual(8);
        press({ name: 'q', text: 'q' });
      },
      { columns: 120 },
    );
  });

  it('keeps its last runs when the source fails, says so, and ends with 3 where nothing is stuck', async () => {
    const { code } = await watching(
      [row('fine', 0)],
      [],
      async ({ until, list, press }) => {
        await until('Nothing is late or stuck');
        list.error = new SourceError('http', 'HTTP 503');
        await until('could not be read (http): HTTP 503');
        await until('Sync fine');
        press({ name: 'q', text: 'q' });
      },
      { columns: 120 },
    );
    expect(code).toBe(3);
  });

  it('ends with 130 after Ctrl-C, and gives the terminal back', async () => {
    const { code, out } = await watching(
      [row('a', 42)],
      [],
      async ({ until, stop }) => {
        await until('1 likely stuck');
        stop(130);
      },
      { columns: 80 },
    );
    expect(code).toBe(130);
    expect(out).toContain('\x1b[?1049l');
  });

  it('stays one screen, whatever titles and a filter hold', async () => {
    const { out } = await watching(
      ATTACKS.map(({ text }, index) => row(String(index), 42, { title: text })),
      [],
      async ({ until, press }) => {
        await until(`${ATTACKS.length} likely stuck`);
        for (const { text } of ATTACKS) {
          press({ text: '/' });
          press({ text });
          await wait(5);
          press({ name: 'escape' });
        }
        press({ name: 'q', text: 'q' });
      },
      { columns: 80, rows: 80 },
    );
    // oxlint-disable-next-line no-control-regex
    const own = /\u001b\[(?:\?(?:1049|25|7)[hl]|H|J|2K|[0-9;]*m)/g;
    expect(out).toContain('alert(1)');
    // oxlint-disable-next-line no-control-regex
    expect(out.replaceAll(own, '')).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e\u2066]/);
  });
});

describe('watch without a terminal', () => {
  it('ends when nothing is active any more', async () => {
    const ended = row('a', 0, { status: 'completed', outcome: 'succeeded', ended_at: ago(0) });
    const { code, out } = await watching([row('a', 42)], [], async ({ until, list }) => {
      await until('1 likely stuck of 1 active run');
      list.rows = [ended];
    });
    expect(code).toBe(0);
    expect(out).toMatch(/Likely stuck\tSync a[^]*Nothing is late or stuck: no active runs/);
    expect(out).not.toContain('\x1b');
  });

  it('says what changes, once', async () => {
    const { out } = await watching([row('a', 1)], [], async ({ until, clock, list, stop }) => {
      await until('Nothing is late or stuck: 1 active run');
      list.rows = [row('a', 1), row('b', 0)];
      clock.now = NOON + MINUTE;
      await until('Running late\tSync a');
      stop(143);
    });
    expect(out.match(/Sync a/g)).toHaveLength(1);
  });

  it('ends with --until-fresh once nothing is late or stuck, though a run is active', async () => {
    const { code } = await watching([row('a', 42)], ['--until-fresh'], async ({ until, list }) => {
      await until('1 likely stuck');
      list.rows = [row('a', 0)];
    });
    expect(code).toBe(0);
  });

  it.each([
    { name: 'with --once', argv: ['--once'], env: {} },
    { name: 'under watch(1)', argv: [], env: { LINES: '12', COLUMNS: '100' } },
  ])('shows one frame $name', async ({ argv, env }) => {
    const { code, out } = await watching([row('a', 42)], argv, undefined, { env });
    expect(code).toBe(1);
    expect(out).toMatch(/^1 likely stuck of 1 active run in 1 source\.\n/);
    expect(out).toContain('■ Likely stuck');
  });

  it('prints lines in a dumb terminal, whose keys stay with the shell', async () => {
    const { out } = await watching(
      [row('a', 42)],
      [],
      async ({ until, stop }) => {
        await until('Likely stuck\tSync a');
        stop(130);
      },
      { columns: 80, env: { TERM: 'dumb' } },
    );
    expect(out).not.toContain('\x1b');
  });
});

describe('a key', () => {
  const key = (name: string, fields: Partial<Key> = {}): Key => ({ name, text: name, ctrl: false, ...fields });
  const typing: WatchState = { ...FIRST_STATE, typing: true, filter: 'ab' };

  it.each([
    ['a letter', key('c'), 'abc'],
    ['q while typing', key('q'), 'abq'],
    ['a slash', key('', { text: '/' }), 'ab/'],
    ['an emoji', key('', { text: '🙂' }), 'ab🙂'],
    ['backspace', key('backspace', { text: '\x7f' }), 'a'],
    ['a function key', key('f5', { text: '\x1b[15~' }), 'ab'],
    ['Ctrl-A', key('a', { text: '\x01', ctrl: true }), 'ab'],
    ['escape', key('escape', { text: '\x1b' }), ''],
  ])('%s in the filter', (_, pressed, filter) => {
    expect(afterKey(typing, pressed, []).state.filter).toBe(filter);
  });

  it('does nothing where there are no runs', () => {
    for (const name of ['up', 'down', 'return', 'o']) {
      expect(afterKey(FIRST_STATE, key(name), [])).toEqual({ state: FIRST_STATE });
    }
  });
});
