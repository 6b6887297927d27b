import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { buildReport, reportRun } from '../../report.js';
import type { Run } from '../../run.js';
import { summarize } from '../../summary.js';
import { parseRun, runToWire } from '../../wire.js';
import { SourceError } from '../source.js';
import { readStored, storedSource } from './source.js';
import { gather } from '../testing/fetch.js';

const now = Date.parse('2026-11-23T09:13:00Z');
const policy = createPolicy({ version: 1 });
const row = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  type: 'sync',
  status: 'running',
  started_at: '2026-11-23T01:00:00Z',
  ...more,
});

function run(id: string, more: Record<string, unknown> = {}): Run {
  const parsed = parseRun(row(id, more), 'host');
  if (!parsed.ok) throw new Error(parsed.issue.reason);
  return parsed.run;
}

function report(runs: readonly Run[], left: readonly Run[] = [], complete = true) {
  const judged = (all: readonly Run[]) => all.map((one) => ({ run: one, freshness: classify(one, policy, now) }));
  const { totals } = summarize(judged([...runs, ...left]), now - 86_400_000);
  const source = {
    name: 'host',
    kind: 'runs',
    complete,
    runs: 2,
    pages: 1,
    clock_offset_ms: 0,
    clock_uncertainty_ms: 0,
    policy_digest: 'sha256:0',
  };
  return buildReport({
    generatedAt: now,
    now,
    policyDigest: 'sha256:0',
    sources: [
      { ...source, rechecked: 0, dropped: 0, unconfirmed: 0, requests: 0, max_requests: null, issues: [], error: null },
    ],
    totals,
    runs: judged(runs).map((one) => reportRun(one, now)),
    failOn: 'stale',
    allowUnknown: false,
  });
}

describe('what a text turns out to be', () => {
  it.each([
    ['a page of the run API', 'page', { runs: [row('a'), row('b')], now: '2026-11-23T09:13:00Z' }],
    ['an array of runs', 'array', [row('a'), row('b')]],
    ['a report', 'report', report([run('a'), run('b')])],
  ])('reads %s, in one line or many', (_, format, value) => {
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2), `\uFEFF${JSON.stringify(value)}\n`]) {
      const stored = readStored(text, 'saved.json');
      expect(stored).toMatchObject({ format, issues: [], incomplete: undefined });
      expect(stored.runs.map(({ id }) => id)).toEqual(['a', 'b']);
      expect(stored.now).toBe(format === 'array' ? undefined : now);
    }
  });

  it('reads NDJSON, with or without a line end at the end, of runs or of entries of a report', () => {
    const entries = [JSON.stringify(row('a')), '', JSON.stringify({ run: row('b'), freshness: {} })];
    for (const text of [entries.join('\n'), `${entries.join('\r\n')}\r\n`]) {
      const stored = readStored(text, '-');
      expect(stored).toMatchObject({ format: 'ndjson', issues: [], incomplete: undefined });
      expect(stored.runs.map(({ id }) => id)).toEqual(['a', 'b']);
    }
    expect(readStored(JSON.stringify(row('a')), '-').runs).toHaveLength(1);
    expect(readStored(JSON.stringify({ run: row('a') }), '-').runs).toHaveLength(1);
  });

  it.each([
    ['nothing', '', 'shape'],
    ['white space', ' \n\n', 'shape'],
    ['no JSON', 'hello', 'truncated'],
    ['a page that breaks off', JSON.stringify({ runs: [row('a'), row('b')] }).slice(0, -20), 'truncated'],
    [
      'a page of many lines that breaks off',
      JSON.stringify({ runs: [row('a'), row('b')] }, null, 2).slice(0, -40),
      'truncated',
    ],
    ['another object', '{"items": []}', 'shape'],
    ['a number', '42', 'shape'],
    ['null', 'null', 'shape'],
    ['a report without runs', '{"schema": "tardy.report/1"}', 'shape'],
  ])('refuses %s', async (_, text, code) => {
    const { error } = await gather(storedSource('-', 'stdin', text), () => ({ body: {} }));
    expect(error?.code).toBe(code);
  });
});

describe('what cannot be read', () => {
  it('names the line of NDJSON', () => {
    const { runs, issues, incomplete } = readStored(`${JSON.stringify(row('a'))}\nhello\n{"id":"b","type":"t"}\n`, '-');
    expect(runs).toHaveLength(1);
    expect(issues).toEqual([
      { id: undefined, reason: 'line 2: a run must be an object' },
      { id: 'b', reason: 'line 3: status is missing; it must be queued, running or completed' },
    ]);
    expect(incomplete).toBeUndefined();
  });

  it('says that the last line breaks off', () => {
    const { runs, incomplete } = readStored(
      `${JSON.stringify(row('a'))}\n${JSON.stringify(row('b')).slice(0, 30)}`,
      '-',
    );
    expect(runs).toHaveLength(1);
    expect(incomplete).toBe('Line 2, the last one, breaks off.');
  });

  it('names the entry of a page', () => {
    expect(readStored(JSON.stringify({ runs: [row('a'), { id: 'b' }] }), '-').issues).toEqual([
      { id: 'b', reason: 'entry 2: type is missing' },
    ]);
  });
});

describe('what is incomplete', () => {
  it.each([
    ['a page with another behind it', { runs: [], next: 'c2' }],
    ['a page that its server calls incomplete', { runs: [], complete: false }],
    ['a page whose "complete" is text', { runs: [], complete: 'true' }],
    ['a page whose "issues" is an object', { runs: [], issues: {} }],
    ['a page whose "total" is text', { runs: [], total: '118' }],
    ['a page that holds fewer runs than it counts', { runs: [], total: 118 }],
    ['a page whose "next" is a number', { runs: [], next: 5 }],
    ['a page whose "now" has no offset', { runs: [], now: '2026-11-23T09:13:00' }],
    ['a report that does not say how many runs are active', { ...report([run('a')]), totals: {} }],
    ['a report whose count of active runs is none', { ...report([run('a')]), totals: { active: -1 } }],
    ['a report whose clock is no text', { ...report([run('a')]), now: 5 }],
    ['a report whose clock has no offset', { ...report([run('a')]), now: '2026-11-23T09:13:00' }],
    ['a report that was not complete', report([run('a')], [], false)],
    [
      'a report that left out runs which were fresh then',
      report([run('a')], [run('b', { heartbeat_at: '2026-11-23T09:12:59Z' })]),
    ],
  ])('says so of %s', (_, value) => {
    expect(readStored(JSON.stringify(value), '-').incomplete).toBeDefined();
  });

  it('hands on the rows that the server of a page could not read', () => {
    const page = { runs: [], complete: false, issues: [{ id: 'op_9', reason: 'no type' }] };
    expect(readStored(JSON.stringify(page), '-').issues).toEqual([{ id: 'op_9', reason: 'no type' }]);
  });

  it('refuses a page that reports an error', () => {
    expect(() => readStored(JSON.stringify({ runs: [], error: 'no' }), '-')).toThrow(SourceError);
  });
});

describe('as a source', () => {
  it('keeps the source that each run of a report came from', () => {
    const ci = report([run('a', { source: 'ci' }), run('a', { source: 'host' })]);
    expect(readStored(JSON.stringify(ci), 'saved.json').runs.map(({ source }) => source)).toEqual(['ci', 'host']);
    expect(readStored(JSON.stringify([row('a')]), 'saved.json').runs[0]?.source).toBe('saved.json');
  });

  it('gives back the very runs of a report', () => {
    const runs = [
      run('a', { labels: { env: 'prod' } }),
      run('b', { hold: 'approval', hold_since: '2026-11-20T09:00:00Z' }),
    ];
    expect(readStored(JSON.stringify(report(runs)), '-').runs).toEqual(runs);
    expect(readStored(runs.map((one) => JSON.stringify(runToWire(one))).join('\n'), '-').runs).toEqual(runs);
  });

  it('finds a run by its id: the latest attempt, or the one that is named', async () => {
    const source = storedSource('-', 'stdin', JSON.stringify([row('a'), row('a', { attempt: 2 })]));
    const fetch = () => Promise.reject(new Error('Nothing is asked.'));
    expect(await source.get('a', fetch)).toMatchObject({ attempt: 2 });
    expect(await source.get('a', fetch, { source: '-', attempt: 1 })).toMatchObject({ attempt: 1 });
    expect(await source.get('a', fetch, { source: 'elsewhere', attempt: 1 })).toBeUndefined();
    expect(await source.get('z', fetch)).toBeUndefined();
    expect(source.address).toBeUndefined();
  });
});

it.each(['[', '{"runs":['])('refuses a flood of rows without content: %s', (before) => {
  const text = `${before}${'0,'.repeat(3_000_000)}0]${before.startsWith('{') ? '}' : ''}`;
  expect(() => readStored(text, 'stdin')).toThrow(expect.objectContaining({ code: 'limit' }));
});
