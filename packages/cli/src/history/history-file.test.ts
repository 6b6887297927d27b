import { describe, expect, it } from 'vitest';
import { History } from '@tardy/core/learn';
import { UsageError } from '../errors.js';
import { readHistoryFile, sourceNameOf } from './history-file.js';
import { HistoryIntake } from './history-source.js';

async function* inParts(text: string): AsyncGenerator<string, void> {
  for (let at = 0; at < text.length; at += 50) yield text.slice(at, at + 50);
}

async function read(text: string, since = -Infinity) {
  const history = new History();
  const intake = new HistoryIntake(history, since);
  const source = await readHistoryFile(inParts(text), 'runs', intake, { source: 'ci', columns: {} });
  const ids = history.groups.flatMap(({ rows }) => rows.map((row) => history.idOf(row)));
  return { source, history, ids };
}

const run = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  type: 'sync',
  status: 'completed',
  outcome: 'succeeded',
  started_at: '2026-11-23T09:00:00Z',
  ended_at: '2026-11-23T09:10:00Z',
  ...more,
});

const TABLE = 'type,id,started_at,ended_at,outcome\nsync,a,2026-11-23T09:00:00Z,2026-11-23T09:10:00Z,success\n';

describe('a file of history', () => {
  it.each([
    ['csv', TABLE],
    ['csv', TABLE.replaceAll(',', ';')],
    ['csv', TABLE.replaceAll(',', '\t')],
    ['csv', `\uFEFF${TABLE}`],
    ['ndjson', `${JSON.stringify(run('a'))}\n`],
    ['ndjson', `${JSON.stringify({ run: run('a'), freshness: {} })}\n`],
    ['array', JSON.stringify([run('a')])],
    ['page', JSON.stringify({ runs: [run('a')] }, null, 2)],
  ])('is %s, whatever it is called', async (format, text) => {
    const { source, history, ids } = await read(text);
    expect(source).toEqual({ name: 'ci', format, rows: 1, unreadable: 0, issues: [], incomplete: undefined });
    expect(ids).toEqual(['a']);
    expect(history.endedAt(0) - history.startedAt(0)).toBe(600_000);
    expect(history.groups[0]).toMatchObject({ source: 'ci', type: 'sync' });
  });

  it('may be the log of a parallel machine', async () => {
    const { source, ids } = await read('; Version: 2.2\n1 0 5 60 4 -1 -1 4 600 -1 1 12 12 -1 -1 -1 -1 -1\n');
    expect(source).toMatchObject({ format: 'swf', rows: 1 });
    expect(ids).toEqual(['1']);
  });

  it('may be what sacct prints, with its steps left out', async () => {
    const lines = [
      'JobID|JobName|State|Submit|Start|End|Timelimit|',
      '7|sync|TIMEOUT|2026-11-23T08:59:00|2026-11-23T09:00:00|2026-11-23T09:10:00|00:10:00|',
      '7.batch|batch|CANCELLED|2026-11-23T09:00:00|2026-11-23T09:00:00|2026-11-23T09:10:01||',
      '8|sync|FAILED|yesterday|2026-11-23T09:00:00|2026-11-23T09:10:00|00:10:00|',
    ];
    const { source, history, ids } = await read(lines.map((line) => `${line}\n`).join(''));
    expect(source).toMatchObject({ format: 'csv', rows: 1, unreadable: 1 });
    expect(source.issues[0]).toMatch(/^row 4: queued_at/);
    expect([ids, history.limitOf(0), history.isCut(0)]).toEqual([['7'], 600_000, true]);
  });

  const job = {
    id: 7,
    run_id: 1,
    run_attempt: 1,
    name: 'build',
    workflow_name: 'CI',
    status: 'completed',
    conclusion: 'timed_out',
    created_at: '2026-11-23T08:59:00Z',
    started_at: '2026-11-23T09:00:00Z',
    completed_at: '2026-11-23T15:00:30Z',
  };

  it.each([
    ['json', JSON.stringify({ total_count: 1, jobs: [job] }, null, 2)],
    ['json', JSON.stringify([{ total_count: 1, jobs: [job] }])],
    ['ndjson', `${JSON.stringify(job)}\n`],
    ['ndjson', `${JSON.stringify({ total_count: 1, jobs: [job] })}\n`],
  ])('may be what the API of a system has sent, as %s', async (format, text) => {
    const { source, history, ids } = await read(text);
    expect(source).toMatchObject({ format, rows: 1, unreadable: 0 });
    expect([ids, history.groups[0]?.type, history.isCut(0)]).toEqual([['7'], 'CI / build', true]);
  });

  it('knows the limit of a run by its deadline, that it was closed as stuck, and when an active one was seen', async () => {
    const { history } = await read(
      JSON.stringify({
        now: '2026-11-23T09:05:00Z',
        runs: [
          run('a', { deadline_at: '2026-11-23T10:00:00Z' }),
          run('b', { reconciliation: { at: '2026-11-23T09:10:00Z', reason: 'silent', from: 'running' } }),
          run('c', { status: 'running', outcome: 'pending', ended_at: null, hold: 'approval' }),
        ],
      }),
    );
    expect(history.limitOf(0)).toBe(3_600_000);
    expect([0, 1, 2].map((row) => history.isCut(row))).toEqual([false, true, false]);
    expect([history.outcomeOf(2), history.endedAt(2), history.isHeld(2)]).toEqual([
      'pending',
      Date.parse('2026-11-23T09:05:00Z'),
      true,
    ]);
  });

  it('leaves out what ended too long ago', async () => {
    const { source } = await read(TABLE, Date.parse('2026-11-23T09:10:00.001Z'));
    expect(source.rows).toBe(0);
    expect((await read(TABLE, Date.parse('2026-11-23T09:10:00Z'))).source.rows).toBe(1);
  });

  it('reports the rows that it cannot read, the first ones by name', async () => {
    const lines = [run('a'), 'hello', { id: 'b' }, run('c')].map((value) => JSON.stringify(value));
    const { source, ids } = await read(`${lines.join('\n')}\nno JSON\n\n`);
    expect(ids).toEqual(['a', 'c']);
    expect(source).toMatchObject({
      rows: 2,
      unreadable: 3,
      issues: ['line 2: a run must be an object', 'line 3: type is missing', 'line 5 is not JSON'],
    });
    const table = await read(TABLE + 'sync,b,never,,\n'.repeat(9));
    expect(table.source).toMatchObject({ rows: 1, unreadable: 9 });
    expect(table.source.issues).toHaveLength(5);
    const page = await read(JSON.stringify({ runs: [run('a'), { id: 'b' }] }));
    expect(page.source).toMatchObject({ rows: 1, unreadable: 1, issues: ['b: entry 2: type is missing'] });
  });

  it('says that it breaks off', async () => {
    expect((await read(`${TABLE}"sync,b`)).source).toMatchObject({ rows: 1, incomplete: 'a quote is never closed' });
    expect((await read(JSON.stringify({ runs: [run('a')], next: 'c2' }))).source.incomplete).toBeDefined();
  });

  it.each([
    ['', 'runs is empty.'],
    [' \n', 'runs is empty.'],
    ['{"jobs": []}', 'runs cannot be read'],
    ['hello\n', 'runs has no column type'],
    ['"hello\n', 'runs is no table of runs: a quote is never closed.'],
  ])('is refused where it is none: %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toThrow(UsageError);
  });
});

it.each([
  ['/data/ci.csv.gz', 'ci'],
  ['KTH-SP2-1996-2.1-cln.swf.gz', 'KTH-SP2-1996-2.1-cln'],
  ['runs', 'runs'],
  ['.csv', '.csv'],
])('the source of the file %s is %s', (path, name) => {
  expect(sourceNameOf(path)).toBe(name);
});
