import { formatInstant, type Report } from '@tardy/core';
import { reportSchema } from '@tardy/core/schema';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { scrubbedIo } from '../scrubbed-io.js';
import { fakeIo, NOON } from '../test-io.js';

const MINUTE = 60_000;
const FILE = '/project/app/record.ndjson';

type Row = Readonly<Record<string, unknown>>;

const time = (minutes: number) => formatInstant(NOON + minutes * MINUTE);

/** A run that started at noon, as it is some minutes later. */
const running = (id: string, heartbeat: number, more: Row = {}): Row => ({
  id,
  type: 'sync',
  title: `Sync ${id}`,
  status: 'running',
  started_at: time(0),
  heartbeat_at: time(heartbeat),
  labels: { private: 'of nobody else' },
  ...more,
});
const ended = (id: string, minutes: number, more: Row = {}): Row => ({
  ...running(id, minutes),
  status: 'completed',
  outcome: 'succeeded',
  ended_at: time(minutes),
  ...more,
});

/** A machine on which commands run one after another: files stay, what the source says changes. */
function machine(files: Record<string, string> = {}) {
  async function run(
    minutes: number,
    {
      active = [],
      recent = [],
      byId = [],
    }: { active?: readonly Row[]; recent?: readonly Row[]; byId?: readonly Row[] },
    ...argv: readonly string[]
  ) {
    const world = fakeIo({
      files,
      env: { TOKEN: 's3cret' },
      responses: {
        '/api/runs': () => ({ runs: [...active, ...recent], now: time(minutes) }),
        ...Object.fromEntries([...active, ...byId].map((one) => [`/api/runs/${String(one['id'])}`, one])),
      },
    });
    const code = await runProgram(scrubbedIo(world.io), [...argv, '--now', time(minutes)]);
    for (const [path, text] of world.written) files[path] = text;
    expect(world.locks.size).toBe(0);
    return { code, out: world.printed.out, err: world.printed.err };
  }
  const record = (minutes: number, says: Parameters<typeof run>[1], ...flags: readonly string[]) =>
    run(minutes, says, 'record', 'runs:https://host.example/api', '--to', 'record.ndjson', ...flags);
  const lines = () =>
    (files[FILE] ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map(
        (line) =>
          JSON.parse(line) as {
            readonly run?: Row;
            readonly silence_ms?: number;
            readonly gone_at?: string;
            readonly verdicts?: readonly Row[];
          },
      );
  return { files, run, record, lines };
}

describe('record', () => {
  it('keeps a run from its start to its end, with its verdicts and its longest silence, in lines that are only added', async () => {
    const { record, lines, files } = machine();
    const first = await record(2, { active: [running('a', 1)] });
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toBe(
      'runs:https://host.example/api: 1 active, 0 stuck; 1 not seen before, 0 ended. record.ndjson has 1 run.\n',
    );
    const after = files[FILE] ?? '';
    await record(40, { active: [running('a', 5)] });
    await record(50, { active: [running('a', 49)] });
    const last = await record(62, { recent: [ended('a', 60)] });
    expect(last.out).toContain('0 active, 0 stuck; 0 not seen before, 1 ended.');
    expect(files[FILE]?.startsWith(after)).toBe(true);
    const entry = lines()
      .filter((line) => line.run !== undefined)
      .at(-1);
    expect(entry).toMatchObject({
      run: { status: 'completed', outcome: 'succeeded', ended_at: time(60) },
      silence_ms: 35 * MINUTE,
    });
    expect(entry?.run).not.toHaveProperty('labels');
    expect(entry?.verdicts?.map(({ state }) => state)).toEqual(['fresh', 'likely_stale', 'fresh', 'terminal']);
  });

  it('writes nothing about a run of which nothing is new', async () => {
    const { record, lines } = machine();
    await record(2, { active: [running('a', 1)] });
    await record(3, { active: [running('a', 2)] });
    expect(lines().filter((line) => line.run !== undefined)).toHaveLength(1);
  });

  it('asks how a run ended that no list has any more', async () => {
    const { record, lines } = machine();
    await record(2, { active: [running('a', 1), running('b', 1)] });
    await record(9, { byId: [ended('a', 8)] });
    const entries = lines()
      .filter((line) => line.run !== undefined)
      .slice(-2);
    expect(entries.find(({ run }) => run?.['id'] === 'a')).toMatchObject({ run: { ended_at: time(8) } });
    expect(entries.find(({ run }) => run?.['id'] === 'b')).toMatchObject({
      run: { status: 'running' },
      gone_at: time(9),
    });
  });

  it('keeps what ended between two checks, and at first what ended within a day', async () => {
    const { record, lines } = machine();
    await record(0, { recent: [ended('day', -23 * 60, { started_at: time(-24 * 60) }), ended('older', -25 * 60)] });
    await record(30, { recent: [ended('short', 20), ended('day', -23 * 60, { started_at: time(-24 * 60) })] });
    expect(lines().flatMap(({ run }) => run?.['id'] ?? [])).toEqual(['day', 'short']);
  });

  it('drops what ended longer ago than --keep, and not what has not ended', async () => {
    const { record, lines } = machine();
    await record(10, { active: [running('long', 9)], recent: [ended('a', 8)] });
    const days = 32 * 24 * 60;
    await record(days, { active: [running('long', days - 1)], recent: [ended('b', days)] }, '--keep', '30d');
    const ids = lines().flatMap(({ run }) => run?.['id'] ?? []);
    expect(new Set(ids)).toEqual(new Set(['b', 'long']));
  });

  it('recovers from a line without its end, which a killed process leaves', async () => {
    const { record, lines, files } = machine();
    await record(2, { active: [running('a', 1)] });
    files[FILE] += '{"schema":"tardy.record/1","run":{"id":"b"';
    expect(await record(4, { active: [running('a', 3)] })).toMatchObject({ code: 0 });
    expect(lines().every(({ run }) => run === undefined || run['id'] === 'a')).toBe(true);
  });

  it.each([
    [
      'a list of something',
      '[1, 2]\n',
      'record.ndjson is no record of tardy: line 1: it is not of the schema tardy.record/1.',
    ],
    ['another version', '{"schema":"tardy.record/2"}\n', 'it is of another version (tardy.record/2)'],
    ['a damaged line', '{"schema":"tardy.record/1","run":{}}\n', 'line 1: '],
  ])('neither uses nor overwrites %s', async (_, text, message) => {
    const { record, files } = machine({ [FILE]: text });
    await expect(record(2, { active: [running('a', 1)] })).rejects.toThrow(message);
    expect(files[FILE]).toBe(text);
  });

  it('exits with 3 for a source that cannot be read, and says why', async () => {
    const { run, files } = machine();
    const result = await run(1, {}, 'record', 'runs:https://host.example/other', '--to', 'record.ndjson');
    expect(result).toMatchObject({ code: 3 });
    expect(result.err).toContain('runs:https://host.example/other: incomplete: ');
    expect(files[FILE]).toContain('"complete":false');
  });

  it('needs to know where to', async () => {
    const { run } = machine();
    await expect(run(1, {}, 'record', 'runs:https://host.example/api')).rejects.toThrow(
      'There is no record to write to.',
    );
  });

  it('writes where a config says that is named', async () => {
    const { run, files } = machine({
      '/project/app/own.yaml': 'sources: { host: "runs:https://host.example/api" }\nrecord: kept.ndjson\n',
    });
    await run(2, { active: [running('a', 1)] }, 'record', '--config', 'own.yaml');
    expect(files['/project/app/kept.ndjson']).toContain('"source_name":"host"');
  });
});

describe('what reads a record', () => {
  async function recorded() {
    const world = machine();
    await world.record(2, { active: [running('a', 1), running('b', 1)] });
    await world.record(50, { active: [running('a', 5), running('b', 5)] });
    await world.record(70, { active: [running('b', 5)], recent: [ended('a', 60, { outcome: 'failed' })] });
    return world;
  }

  it('is a report: how many runs were stuck, and until when', async () => {
    const { run } = await recorded();
    const argv = ['report', 'runs:https://host.example/api', '--since', '1d', '--record', 'record.ndjson', '--format'];
    const says = { active: [running('b', 5)] };
    const json = await run(80, says, ...argv, 'json');
    const report = JSON.parse(json.out) as Report;
    expect(() => reportSchema.parse(report)).not.toThrow();
    expect(report.recorded).toMatchObject({
      since: time(80 - 24 * 60),
      from: time(2),
      late: 0,
      likely_stale: 2,
      alarms: [
        { level: 'likely_stale', since: time(15), until: time(60), outcome: 'failed', run: { id: 'a' } },
        { level: 'likely_stale', since: time(15), until: null, outcome: null, run: { id: 'b' } },
      ],
    });
    const words = '2 runs were likely stuck and 0 late. 1 still is. The record begins at 23 Nov 2026, 12:02:00 UTC.';
    expect((await run(80, says, ...argv, 'markdown')).out.replaceAll('\\', '')).toContain(words);
    expect((await run(80, says, ...argv, 'html')).out).toContain(words);
  });

  it('leaves out of a report what was over before', async () => {
    const { run } = await recorded();
    const argv = [
      'report',
      'runs:https://host.example/api',
      '--since',
      '5m',
      '--record',
      'record.ndjson',
      '--format',
      'json',
    ];
    const report = JSON.parse((await run(80, { active: [running('b', 5)] }, ...argv)).out) as Report;
    expect(report.recorded?.alarms.map(({ run: { id } }) => id)).toEqual(['b']);
  });

  it('is a backtest, which knows its runs', async () => {
    const { run } = await recorded();
    const { out } = await run(80, {}, 'backtest', 'record.ndjson', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      history: { rows: 2, sources: [{ format: 'record', rows: 2, unreadable: 0, incomplete: null }] },
      replay: { endings: { ended: 1, active: 1 } },
    });
  });

  it('learns thresholds of silence from it', async () => {
    const { run, record } = machine();
    for (let day = 0; day < 12; day++) {
      const base = day * 24 * 60;
      const ids = Array.from({ length: 6 }, (_, index) => `${day}-${index}`);
      const start = { started_at: time(base) };
      await record(base + 20, { active: ids.map((id, index) => running(id, base + 18 - index, start)) });
      await record(base + 40, { recent: ids.map((id) => ended(id, base + 30, start)) });
    }
    const { code, out } = await run(
      13 * 24 * 60,
      {},
      'learn',
      'record.ndjson',
      '--clock',
      'silence',
      '--format',
      'json',
    );
    expect(code).toBe(0);
    const [rule] = (JSON.parse(out) as { rules: readonly Row[] }).rules;
    // The longest was 7 min; few runs need the largest margin.
    expect(rule).toMatchObject({ match: { source: 'runs:https://host.example/api' }, silence: { stale: '21m' } });
  });

  it('must exist if it is named', async () => {
    const { run } = machine();
    await expect(run(1, {}, 'report', 'runs:https://host.example/api', '--record', 'none.ndjson')).rejects.toThrow(
      'The record none.ndjson does not exist.',
    );
  });
});

describe('check with a record', () => {
  const learned = '{ at: 2026-11-23, since: 2026-11-01, runs: 100, target: { late: 0.005, stale: 0.001 }, took: [] }';
  const POLICY = `rules:
  - match: { source: "runs:https://host.example/api", type: sync }
    run: { late: 5m, stale: 6m }
    learned: ${learned}
`;
  const CHECK = ['check', 'runs:https://host.example/api', '--policy', 'policy.yaml', '--record', 'record.ndjson'];

  async function withRuns(minutes: number) {
    const world = machine({ '/project/app/policy.yaml': POLICY });
    const day = 2 * 24 * 60;
    const rows = Array.from({ length: 30 }, (_, id) => ended(String(id), day + minutes, { started_at: time(day) }));
    await world.record(day + 30, { recent: rows });
    return { ...world, at: day + 40 };
  }

  it('warns of a learned rule that no longer fits, and keeps its exit code', async () => {
    const { run, at } = await withRuns(8);
    const { code, out } = await run(at, {}, ...CHECK, '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out) as Report;
    expect(() => reportSchema.parse(report)).not.toThrow();
    expect(report.policy.worn).toEqual(
      ['late', 'stale'].map((level) => ({
        code: 'policy_worn',
        rule: `rules[0].run.${level}`,
        since: '2026-11-23',
        target: level === 'late' ? 0.005 : 0.001,
        runs: 30,
        exceedances: 30,
      })),
    );
    expect((await run(at, {}, ...CHECK)).out).toContain(
      'policy_worn: 30 of 30 runs since 2026-11-23 passed rules[0].run.stale and ended by themselves, 1 in 1,000 promised. Learn it again: tardy learn\n',
    );
  });

  it('says nothing of rules that fit', async () => {
    const { run, at } = await withRuns(4);
    const { out } = await run(at, {}, ...CHECK, '--json');
    expect((JSON.parse(out) as Report).policy.worn).toEqual([]);
  });

  it('does not read the record for a policy without learned rules', async () => {
    const { run, at } = await withRuns(8);
    const argv = ['check', 'runs:https://host.example/api', '--record', 'none.ndjson', '--json'];
    const { code, out } = await run(at, {}, ...argv);
    expect({ code, worn: (JSON.parse(out) as Report).policy.worn }).toEqual({ code: 0, worn: undefined });
  });

  it('needs the record that is named, before anything is read', async () => {
    const { run, at } = await withRuns(8);
    await expect(run(at, {}, ...CHECK.slice(0, -1), 'none.ndjson')).rejects.toThrow(
      'The record none.ndjson does not exist.',
    );
  });
});
