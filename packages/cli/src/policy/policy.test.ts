import { createPolicy, formatInstant } from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { describe, expect, it } from 'vitest';
import { ciTable } from '../backtest/test-history-text.js';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';

const MINUTE = 60_000;
const CONFIG = { '/project/tardy.config.yaml': 'version: 1\npolicy: policy.yaml\n' };
const OWN = {
  ...CONFIG,
  '/project/policy.yaml': `version: 1
rules:
  - match: { type: "nightly-*", labels.env: prod }
    run: { late: 90m, stale: never }
`,
};

async function policy(argv: readonly string[], files: Readonly<Record<string, string>> = {}, stdin = '') {
  const world = fakeIo({ files, stdin });
  const code = await runProgram(world.io, ['policy', ...argv]);
  return { code, ...world.printed };
}

describe('policy show', () => {
  it('prints the built-in policy if there is no other', async () => {
    const { out } = await policy(['show']);
    expect(out).toBe(`# built in
# ${policyDigest(createPolicy({ version: 1 }))}
version: 1
defaults:
  queue:
    late: 5m
    stale: 30m
  run:
    late: 1h
    stale: 6h
  silence:
    late: 2m
    stale: 10m
    vouches: true
  hold:
    late: 1d
    stale: never
  deadline:
    grace: 10m
  flag:
    worker_lost:
      late: 0s
      stale: 5m
    unresponsive:
      late: 0s
      stale: 30m
    orphaned:
      late: 0s
      stale: 5m
    cannot_start:
      late: 0s
      stale: 5m
    stuck:
      late: 0s
      stale: never
    late:
      late: 0s
      stale: never
  clock_tolerance: 30s
rules: []
`);
  });

  it('prints a policy file that gives the same policy', async () => {
    const first = await policy(['show'], OWN);
    expect(first.out).toContain('../policy.yaml');
    const again = await policy(['show', '--policy', 'printed.yaml'], { '/project/app/printed.yaml': first.out });
    expect(again.out.split('\n').slice(1)).toEqual(first.out.split('\n').slice(1));
  });

  it('prints JSON with the digest', async () => {
    const { out } = await policy(['show', '--json'], OWN);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      rules: [{ run: { late: '1h30m' } }],
      digest: expect.stringMatching(/^sha256:/),
    });
  });
});

describe('policy explain', () => {
  it('names the rule that sets each threshold', async () => {
    const { out } = await policy(['explain', '--type', 'nightly-export', '--label', 'env=prod'], OWN);
    expect(out).toBe(`queue.late\t5m\tdefaults.queue.late
queue.stale\t30m\tdefaults.queue.stale
run.late\t1h30m\trules[0].run.late
run.stale\tnever\trules[0].run.stale
silence.late\t2m\tdefaults.silence.late
silence.stale\t10m\tdefaults.silence.stale
silence.vouches\ttrue\tdefaults.silence.vouches
hold.late\t1d\tdefaults.hold.late
hold.stale\tnever\tdefaults.hold.stale
deadline.grace\t10m\tdefaults.deadline.grace
flag.worker_lost.late\t0s\tdefaults.flag.worker_lost.late
flag.worker_lost.stale\t5m\tdefaults.flag.worker_lost.stale
flag.unresponsive.late\t0s\tdefaults.flag.unresponsive.late
flag.unresponsive.stale\t30m\tdefaults.flag.unresponsive.stale
flag.orphaned.late\t0s\tdefaults.flag.orphaned.late
flag.orphaned.stale\t5m\tdefaults.flag.orphaned.stale
flag.cannot_start.late\t0s\tdefaults.flag.cannot_start.late
flag.cannot_start.stale\t5m\tdefaults.flag.cannot_start.stale
flag.stuck.late\t0s\tdefaults.flag.stuck.late
flag.stuck.stale\tnever\tdefaults.flag.stuck.stale
flag.late.late\t0s\tdefaults.flag.late.late
flag.late.stale\tnever\tdefaults.flag.late.stale
clock_tolerance\t30s\tdefaults.clock_tolerance
`);
  });

  it('does not apply a rule that matches something else', async () => {
    const { out } = await policy(['explain', '--type', 'nightly-export', '--json'], OWN);
    expect(JSON.parse(out)).toContainEqual({ threshold: 'run.late', value: '1h', rule: 'defaults.run.late' });
  });

  it('refuses a label without a value', async () => {
    await expect(policy(['explain', '--label', 'env'])).rejects.toThrow(UsageError);
  });
});

describe('policy test', () => {
  const runs = {
    now: formatInstant(NOON),
    runs: [
      {
        id: '1',
        source: 'ci',
        type: 'nightly-a',
        title: 'Nightly A',
        status: 'running',
        labels: { env: 'prod' },
        started_at: formatInstant(NOON - 80 * MINUTE),
      },
      {
        id: '2',
        source: 'ci',
        type: 'hourly',
        title: 'Hourly',
        status: 'running',
        started_at: formatInstant(NOON - 80 * MINUTE),
      },
    ],
  };
  const saved = { '/project/app/runs.json': JSON.stringify(runs) };

  it('lists the runs that the policy in use changes compared with the built-in one', async () => {
    expect(await policy(['test', 'file:runs.json'], { ...OWN, ...saved })).toEqual({
      code: 0,
      out: 'Running\tRunning late\tNightly A\trules[0].run.late\tci\t1\n\n1 of 2 runs would change state.\n',
      err: '',
    });
  });

  it('lists the runs that a new policy would change', async () => {
    const files = {
      ...OWN,
      ...saved,
      '/project/app/new.yaml': 'version: 1\ndefaults: { run: { late: 10m, stale: 1h } }\n',
    };
    const { out } = await policy(['test', 'file:runs.json', '--policy', 'new.yaml', '--json'], files);
    expect(JSON.parse(out)).toMatchObject({
      runs: 2,
      changes: [
        {
          id: '1',
          before: { state: 'fresh', label: 'Running' },
          after: { state: 'likely_stale', rule: 'defaults.run.stale' },
        },
        { id: '2', before: { state: 'late' }, after: { state: 'likely_stale' } },
      ],
    });
  });

  it('says that there is no policy to test', async () => {
    const failure = await policy(['test', 'file:runs.json'], saved).catch((error: unknown) => error);
    expect(String(failure)).toContain('--policy is missing');
  });

  it('compares with the policy that the source publishes, and explains by it', async () => {
    const published = { version: 1, defaults: { run: { late: '2h', stale: '9h' } } };
    const responses = { '/api/policy': published, '/api/runs': runs };
    const files = { '/project/app/new.yaml': 'defaults: { run: { late: 1h, stale: 9h } }\n' };
    const api = 'runs:https://host.example/api';
    const world = fakeIo({ files, responses });
    expect(await runProgram(world.io, ['policy', 'test', api, '--policy', 'new.yaml', '--json'])).toBe(0);
    expect(JSON.parse(world.printed.out)).toMatchObject({
      changes: [
        { id: '1', before: { state: 'fresh', rule: 'defaults.run.late' }, after: { state: 'late' } },
        { id: '2', before: { state: 'fresh' }, after: { state: 'late' } },
      ],
    });
    const explained = fakeIo({ responses });
    await runProgram(explained.io, ['policy', 'explain', '--source', api, '--type', 'hourly']);
    expect(explained.printed.out).toContain('run.late\t2h\tdefaults.run.late\n');
    const named = fakeIo({ responses });
    await runProgram(named.io, ['policy', 'explain', '--source', 'host', '--type', 'hourly']);
    expect(named.printed.out).toContain('run.late\t1h\tdefaults.run.late\n');
  });

  it('says when the policy of a source cannot be read', async () => {
    const { io } = fakeIo({ responses: { '/api/policy': { version: 1, defaults: { run: 7 } } } });
    const argv = ['policy', 'explain', '--source', 'runs:https://host.example/api'];
    const failure = await runProgram(io, argv).catch((error: unknown) => error);
    expect(String(failure)).toContain('does not say by which policy it is judged');
  });

  it('compares with another file', async () => {
    const files = { ...OWN, ...saved, '/project/app/same.yaml': OWN['/project/policy.yaml'] };
    const { out } = await policy(['test', 'file:runs.json', '--against', 'same.yaml'], files);
    expect(out).toBe('No change: both policies give the same states for 2 runs.\n');
  });

  it('judges as of --now', async () => {
    const { out } = await policy(['test', '-', '--now', formatInstant(NOON - 70 * MINUTE)], OWN, JSON.stringify(runs));
    expect(out).toBe('No change: both policies give the same states for 2 runs.\n');
  });

  it('exits 3 if some runs could not be read', async () => {
    const { code, err } = await policy(['test', '-'], OWN, JSON.stringify({ runs: [{ id: '9' }] }));
    expect(code).toBe(3);
    expect(err).toMatch(/^tardy: some runs could not be read: entry 1: /);
  });
});

describe('policy test with a history', () => {
  const files = {
    '/project/app/ci.csv': ciTable(),
    '/project/app/runs.json': JSON.stringify({ runs: [], now: formatInstant(NOON) }),
    '/project/app/new.yaml': `rules:
  - match: { source: ci, type: web/CI }
    run: { late: 9m, stale: 10m }
    learned: { at: 2026-01-10, since: 2026-01-05, runs: 100, target: { late: 0.005, stale: 0.001 }, took: [] }
`,
  };
  const argv = ['test', 'file:runs.json', '--policy', 'new.yaml', '--history', 'ci.csv'];

  it('says what learning again would change, and which rule no longer fits', async () => {
    const { code, out } = await policy(argv, files);
    expect(code).toBe(0);
    expect(out).toContain('No change: both policies give the same states for 0 runs.\n');
    expect(out).toMatch(
      /worn {6}ci · web\/CI {3}[\d,]+ of [\d,]+ runs since 2026-01-10 passed its stale, 1\/1000 promised\n/,
    );
    expect(out).toContain('~ ci · web/CI: late 9m, stale 10m -> late 14m, stale 18m\n');
    expect(out).toContain('Plan: 1 rule to add, 1 to change, 0 unchanged, 0 refused.');
  });

  it('says the same as JSON', async () => {
    const { out } = await policy([...argv, '--json'], files);
    expect(JSON.parse(out)).toMatchObject({
      learned: {
        complete: true,
        changes: [{ kind: 'add' }, { kind: 'change', before: { run: { stale: '10m' } } }],
        worn: [
          { code: 'policy_worn', rule: 'rules[0].run.late' },
          { code: 'policy_worn', rule: 'rules[0].run.stale', since: '2026-01-10', target: 0.001 },
        ],
      },
    });
  });

  it('cannot tell if the history is damaged', async () => {
    const damaged = { ...files, '/project/app/ci.csv': `${ciTable()}web/CI,1\n` };
    expect((await policy(argv, damaged)).code).toBe(3);
  });
});
