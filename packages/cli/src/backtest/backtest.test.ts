import { describe, expect, it } from 'vitest';
import { backtestSchema } from '@tardy/core/schema';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import type { Task } from '../task.js';
import { fakeIo } from '../test-io.js';
import type { BacktestOptions } from './backtest-facts.js';
import { backtestCommand } from './backtest.js';
import { ciTable } from './test-history-text.js';

const POLICY = 'version: 1\ndefaults: { run: { late: 9m, stale: 11m } }\n';

async function run(...argv: string[]) {
  return runWith({ 'ci.csv': ciTable(), 'strict.yaml': POLICY }, ...argv);
}

async function runWith(files: Readonly<Record<string, string>>, ...argv: string[]) {
  const world = fakeIo({
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [`/project/app/${name}`, text])),
  });
  const code = await runProgram(world.io, ['backtest', ...argv]);
  return { code, out: world.printed.out, err: world.printed.err };
}

async function jsonOf(...argv: string[]) {
  const { code, out } = await run(...argv, '--format', 'json');
  return { code, report: backtestSchema.parse(JSON.parse(out)) };
}

describe('the flags of backtest', () => {
  it.each([
    {
      argv: ['a.csv'],
      expected: { targets: ['a.csv'], policyPaths: [], relearnMs: undefined, clock: 'run', sinceMs: undefined },
    },
    { argv: ['-p', 'a.yaml', '-p', 'b.yaml'], expected: { policyPaths: ['a.yaml', 'b.yaml'] } },
    { argv: ['--relearn', 'weekly', '--unmarked'], expected: { relearnMs: 604_800_000, unmarked: true } },
    { argv: ['--relearn', 'once'], expected: { relearnMs: Infinity } },
    {
      argv: ['--max-false', '1/1000', '--min-caught', '95%'],
      expected: { promises: { maxFalse: 0.001, minCaught: 0.95 } },
    },
    { argv: ['--since', '90d', '--as', 'ci'], expected: { sinceMs: 90 * 86_400_000, as: 'ci' } },
    { argv: ['--since', 'never'], expected: { sinceMs: Infinity } },
    { argv: ['--columns', 'type=job,started_at=begin'], expected: { columns: { type: 'job', started_at: 'begin' } } },
    {
      argv: ['--clock', 'queue', '--inject', '--alarms', '-f', 'json'],
      expected: { clock: 'queue', inject: true, alarms: true, json: true },
    },
  ])('reads $argv', async ({ argv, expected }) => {
    let seen: BacktestOptions | undefined;
    let task: Task | undefined;
    const command = backtestCommand(
      (submitted) => void (task = submitted),
      async (_io, options) => {
        seen = options;
        return 0;
      },
    );
    await command.parseAsync(argv, { from: 'user' });
    await task?.(fakeIo().io);
    expect(seen).toMatchObject(expected);
  });

  it.each([
    [['--max-false', 'few'], '--max-false "few" is not a rate.'],
    [['--max-false', '2'], '--max-false "2" is not a rate.'],
    [['--max-false', '1/0'], '--max-false "1/0" is not a rate.'],
    [['--since', 'yesterday'], '--since "yesterday" is not a valid duration.'],
    [['--columns', 'type'], '--columns "type" is not a column.'],
    [['--unmarked'], '--unmarked changes what is learned, and nothing is.'],
    [['--policy', 'none.yaml'], 'The policy file none.yaml does not exist.'],
  ])('refuses %j', async (flags, message) => {
    await expect(run('ci.csv', ...flags)).rejects.toThrow(message);
    await expect(run('ci.csv', ...flags)).rejects.toThrow(UsageError);
  });
});

describe('a backtest of learned rules', () => {
  it('gives the totals of each level as JSON', async () => {
    const { code, report } = await jsonOf('ci.csv', '--relearn', 'weekly', '--inject');
    expect(code).toBe(0);
    expect(report).toMatchObject({
      complete: true,
      exit_code: 0,
      clock: 'run',
      history: { rows: 2000, repeated: 0, types: 1, sources: [{ name: 'ci', format: 'csv', rows: 2000 }] },
      replay: { runs: 1600, from: '2026-01-25T00:00:00Z', endings: { ended: 1589, cut: 11 } },
    });
    expect(report.policies.map(({ name, kind }) => [name, kind])).toEqual([['relearned weekly', 'relearned']]);
    expect(report.policies[0]?.levels.stale).toEqual({
      runs: 1589,
      false_alarms: 0,
      false_alarms_per_1000: 0,
      false_alarms_per_1000_at_most: 1.8835,
      hangs: 11,
      hangs_caught: 11,
      median_delay_s: 1440,
      median_lead_s: 361 * 60 - 1440,
      cancelled_past: 0,
      refused_share: 0,
      injected: { runs: 1589, caught: 1589, caught_within_1h: 1589 },
    });
    expect(report.policies[0]?.alarms).toBeUndefined();
  });

  it('stands beside each policy, over the same runs', async () => {
    const { report } = await jsonOf('ci.csv', '--relearn', 'weekly', '--policy', 'strict.yaml', '--alarms');
    const [learned, strict] = report.policies;
    expect(strict).toMatchObject({ name: 'strict.yaml', kind: 'fixed' });
    expect(strict?.levels.stale.runs).toBe(learned?.levels.stale.runs);
    expect(strict?.levels.stale.false_alarms_per_1000).toBeGreaterThan(200);
    expect(learned?.alarms).toHaveLength(22);
    expect(learned?.alarms?.[1]).toMatchObject({
      level: 'stale',
      meaning: 'hang',
      outcome: 'failed',
      rule: 'rules[1].run.stale',
      source: 'ci',
    });
  });

  it('takes the name of the source from --as', async () => {
    const { report } = await jsonOf('ci.csv', '--as', 'github', '--relearn', 'weekly', '--alarms');
    expect(report.policies[0]?.alarms?.[0]?.source).toBe('github');
    expect(report.history.sources[0]?.name).toBe('github');
  });
});

describe('a backtest of the policy in use', () => {
  it('replays all runs', async () => {
    const { code, report } = await jsonOf('ci.csv');
    expect(code).toBe(0);
    expect(report.policies).toMatchObject([
      { name: 'built in', levels: { stale: { runs: 1987, hangs: 13, hangs_caught: 0, median_delay_s: null } } },
    ]);
  });

  it('reads only what ended recently, if that is wanted', async () => {
    const { report } = await jsonOf('ci.csv', '--now', '2026-04-15T00:00:00Z', '--since', '10d');
    expect(report.history.rows).toBe(200);
  });

  it('can be about the queue', async () => {
    const { report } = await jsonOf('ci.csv', '--clock', 'queue');
    expect(report).toMatchObject({ clock: 'queue', policies: [{ levels: { late: { runs: 2000, false_alarms: 0 } } }] });
  });
});

describe('a promise', () => {
  const exit = async (...flags: string[]) => (await run('ci.csv', ...flags)).code;

  it('is kept, broken, or cannot be proved by so few runs', async () => {
    expect(await exit('--relearn', 'weekly', '--max-false', '2/1000', '--min-caught', '95%')).toBe(0);
    expect(await exit('--relearn', 'weekly', '--max-false', '1/1000')).toBe(3);
    expect(await exit('--policy', 'strict.yaml', '--max-false', '1/1000')).toBe(1);
    expect(await exit('--policy', 'strict.yaml', '--min-caught', '100%')).toBe(0);
  });

  it('is worded', async () => {
    const { out } = await run('ci.csv', '--policy', 'strict.yaml', '--max-false', '1/1000', '--min-caught', '95%');
    expect(out).toContain('strict.yaml: false alarms 253.6/1,000, promised at most 1.00\n');
    expect(out).toContain('strict.yaml: hangs caught 100%, promised at least 95%\n');
  });

  it('about runs that hung cannot be proved without any', async () => {
    const healthy = ciTable({ days: 7 });
    const { code, out } = await runWith({ 'ci.csv': healthy }, 'ci.csv', '--min-caught', '95%', '--format', 'json');
    expect(code).toBe(3);
    expect(backtestSchema.parse(JSON.parse(out)).promises).toMatchObject([
      { promise: 'min_caught', kept: 'unproved', value: null },
    ]);
  });
});

describe('the text of a backtest', () => {
  it('is one row for each policy and level, and what was replayed', async () => {
    const { out } = await run('ci.csv', '--relearn', 'weekly', '--policy', 'strict.yaml');
    expect(out).toBe(
      [
        'relearned weekly\tlate\t1,589\t0\t0.00\t11/11\t14m\t0%\t',
        'relearned weekly\tstale\t1,589\t0\t0.00\t11/11\t24m\t0%\t',
        'strict.yaml\tlate\t1,589\t1,192\t750.2\t11/11\t9m\t0%\t',
        'strict.yaml\tstale\t1,589\t401\t252.4\t11/11\t11m\t0%\t',
        '',
        'Replayed 1,600 runs that started 2026-01-25 to 2026-04-14.',
        '',
      ].join('\n'),
    );
  });

  it('names each alarm and what became of the run', async () => {
    const { out } = await run('ci.csv', '--policy', 'strict.yaml', '--alarms');
    expect(out.slice(0, 4000)).toContain(
      '2026-01-05T00:39:00Z  strict.yaml  late after 9m  web/CI 1  false: succeeded 36s later\n',
    );
    expect(
      out
        .split('\n')
        .some((line) => line.endsWith('stale after 11m  web/CI 149  early: it hung, and was ended 5h50m later')),
    ).toBe(true);
  });

  it('says what is missing', async () => {
    const broken = `${ciTable()}web/CI,x,1,,yesterday,,failed,failure,\n`;
    const { code, out } = await runWith({ 'ci.csv': broken }, 'ci.csv');
    expect(code).toBe(3);
    expect(out).toContain('ci: incomplete: 1 row could not be read: row 2002: started_at is not a time');
  });

  it('says that there is nothing to replay', async () => {
    const { code, out } = await runWith({ 'ci.csv': ciTable({ days: 0 }) }, 'ci.csv');
    expect(code).toBe(3);
    expect(out).toContain('There is nothing to replay');
  });
});
