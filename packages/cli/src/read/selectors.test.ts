import { describe, expect, it } from 'vitest';
import { formatInstant } from '@tardy/core';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';

const ago = (minutes: number) => formatInstant(NOON - minutes * 60_000);
const run = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id,
  type: 'sync',
  title: `Run ${id}`,
  status: 'running',
  started_at: ago(60),
  heartbeat_at: ago(42),
  ...more,
});
const RUNS = [
  run('1', { type: 'tenant_sync', tenant: { id: '7', name: 'Fabrikam' }, labels: { env: 'prod', team: 'a' } }),
  run('2', { type: 'tenant_backup', tenant: { id: '8', name: 'Acme' }, labels: { env: 'test' } }),
  run('3', { type: 'nightly', workspace: { id: 'w', name: 'Work' } }),
  run('4', { type: 'nightly', tenant: { id: 'Acme' }, status: 'completed', outcome: 'failed', ended_at: ago(1) }),
];

async function tardy(argv: readonly string[], runs: readonly unknown[] = RUNS) {
  const world = fakeIo({ files: { '/project/app/runs.json': JSON.stringify({ runs }) } });
  const code = await runProgram(world.io, [...argv, 'file:runs.json', '--json']);
  const report = JSON.parse(world.printed.out) as {
    runs: { run: { id: string } }[];
    totals: { active: number; likely_stale: number };
    sources: { runs: number }[];
  };
  return { code, ids: report.runs.map(({ run: { id } }) => id), report, err: world.printed.err };
}

const CASES = [
  { flags: ['--type', 'tenant_*'], ids: ['1', '2'] },
  { flags: ['--type', 'tenant_syn?'], ids: ['1'] },
  { flags: ['--type', 'nightly', '--type', '*_backup'], ids: ['2', '3'] },
  { flags: ['--tenant', 'Fabrikam'], ids: ['1'] },
  { flags: ['--tenant', '7'], ids: ['1'] },
  { flags: ['--tenant', 'F*'], ids: ['1'] },
  { flags: ['--workspace', 'Work'], ids: ['3'] },
  { flags: ['--label', 'env=*', '--label', 'team=a'], ids: ['1'] },
  { flags: ['--label', 'env=prod', '--label', 'env=test'], ids: ['1', '2'] },
  { flags: ['--type', 'tenant_*', '--tenant', 'Acme'], ids: ['2'] },
];

describe('selectors', () => {
  it.each(CASES)('of check and list take $ids for $flags', async ({ flags, ids }) => {
    const checked = await tardy(['check', ...flags]);
    expect([...checked.ids].sort()).toEqual(ids);
    expect(checked.report.totals).toMatchObject({ active: ids.length, likely_stale: ids.length });
    // The file was read as one, whatever was selected.
    expect(checked.report.sources).toMatchObject([{ runs: 4 }]);
    expect([...(await tardy(['list', '--tab', 'active', ...flags])).ids].sort()).toEqual(ids);
  });

  it('decide the exit code', async () => {
    const healthy = run('5', { type: 'fine', heartbeat_at: ago(0) });
    expect((await tardy(['check', '--type', 'fine'], [...RUNS, healthy])).code).toBe(0);
    expect((await tardy(['check', '--type', 'nightly'], [...RUNS, healthy])).code).toBe(1);
  });

  it('take ended runs by the id of an owner and by its name', async () => {
    expect((await tardy(['list', '--tab', 'completed', '--tenant', 'Acme'])).ids).toEqual(['4']);
  });

  it.each([
    {
      flags: ['--tenant', 'Fabrikan'],
      says: 'No run that was read has the tenant "Fabrikan". There are: Fabrikam, Acme.',
    },
    {
      flags: ['--type', 'nightly', '--type', 'x*'],
      says: 'has the type "x*". There are: tenant_sync, tenant_backup, nightly.',
    },
    { flags: ['--label', 'stage=x'], says: 'No run that was read has the label stage "x".' },
    { flags: ['--label', '__proto__=x'], says: 'has the label __proto__ "x".' },
  ])('that fit nothing are named, with what there is: $flags', async ({ flags, says }) => {
    for (const command of ['check', 'list']) {
      expect((await tardy([command, ...flags])).err).toContain(says);
    }
  });

  it('that fit are not named', async () => {
    expect((await tardy(['check', '--type', 'nightly', '--tenant', 'Fabrikam', '--tenant', 'Acme'])).err).toBe('');
  });

  it('without a value are refused', async () => {
    const failure = await runProgram(fakeIo().io, ['check', '--label', 'env']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
  });

  it.each([
    ['--state', 'state.json'],
    ['--state', 'state.json', '--only', 'new'],
  ])('are refused beside what compares with the check before: %s %s', async (...flags) => {
    const files = { '/project/app/runs.json': JSON.stringify({ runs: RUNS }) };
    const argv = ['check', 'file:runs.json', '--type', 'nightly', ...flags];
    const failure = await runProgram(fakeIo({ files }).io, argv).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain('Selectors cannot be combined with a state');
  });

  it('leave the state of the config alone', async () => {
    const files = {
      '/project/app/runs.json': JSON.stringify({ runs: RUNS }),
      '/project/app/tardy.config.yaml': 'state: state.json\nsources: { host: "file:runs.json" }\n',
    };
    const world = fakeIo({ files });
    expect(await runProgram(world.io, ['check', '-c', 'tardy.config.yaml', '--type', 'nightly'])).toBe(1);
    expect([...world.written.keys()]).toEqual([]);
  });

  it('ask a server by what it can filter, and again without that if it was a name', async () => {
    const asked: string[] = [];
    const world = fakeIo({
      responses: { '/api/runs': { runs: [run('1', { tenant: { id: '7', name: 'Fabrikam' } })] } },
    });
    const connect: typeof world.io.connect = async (options) => {
      const connection = await world.io.connect(options);
      return {
        ...connection,
        listing: () => async (request) => {
          asked.push(request.url.replace(/^.*\/runs/, ''));
          const response = await connection.fetch(request);
          const filtered = request.url.includes('tenant_id=Fabrikam');
          return filtered ? { ...response, body: { runs: [] } } : response;
        },
      };
    };
    const argv = ['list', 'runs:https://host.example/api', '--tab', 'active', '--tenant', 'Fabrikam', '--json', 'id'];
    expect(await runProgram({ ...world.io, connect }, argv)).toBe(0);
    expect(JSON.parse(world.printed.out)).toEqual([{ id: '1' }]);
    expect(asked).toEqual(['?status=queued,running&tenant_id=Fabrikam&limit=500', '?status=queued,running&limit=500']);
  });
});

describe('--max-stale', () => {
  it.each([
    { most: '2', code: 1 },
    { most: '3', code: 0 },
  ])('lets $most of 3 stuck runs pass: $code', async ({ most, code }) => {
    expect((await tardy(['check', '--max-stale', most])).code).toBe(code);
  });
});

describe('--group-by', () => {
  const groups = async (argv: readonly string[], isTty = false) => {
    const many = Array.from({ length: 40 }, (_, index) => run(`n${index}`, { type: 'nightly', title: 'Nightly' }));
    const late = run('late', { type: 'nightly', heartbeat_at: ago(3) });
    const runs = [run('s', { type: 'sync', tenant: { id: '7', name: 'Acme' } }), ...many, late];
    const world = fakeIo({ files: { '/project/app/runs.json': JSON.stringify({ runs }) } });
    const io = { ...world.io, stdout: { ...world.io.stdout, isTty, columns: 120 } };
    await runProgram(io, ['check', 'file:runs.json', ...argv]);
    return world.printed.out;
  };

  it('puts runs together, worst group first, with the worst run of each', async () => {
    const lines = (await groups(['--group-by', 'type'])).split('\n');
    expect(lines.slice(0, 2).sort()).toEqual([
      'nightly\t41\t40 likely stuck, 1 running late\tNightly\tNo heartbeat for 42 min\tfile:runs.json\tn0',
      'sync\t1\t1 likely stuck\tRun s\tNo heartbeat for 42 min\tfile:runs.json\ts',
    ]);
    expect(lines.at(-2)).toBe('41 likely stuck, 1 late of 42 active runs in 1 source.');
  });

  it('names what has no owner, and limits groups', async () => {
    const out = await groups(['--group-by', 'tenant', '--limit', '1'], true);
    expect(out).toContain('TENANT  RUNS  STATES ');
    expect(out).toContain('Showing 1 of 2 groups. Use --limit to show more.');
    expect(await groups(['--group-by', 'tenant'])).toContain('-\t41\t');
  });

  it('is a table in Markdown', async () => {
    const out = await groups(['--group-by', 'type', '--format', 'markdown']);
    expect(out).toContain('| type | Runs | States | Worst |\n| --- | --- | --- | --- |\n');
    expect(out).toContain('| sync | 1 | 1 likely stuck | Run s: No heartbeat for 42 min |');
  });
});

describe('--quiet', () => {
  it.each([
    { when: 'all is well', runs: [run('1', { heartbeat_at: ago(0) })], prints: false },
    { when: 'a run is stuck', runs: [run('1')], prints: true },
    { when: 'a row cannot be read', runs: [{ id: 'odd' }], prints: true },
  ])('prints something: $prints, when $when, and still writes files', async ({ runs, prints }) => {
    const world = fakeIo({ files: { '/project/app/runs.json': JSON.stringify({ runs }) } });
    await runProgram(world.io, ['check', '--quiet', '--format', 'text,json=a.json', 'file:runs.json']);
    expect(world.printed.out !== '').toBe(prints);
    expect([...world.written.keys()]).toEqual(['/project/app/a.json']);
  });
});
