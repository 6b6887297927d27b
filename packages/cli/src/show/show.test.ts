import { formatInstant } from '@tardy/core';
import { SourceError } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { ATTACKS, harmIn } from '../output/test-attacks.js';
import { runProgram } from '../program.js';
import { fakeIo, NOON, optionsOf } from '../test-io.js';
import { showCommand } from './show.js';

const MINUTE = 60_000;
const HOST = 'runs:https://host.example/api';

const STUCK = {
  id: '42',
  type: 'export',
  title: 'Nightly export',
  status: 'running',
  started_at: formatInstant(NOON - 60 * MINUTE),
  heartbeat_at: formatInstant(NOON - 42 * MINUTE),
};

async function show(argv: readonly string[], run: unknown = STUCK, responses: Readonly<Record<string, unknown>> = {}) {
  const world = fakeIo({ responses: { '/api/runs/42': run, ...responses } });
  const code = await runProgram(world.io, ['show', HOST, '42', ...argv]);
  return { code, ...world.printed };
}

describe('the flags of show', () => {
  it.each([
    { argv: ['ci', '42'], expected: { source: 'ci', runId: '42', explain: false, json: false, timeZone: undefined } },
    { argv: ['ci', '42', '-e', '--json'], expected: { explain: true, json: true, fields: undefined } },
    { argv: ['ci', '42', '--json', 'id,state'], expected: { json: true, fields: ['id', 'state'] } },
    { argv: ['ci', '42', '-q', '.id'], expected: { json: true, jq: '.id' } },
    { argv: ['ci', '42', '--time-zone', 'Europe/Berlin'], expected: { timeZone: 'Europe/Berlin' } },
  ])('reads $argv', async ({ argv, expected }) => {
    expect(await optionsOf(showCommand, argv)).toMatchObject(expected);
  });

  it.each([
    { argv: ['show', 'ci'], says: 'run-id' },
    { argv: ['show', HOST, '1', '--json', 'colour'], says: 'Unknown field "colour" in --json' },
    { argv: ['show', HOST, '1', '--time-zone', 'Mars/Base'], says: '--time-zone "Mars/Base"' },
    { argv: ['show', HOST, 'nobody'], says: 'has no run "nobody"' },
  ])('refuses $argv', async ({ argv, says }) => {
    const failure = await runProgram(fakeIo().io, argv).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(says);
  });
});

describe('what show prints', () => {
  it('is one run in detail', async () => {
    const { code, out } = await show(['--time-zone', 'Europe/Berlin']);
    expect(code).toBe(0);
    expect(out).toBe(`State\tLikely stuck
Title\tNightly export
Headline\tNo heartbeat for 42 min
Since\t23 Nov 2026, 12:28:00 CET, 32 min ago
Reason\tRan for 18 min, then no heartbeat for 42 min. Likely stuck after 10 min without a heartbeat (rule: defaults.silence.stale).
Guidance\tCheck whether its worker is still alive. If not, cancel the run in its source so that queued work can continue.
Started\t1 h ago (23 Nov 2026, 12:00:00 CET)
Last heartbeat\t42 min ago (23 Nov 2026, 12:18:00 CET)
Type\texport
Source\t${HOST}
Id\t42
`);
  });

  it('explains each clock by the policy that the source publishes', async () => {
    const policy = { version: 1, defaults: { silence: { late: '1h', stale: '2h' } } };
    const { out } = await show(['--explain'], STUCK, { '/api/policy': policy });
    expect(out).toContain('silence\t42 min\tlate\t1h\tin 18 min\tdefaults.silence.late');
  });

  it('is JSON with the clocks', async () => {
    const { out } = await show(['--explain', '--json', 'state,rule']);
    expect(JSON.parse(out)).toEqual({
      state: 'likely_stale',
      history: null,
      rule: 'defaults.silence.stale',
      clocks: [
        {
          clock: 'run',
          decides: false,
          start_at: '2026-11-23T11:00:00Z',
          age_ms: 3_600_000,
          skewed: false,
          late: { threshold_ms: 3_600_000, rule: 'defaults.run.late', at: '2026-11-23T12:00:00Z', reached: true },
          stale: { threshold_ms: 21_600_000, rule: 'defaults.run.stale', at: '2026-11-23T17:00:00Z', reached: false },
          vouched_until: null,
        },
        {
          clock: 'silence',
          decides: true,
          start_at: '2026-11-23T11:18:00Z',
          age_ms: 2_520_000,
          skewed: false,
          late: { threshold_ms: 120_000, rule: 'defaults.silence.late', at: '2026-11-23T11:20:00Z', reached: true },
          stale: { threshold_ms: 600_000, rule: 'defaults.silence.stale', at: '2026-11-23T11:28:00Z', reached: true },
          vouched_until: null,
        },
      ],
    });
  });

  it('says how the run compares with earlier ones of its type, where the policy has learned from them', async () => {
    const took = ['40s', '5m', '6m', '8m', '9m', '10m', '12m', '13m', '14m', '15m', '3d'];
    const learned = { at: '2026-11-01', since: '2026-08-01', runs: 812, target: { late: 0.005, stale: 0.001 }, took };
    const rules = [{ match: { type: STUCK.type }, run: { late: '15m', stale: '31m' }, learned }];
    const responses = { '/api/policy': { version: 1, rules } };
    expect((await show([], STUCK, responses)).out).toContain(
      'History\tLonger than 99.9% of 812 earlier runs of its type since 2026-08-01. Half of them took up to 8 min, 99% up to 13 min\n',
    );
    const json = JSON.parse((await show(['--explain', '--json'], STUCK, responses)).out) as Record<string, unknown>;
    expect(json['history']).toMatchObject({ longer_than_share: 0.999, runs: 812, since: '2026-08-01' });
    expect((json['history'] as { took: unknown[] }).took[3]).toEqual({ share: 0.5, ms: 480_000 });
    expect((await show([])).out).not.toContain('History');
  });

  it('is the result of a jq expression', async () => {
    expect((await show(['-q', '.run.title'])).out).toBe('Nightly export\n');
  });

  it('is only the reason if the source fails', async () => {
    expect(await show([], new SourceError('auth', 'The token was refused (401).'))).toEqual({
      code: 3,
      out: '',
      err: 'tardy: The token was refused (401). It has no credential: set TARDY_TOKEN. (auth)\n',
    });
  });

  it.each([
    ['another run', { ...STUCK, id: '43' }, 'sent another run: 43. (shape)'],
    ['what makes Tardy itself fail', new TypeError('odd'), 'TypeError: odd (internal)'],
  ])('is nothing but the reason when the source sends %s', async (_, run, says) => {
    const { code, out, err } = await show([], run);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain(says);
  });

  it.each(ATTACKS)('prints nothing dangerous, whatever the source sends: $name', async ({ text }) => {
    for (const argv of [[], ['--explain'], ['--json'], ['-q', '.run.title']]) {
      const { out } = await show(argv, {
        ...STUCK,
        title: text,
        tenant: { id: 'x', name: text },
        labels: { [text]: text },
      });
      expect(out).not.toBe('');
      for (const cell of out.split(/[\n\t]/)) {
        expect(
          harmIn(argv.includes('--json') ? cell.replace(/\p{M}/gu, '').replaceAll('section_start:', '') : cell),
        ).toBeUndefined();
      }
    }
  });
});
