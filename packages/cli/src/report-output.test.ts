import { describe, expect, it } from 'vitest';
import { formatInstant } from '@tardy/core';
import { UsageError } from './errors.js';
import { runProgram } from './program.js';
import { fakeIo, NOON } from './test-io.js';

const ago = (minutes: number) => formatInstant(NOON - minutes * 60_000);
const fresh = { id: 'fresh', type: 'sync', title: 'Sync', status: 'running', started_at: ago(5), heartbeat_at: ago(0) };
const late = { ...fresh, id: 'late', started_at: ago(90), heartbeat_at: undefined };
const stuck = { ...fresh, id: 'stuck', title: 'Nightly', started_at: ago(60), heartbeat_at: ago(42) };
const odd = { id: 'odd', type: 'sync', status: 'dancing' };

async function tardy(argv: readonly string[], runs: readonly unknown[], world: Parameters<typeof fakeIo>[0] = {}) {
  const files = { '/project/app/runs.json': JSON.stringify({ runs }), ...world.files };
  const fake = fakeIo({ ...world, files });
  const code = await runProgram(fake.io, [...argv, 'file:runs.json']);
  return { code, ...fake.printed, written: fake.written };
}

describe('--format nagios', () => {
  it.each([
    { when: 'all is well', runs: [fresh], flags: [], code: 0, says: /^TARDY OK - Nothing is late or stuck/ },
    { when: 'a run is late', runs: [late], flags: [], code: 1, says: /^TARDY WARNING - 1 late/ },
    { when: 'a run is stuck', runs: [stuck], flags: [], code: 2, says: /^TARDY CRITICAL - 1 likely stuck/ },
    { when: 'a row cannot be read', runs: [fresh, odd], flags: [], code: 3, says: /^TARDY UNKNOWN - Cannot tell/ },
    { when: 'a flag is wrong', runs: [], flags: ['--now', 'x'], code: 3, says: /^TARDY UNKNOWN - --now "x" is not a/ },
    { when: 'there is no such flag', runs: [], flags: ['--jsn'], code: 3, says: /^TARDY UNKNOWN - unknown option/ },
    { when: 'there is no such source', runs: [], flags: ['nobody'], code: 3, says: /^TARDY UNKNOWN - Unknown source/ },
    { when: 'help is asked for', runs: [], flags: ['--help'], code: 3, says: /^Usage: tardy check/ },
  ])('exits $code when $when, and says so on stdout', async ({ runs, flags, code, says }) => {
    for (const format of [['--format', 'nagios'], ['--format=json=a.json,nagios'], ['-f', 'nagios'], ['-fnagios']]) {
      const found = await tardy(['check', ...format, ...flags], runs);
      expect(found.code).toBe(code);
      expect(found.out).toMatch(says);
      expect(found.out.split('\n').filter((line) => line.startsWith('TARDY ')).length).toBeLessThanOrEqual(1);
    }
  });

  it('exits 3 for an internal error', async () => {
    const { io, printed } = fakeIo();
    const broken = { ...io, readFile: () => Promise.reject(new TypeError('oh')) };
    expect(await runProgram(broken, ['check', 'file:x', '-f', 'nagios'])).toBe(3);
    expect(printed.out).toBe('TARDY UNKNOWN - internal error: TypeError: oh\n');
  });

  it('leaves the exit code alone in a file', async () => {
    const { code, written } = await tardy(['check', '--format', 'text,nagios=plugin.txt'], [stuck]);
    expect(code).toBe(1);
    expect(written.get('/project/app/plugin.txt')).toMatch(/^TARDY CRITICAL/);
  });

  it('is UNKNOWN, not CRITICAL, where another output of a check in which all is well cannot be written', async () => {
    const world = { full: ['/project/app/a.json'] };
    expect((await tardy(['check', '--format', 'nagios,json=a.json'], [fresh], world)).code).toBe(3);
  });
});

describe('--format github', () => {
  const SUMMARY = { GITHUB_STEP_SUMMARY: '/runner/summary.md' };

  it('prints annotations and adds a summary to that of the job', async () => {
    const { code, out, written } = await tardy(['check', '--format', 'github'], [stuck], { env: SUMMARY });
    expect(code).toBe(1);
    expect(out).toMatch(/^::error title=Likely stuck%3A Nightly::No heartbeat for 42 min%0A/);
    expect(out).toContain('1 likely stuck of 1 active run in 1 source.');
    expect(written.get('/runner/summary.md')).toMatch(/^\*\*1 likely stuck of 1 active run/);
  });

  it('keeps its verdict where the summary cannot be written, and says so', async () => {
    const { code, err } = await tardy(['check', '-f', 'github'], [fresh], {
      env: SUMMARY,
      full: ['/runner/summary.md'],
    });
    expect([code, err]).toEqual([0, 'tardy: /runner/summary.md cannot be written: the disk is full.\n']);
  });

  it('needs no summary', async () => {
    expect((await tardy(['check', '-f', 'github'], [fresh])).written.size).toBe(0);
  });
});

describe('several formats at once', () => {
  it('each go to a place of their own', async () => {
    const list = 'text,json=a.json,junit=b.xml,prometheus=c.prom,html=d.html';
    const { code, out, written } = await tardy(['check', '--format', list], [stuck]);
    expect([code, [...written.keys()]]).toEqual([
      1,
      ['a.json', 'b.xml', 'c.prom', 'd.html'].map((name) => `/project/app/${name}`),
    ]);
    expect(out).toContain('Likely stuck\tNightly');
    expect(written.get('/project/app/c.prom')).toContain('tardy_judged_runs{state="likely_stale"} 1');
  });
});

describe('what could not be read', () => {
  const FORMATS = [
    'text',
    'json',
    'ndjson',
    'csv',
    'markdown',
    'html',
    'github',
    'gitlab',
    'junit',
    'nagios',
    'prometheus',
    'slack',
  ];
  it.each([...FORMATS.map((name) => ['--format', name]), ['--json', 'id'], ['--jq', '.runs']])(
    'stands on stderr with %s %s, and the exit code is 3',
    async (...flags) => {
      const { code, err } = await tardy(['check', ...flags], [fresh, odd]);
      expect(code).toBe(3);
      expect(err).toMatch(/^\? file:runs\.json is incomplete: odd: /);
    },
  );

  it('stands in a text that goes to a file as well', async () => {
    const { written } = await tardy(['check', '--format', 'text=a.txt'], [fresh, odd]);
    expect(written.get('/project/app/a.txt')).toMatch(/^\? file:runs\.json is incomplete: odd: /);
  });

  it('is listed up to ten rows for each source', async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ ...odd, id: `odd${index}` }));
    const lines = async (count: number) => (await tardy(['check'], rows(count))).err.trimEnd().split('\n');
    expect(await lines(10)).toHaveLength(10);
    const many = await lines(14);
    expect([many.length, many[9]?.startsWith('  odd9: '), many.at(-1)]).toEqual([11, true, '  and 4 more']);
  });
});

describe('--template', () => {
  const files = { '/project/app/mail.hbs': '{{summary}}\n', '/project/app/broken.hbs': '{{#if}' };

  it.each([
    { flags: ['--template', 'mail.hbs'], out: '1 likely stuck of 1 active run in 1 source.\n', paths: [] },
    { flags: ['--template', 'mail.hbs', '--format', 'template=m.txt,ndjson=n'], out: '', paths: ['m.txt', 'n'] },
  ])('is a format: $flags', async ({ flags, out, paths }) => {
    const found = await tardy(['check', ...flags], [stuck], { files });
    expect([found.code, found.out]).toEqual([1, out]);
    expect([...found.written.keys()]).toEqual(paths.map((path) => `/project/app/${path}`));
  });

  it.each([
    { flags: ['--template', 'none.hbs'], says: 'The template none.hbs does not exist.' },
    { flags: ['--template', 'broken.hbs'], says: 'The template broken.hbs does not work: Parse error' },
    { flags: ['--format', 'template'], says: '--format template needs a template.' },
    { flags: ['--format', 'text', '--template', 'mail.hbs'], says: '--template is given, but no format uses it.' },
  ])('is refused before anything is read: $flags', async ({ flags, says }) => {
    let read = false;
    const { io } = fakeIo({ files });
    const readFile: typeof io.readFile = async (path) => {
      if (path.endsWith('runs.json')) read = true;
      return io.readFile(path);
    };
    const run = runProgram({ ...io, readFile }, ['check', ...flags, 'file:runs.json']);
    const failure = await run.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toContain(says);
    expect(read).toBe(false);
  });
});

describe('the time zone', () => {
  const since = (written: ReadonlyMap<string, string>) =>
    / \| 23 Nov 2026, ([^|]*) \|/.exec(written.get('/project/app/a.md') ?? '')?.[1];
  const config = '/project/app/tardy.config.yaml';
  it.each([
    { when: 'nothing says', flags: [], env: {}, files: {}, expected: '11\\:28\\:00 UTC' },
    { when: 'TZ says', flags: [], env: { TZ: ':Europe/Berlin' }, files: {}, expected: '12\\:28\\:00 CET' },
    { when: 'TZ is not one', flags: [], env: { TZ: 'CET-1CEST' }, files: {}, expected: '11\\:28\\:00 UTC' },
    {
      when: 'the config says',
      flags: [],
      env: { TZ: 'Europe/Berlin' },
      files: { [config]: 'version: 1\ntime_zone: Asia/Tokyo\n' },
      expected: '20\\:28\\:00 GMT\\+9',
    },
    {
      when: 'the flag says',
      flags: ['--time-zone', 'UTC'],
      env: {},
      files: { [config]: 'version: 1\ntime_zone: Asia/Tokyo\n' },
      expected: '11\\:28\\:00 UTC',
    },
  ])('is $expected when $when', async ({ flags, env, files, expected }) => {
    const { written } = await tardy(['check', '--format', 'markdown=a.md', ...flags], [stuck], { env, files });
    expect(since(written)).toBe(expected);
  });
});
