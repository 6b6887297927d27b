import { describe, expect, it } from 'vitest';
import { classify, FRESHNESS_STATES, type FreshnessState } from './classify.js';
import { createPolicy } from './policy.js';
import { buildReport, reachesLevel, reportIssues, reportRun, type FailOn } from './report.js';
import type { Run } from './run.js';
import { emptyTotals } from './summary.js';
import { aReportSource } from './test-report-source.js';
import { aRun, HOUR, judged, NOW } from './test-runs.js';
import { parseRun } from './wire.js';

const policy = createPolicy({});
const at = Date.parse('2026-11-23T09:00:00Z');
const MINUTE = 60_000;

const waiting: Run = {
  id: '1',
  source: 'flows',
  type: 'remind',
  title: 'remind',
  status: 'running',
  outcome: 'pending',
  hold: 'schedule',
  holdSince: at - 60 * MINUTE,
  waitsFor: { kind: 'time', until: at },
  startedAt: at - 90 * MINUTE,
  attempt: 1,
  labels: {},
};

it.each([
  ['keeps a hold that has not ended', -1, 'schedule', undefined],
  ['leaves a hold out from the instant at which it ends', 0, undefined, '2026-11-23T09:00:00Z'],
  ['leaves it out later on', 70 * MINUTE, undefined, '2026-11-23T09:00:00Z'],
])('a report %s', (_, afterMs, hold, phaseAt) => {
  const now = at + afterMs;
  const freshness = classify(waiting, policy, now);
  const { run } = reportRun({ run: waiting, freshness }, now);
  expect([run['hold'], run['phase_at']]).toEqual([hold, phaseAt]);
  const parsed = parseRun(run, 'flows');
  if (!parsed.ok) throw new Error(parsed.issue.reason);
  const again = classify(parsed.run, policy, now);
  expect([again.state, again.clock, again.since]).toEqual([freshness.state, freshness.clock, freshness.since]);
});

const SOURCE = aReportSource({ runs: 7 });

const PLAIN = {
  generatedAt: NOW + 1000,
  now: NOW,
  policyDigest: 'sha256:0',
  sources: [SOURCE],
  totals: emptyTotals(),
  runs: [],
  failOn: 'stale',
  allowUnknown: false,
} as const;

describe('buildReport', () => {
  it('writes every total under its name, and both times', () => {
    const totals = { active: 1, queued: 2, running: 3, held: 4, fresh: 5, late: 6, likelyStale: 7, unknown: 8 };
    expect(buildReport({ ...PLAIN, totals: { ...totals, followUp: 9, followUpLately: 10 } })).toEqual({
      schema: 'tardy.report/1',
      generated_at: '2026-11-23T09:00:01Z',
      now: '2026-11-23T09:00:00Z',
      policy: { digest: 'sha256:0' },
      verdict: 'stale',
      exit_code: 1,
      complete: true,
      fail_on: 'stale',
      allow_unknown: false,
      sources: [SOURCE],
      totals: { active: 1, queued: 2, running: 3, held: 4, fresh: 5, late: 6, likely_stale: 7, unknown: 8 },
      runs: [],
    });
  });

  it.each([
    { what: 'no file', given: {}, policy: { digest: 'sha256:0' }, keys: false, config: undefined },
    {
      what: 'a policy file and no config',
      given: { policyFrom: 'p.yaml', config: null },
      policy: { digest: 'sha256:0', from: 'p.yaml' },
      keys: true,
      config: null,
    },
    {
      what: 'a config',
      given: { config: 'tardy.yaml' },
      policy: { digest: 'sha256:0' },
      keys: true,
      config: 'tardy.yaml',
    },
  ])('names $what', ({ given, policy, keys, config }) => {
    const report = buildReport({ ...PLAIN, ...given });
    expect(report.policy).toEqual(policy);
    expect(Object.keys(report.policy)).toEqual(Object.keys(policy));
    expect('config' in report).toBe(keys);
    expect(report.config).toBe(config);
  });

  const HEALTHY = { likelyStale: 0, late: 0, unknown: 0 };
  const BOTH = { complete: [true, true], incomplete: [true, false] } as const;

  it.each<{
    found: Partial<typeof HEALTHY>;
    read?: keyof typeof BOTH;
    failOn?: FailOn;
    allowUnknown?: boolean;
    verdict: string;
    exit: number;
  }>([
    { found: {}, verdict: 'fresh', exit: 0 },
    { found: {}, read: 'incomplete', verdict: 'unknown', exit: 3 },
    { found: {}, read: 'incomplete', allowUnknown: true, verdict: 'unknown', exit: 3 },
    { found: { unknown: 1 }, verdict: 'unknown', exit: 3 },
    { found: { unknown: 1 }, allowUnknown: true, verdict: 'unknown', exit: 0 },
    { found: { unknown: 1 }, failOn: 'never', verdict: 'unknown', exit: 3 },
    { found: { late: 1 }, verdict: 'late', exit: 0 },
    { found: { late: 1 }, failOn: 'late', verdict: 'late', exit: 1 },
    { found: { late: 1 }, failOn: 'never', verdict: 'late', exit: 0 },
    { found: { late: 1 }, read: 'incomplete', verdict: 'unknown', exit: 3 },
    { found: { late: 1 }, read: 'incomplete', failOn: 'late', verdict: 'unknown', exit: 1 },
    { found: { late: 1, unknown: 1 }, failOn: 'late', verdict: 'unknown', exit: 1 },
    { found: { likelyStale: 1 }, verdict: 'stale', exit: 1 },
    { found: { likelyStale: 1 }, failOn: 'late', verdict: 'stale', exit: 1 },
    { found: { likelyStale: 1 }, failOn: 'never', verdict: 'stale', exit: 0 },
    { found: { likelyStale: 1 }, read: 'incomplete', verdict: 'stale', exit: 1 },
    { found: { likelyStale: 1, unknown: 1 }, failOn: 'never', verdict: 'stale', exit: 3 },
  ])(
    'says $verdict and exits $exit for $found, read $read, failing on $failOn, unknown allowed $allowUnknown',
    ({ found, read = 'complete', failOn = 'stale', allowUnknown = false, verdict, exit }) => {
      const report = buildReport({
        ...PLAIN,
        totals: { ...emptyTotals(), ...HEALTHY, ...found },
        sources: BOTH[read].map((complete) => ({ ...SOURCE, complete })),
        failOn,
        allowUnknown,
      });
      expect([report.verdict, report.exit_code, report.complete]).toEqual([verdict, exit, read === 'complete']);
    },
  );
});

it.each([
  { found: 2, maxStale: undefined, complete: true, exit: 1 },
  { found: 2, maxStale: 1, complete: true, exit: 1 },
  { found: 2, maxStale: 2, complete: true, exit: 0 },
  { found: 2, maxStale: 2, complete: false, exit: 3 },
])(
  'exits $exit for $found stuck runs if $maxStale are allowed, complete: $complete',
  ({ found, maxStale, complete, exit }) => {
    const totals = { ...emptyTotals(), likelyStale: found };
    const report = buildReport({ ...PLAIN, totals, maxStale, sources: [{ ...SOURCE, complete }] });
    expect([report.exit_code, report.verdict, report.max_stale]).toEqual([exit, 'stale', maxStale]);
  },
);

describe('a late run of unknown status', () => {
  const late = (run: Record<string, unknown>) => {
    const shown = reportRun({ run: waiting, freshness: classify(waiting, policy, at) }, at);
    return { ...shown, run, freshness: { ...shown.freshness, state: 'late' as const } };
  };

  it.each([
    [{ status: 'running', outcome: 'unknown' }, 'stale', false, 'unknown', 3],
    [{ status: 'running', outcome: 'unknown' }, 'stale', true, 'unknown', 0],
    [{ status: 'running', outcome: 'unknown' }, 'late', false, 'unknown', 1],
    [{ status: 'running', outcome: 'pending' }, 'stale', false, 'late', 0],
  ] as const)('%j, failing on %s, unknown allowed %s: %s, exit %i', (run, failOn, allowUnknown, verdict, exit) => {
    const totals = { ...emptyTotals(), active: 1, running: 1, late: 1 };
    const report = buildReport({ ...PLAIN, totals, runs: [late(run)], failOn, allowUnknown });
    expect([report.verdict, report.exit_code]).toEqual([verdict, exit]);
  });
});

describe('reachesLevel', () => {
  it.each<{ failOn: FailOn; states: FreshnessState[] }>([
    { failOn: 'never', states: [] },
    { failOn: 'stale', states: ['likely_stale'] },
    { failOn: 'late', states: ['likely_stale', 'late'] },
  ])('takes $states for $failOn', ({ failOn, states }) => {
    expect(FRESHNESS_STATES.filter((state) => reachesLevel(state, failOn))).toEqual(states);
  });
});

describe('reportRun', () => {
  it('writes the verdict with its evidence', () => {
    const row = judged(aRun({ startedAt: NOW - 2 * HOUR, heartbeatAt: NOW }));
    expect(reportRun(row, NOW)).toMatchObject({
      problem_class: 'active_stale_attention',
      freshness: {
        state: 'late',
        clock: 'run',
        since: '2026-11-23T08:00:00Z',
        age_ms: 2 * HOUR,
        threshold_ms: HOUR,
        rule: 'defaults.run.late',
        vouched: true,
        silent: false,
        flagged: false,
        skewed: [],
        next_change_at: '2026-11-23T09:10:00Z',
        confirmed: null,
      },
    });
  });

  it('writes null for what a verdict does not have', () => {
    expect(reportRun(judged(aRun({ startedAt: NOW + HOUR })), NOW).freshness).toEqual({
      state: 'unknown',
      clock: null,
      since: null,
      age_ms: null,
      threshold_ms: null,
      rule: null,
      vouched: false,
      silent: false,
      flagged: false,
      skewed: ['run'],
      next_change_at: '2026-11-23T09:59:30Z',
      confirmed: null,
    });
  });

  it.each([
    { what: 'a confirmed verdict', confirmed: true },
    { what: 'one that could not be confirmed', confirmed: false },
  ])('says so of $what', ({ confirmed }) => {
    const { run, freshness } = judged(aRun({ startedAt: NOW - 9 * HOUR, flag: { kind: 'stuck' } }));
    const { freshness: wire } = reportRun({ run, freshness: { ...freshness, confirmed } }, NOW);
    expect(wire).toMatchObject({ confirmed, flagged: true, next_change_at: null });
  });

  it('writes a threshold of never as null', () => {
    const { freshness } = judged(aRun({ startedAt: NOW }));
    expect(reportRun({ run: aRun(), freshness: { ...freshness, thresholdMs: Infinity } }, NOW).freshness).toMatchObject(
      {
        clock: 'run',
        threshold_ms: null,
      },
    );
  });

  it('presents the run in the words of the page', () => {
    const { presentation } = reportRun(judged(aRun({ startedAt: NOW - 9 * HOUR })), NOW);
    expect(Object.keys(presentation)).toEqual(['label', 'tone', 'icon', 'headline', 'reason', 'guidance']);
    expect(presentation).toMatchObject({ label: 'Likely stuck', tone: 'danger' });
  });
});

describe('reportIssues', () => {
  it('writes null for an id that could not be read', () => {
    const issues = [
      { id: undefined, reason: 'id is missing' },
      { id: 'a', reason: 'type is missing' },
    ];
    expect(reportIssues(issues)).toEqual([
      { id: null, reason: 'id is missing' },
      { id: 'a', reason: 'type is missing' },
    ]);
  });
});

describe('what a check may fail for', () => {
  const totals = { ...emptyTotals(), active: 3, late: 1, likelyStale: 1, unknown: 1 };
  const base = {
    generatedAt: 0,
    now: 0,
    policyDigest: 'sha256:0',
    sources: [],
    totals,
    runs: [],
    failOn: 'stale',
    allowUnknown: false,
  } as const;
  const accepted = { late: 0, likely_stale: 0, unknown: 0, unmatched: [] };

  it.each([
    { when: 'nobody accepts anything', more: {}, verdict: 'stale', exitCode: 1 },
    {
      when: 'a stuck run is accepted',
      more: { acknowledgements: { ...accepted, likely_stale: 1 } },
      verdict: 'unknown',
      exitCode: 3,
    },
    {
      when: 'the unknown one is accepted too',
      more: { acknowledgements: { ...accepted, likely_stale: 1, unknown: 1 } },
      verdict: 'late',
      exitCode: 0,
    },
    {
      when: 'all are accepted',
      more: { acknowledgements: { late: 1, likely_stale: 1, unknown: 1, unmatched: [] } },
      verdict: 'fresh',
      exitCode: 0,
    },
    { when: 'nothing is new', more: { newAlarms: 0 }, verdict: 'stale', exitCode: 3 },
    { when: 'one is new', more: { newAlarms: 1 }, verdict: 'stale', exitCode: 1 },
    {
      when: 'one is new, and it never fails',
      more: { newAlarms: 1, failOn: 'never' as const },
      verdict: 'stale',
      exitCode: 3,
    },
  ])('leaves out what is accepted or old: $when', ({ more, verdict, exitCode }) => {
    const report = buildReport({ ...base, ...more });
    expect({ verdict: report.verdict, exitCode: report.exit_code }).toEqual({ verdict, exitCode });
    expect(report.totals).toMatchObject({ late: 1, likely_stale: 1, unknown: 1 });
  });
});
