import { describe, expect, it } from 'vitest';
import { classify } from './classify.js';
import { createPolicy } from './policy.js';
import { present } from './present.js';
import { readReport } from './read-report.js';
import { buildReport, reportRun } from './report.js';
import { summarize } from './summary.js';
import { parseRun } from './wire.js';

const now = Date.UTC(2026, 10, 23, 9, 30);
const policy = createPolicy({ version: 1, defaults: { hold: { late: 'never' } } });
const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();

const rows = [
  { id: 'fresh', type: 't', status: 'running', started_at: at(60), heartbeat_at: at(5) },
  { id: 'silent', type: 't', status: 'running', started_at: at(7200), heartbeat_at: at(3600) },
  { id: 'queued', type: 't', status: 'queued', queued_at: at(400) },
  { id: 'held', type: 't', status: 'queued', queued_at: at(400), hold: 'approval' },
  { id: 'flagged', type: 't', status: 'running', started_at: at(60), flag: { kind: 'worker_lost', since: at(30) } },
  { id: 'overdue', type: 't', status: 'running', started_at: at(60), deadline_at: at(30) },
  { id: 'timeless', type: 't', status: 'running' },
  { id: 'skewed', type: 't', status: 'running', started_at: at(-3600) },
  { id: 'failed', type: 't', status: 'completed', outcome: 'failed', started_at: at(90), ended_at: at(30) },
  {
    id: 'closed',
    type: 't',
    status: 'completed',
    outcome: 'failed',
    reconciliation: { at: at(9), reason: 'x', from: 'y' },
  },
];

const judged = rows.map((row) => {
  const parsed = parseRun(row, 's');
  if (!parsed.ok) throw new Error(parsed.issue.reason);
  return { run: parsed.run, freshness: classify(parsed.run, policy, now) };
});

const report = buildReport({
  generatedAt: now,
  now,
  policyDigest: 'sha256:0',
  sources: [],
  totals: summarize(judged, now).totals,
  runs: judged.map((row) => reportRun(row, now)),
  failOn: 'stale',
  allowUnknown: false,
});

describe('readReport', () => {
  it.each(judged.map((row, index) => ({ id: row.run.id, row, index })))(
    'gives back the verdict on $id',
    ({ row, index }) => {
      const read = readReport(JSON.parse(JSON.stringify(report)))?.runs[index];
      expect(read?.freshness).toEqual(row.freshness);
      expect(read && present(read.run, read.freshness, now)).toEqual(present(row.run, row.freshness, now));
    },
  );

  it.each([
    { what: 'a page of the run API', value: { runs: [] } },
    { what: 'another version', value: { ...report, schema: 'tardy.report/2' } },
    { what: 'a report without its time', value: { ...report, now: 'yesterday' } },
    { what: 'nothing', value: null },
  ])('takes $what for something else', ({ value }) => {
    expect(readReport(value)).toBeUndefined();
  });

  it('keeps the other rows when one cannot be read', () => {
    const [first, ...others] = report.runs;
    const read = readReport({ ...report, runs: [{ ...first, run: { id: 'bad' } }, ...others] });
    expect(read?.runs).toHaveLength(rows.length - 1);
    expect(read?.issues).toEqual([{ id: 'bad', reason: 'type is missing' }]);
    expect(read?.complete).toBe(false);
  });

  const [first, ...others] = report.runs;
  const { freshness } = first ?? {};

  it.each([
    { what: 'nothing', row: null },
    { what: 'a text', row: 'fresh' },
    { what: 'a list', row: [first] },
    { what: 'no run', row: { ...first, run: undefined } },
    { what: 'no verdict', row: { ...first, freshness: undefined } },
    { what: 'an unknown state', row: { ...first, freshness: { ...freshness, state: 'splendid' } } },
    { what: 'an unknown problem class', row: { ...first, problem_class: 'banana' } },
    { what: 'no problem class', row: { ...first, problem_class: undefined } },
    { what: 'an unknown clock', row: { ...first, freshness: { ...freshness, clock: 'sundial' } } },
    { what: 'an age that is a text', row: { ...first, freshness: { ...freshness, age_ms: '5' } } },
    { what: 'a threshold that is a text', row: { ...first, freshness: { ...freshness, threshold_ms: '5' } } },
    { what: 'a start that is no instant', row: { ...first, freshness: { ...freshness, since: 'noon' } } },
    { what: 'a change that is no instant', row: { ...first, freshness: { ...freshness, next_change_at: 7 } } },
  ])('reports a row that is or has $what, and reads the others', ({ row }) => {
    const read = readReport({ ...report, runs: [row, ...others] });
    expect(read?.runs).toHaveLength(rows.length - 1);
    expect(read?.issues).toHaveLength(1);
    expect(read?.complete).toBe(false);
  });

  it('says of which run the verdict cannot be read', () => {
    const row = { ...first, freshness: undefined };
    expect(readReport({ ...report, runs: [row] })?.issues).toEqual([
      { id: 'fresh', reason: 'its verdict cannot be read' },
    ]);
  });

  it.each([
    { what: 'sources that are no list', sources: { a: 1 }, damaged: 'the sources' },
    { what: 'a source that is nothing', sources: [null], damaged: 'a source' },
    { what: 'a source without issues', sources: [{ error: null }], damaged: 'the issues of a source' },
    {
      what: 'an issue without a reason',
      sources: [{ issues: [{ id: 'a' }], error: null }],
      damaged: 'an issue',
    },
    { what: 'an issue that is a text', sources: [{ issues: ['bad'] }], damaged: 'an issue' },
    { what: 'an error without a message', sources: [{ issues: [], error: 'down' }], damaged: 'an issue' },
  ])('reports $what, and reads the runs', ({ sources, damaged }) => {
    const read = readReport({ ...report, sources });
    expect(read?.runs).toHaveLength(rows.length);
    expect(read?.issues).toEqual([{ id: undefined, reason: `${damaged} of the report cannot be read` }]);
    expect(read?.complete).toBe(false);
  });

  it('hands on what the sources could not read, with ids where they are texts', () => {
    const issues = [
      { id: 'a', reason: 'type is missing' },
      { id: null, reason: 'id is missing' },
      { id: 7, reason: 'id must be text' },
    ];
    expect(readReport({ ...report, sources: [{ issues }] })?.issues).toEqual([
      { id: 'a', reason: 'type is missing' },
      { id: undefined, reason: 'id is missing' },
      { id: undefined, reason: 'id must be text' },
    ]);
  });

  it.each([
    { what: 'a complete report', given: {}, complete: true },
    { what: 'one that says that it is not', given: { complete: false }, complete: false },
    { what: 'one that does not say', given: { complete: undefined }, complete: false },
    { what: 'one that says so by a text', given: { complete: 'true' }, complete: false },
    { what: 'one without sources', given: { sources: undefined }, complete: true },
  ])('is complete $complete for $what', ({ given, complete }) => {
    expect(readReport({ ...report, ...given })).toMatchObject({ complete, issues: [] });
  });

  it('keeps the digest of the policy, and the source that a run names', () => {
    const read = readReport(report);
    expect(read?.policyDigest).toBe('sha256:0');
    expect(read?.runs[0]?.run.source).toBe('s');
    const nameless = readReport({ ...report, runs: [{ ...first, run: { ...first?.run, source: undefined } }] });
    expect(nameless?.runs[0]?.run.source).toBe('');
  });

  it.each([
    { confirmed: true, read: true },
    { confirmed: false, read: false },
    { confirmed: null, read: undefined },
    { confirmed: 'yes', read: undefined },
  ])('reads $read of a second look that says $confirmed', ({ confirmed, read }) => {
    const row = { ...first, freshness: { ...freshness, confirmed } };
    expect(readReport({ ...report, runs: [row] })?.runs[0]?.freshness.confirmed).toBe(read);
  });

  it('takes members that are missing for ones that say nothing', () => {
    const row = { ...first, freshness: { state: 'fresh' } };
    expect(readReport({ ...report, runs: [row] })?.runs[0]?.freshness).toStrictEqual({
      state: 'fresh',
      problemClass: 'none',
      clock: undefined,
      startAt: undefined,
      since: undefined,
      ageMs: undefined,
      thresholdMs: undefined,
      rule: undefined,
      vouched: false,
      silent: false,
      flagged: false,
      skewed: [],
      nextChangeAt: undefined,
    });
  });

  it('leaves out what cannot be a clock among those that were skewed, and a digest that is no text', () => {
    const row = { ...first, freshness: { ...freshness, skewed: ['run', 'sundial', 7] } };
    const read = readReport({ ...report, runs: [row], policy: { digest: 7 } });
    expect(read?.runs[0]?.freshness.skewed).toEqual(['run']);
    expect(read?.policyDigest).toBeUndefined();
  });

  it('reports a source that could not be reached', () => {
    const source = { issues: [], error: { code: 'timeout', message: 'No response' } };
    const read = readReport({ ...report, complete: false, sources: [source] });
    expect(read?.issues).toEqual([{ id: undefined, reason: 'No response' }]);
    expect(read?.complete).toBe(false);
  });
});
