import { describe, expect, it } from 'vitest';
import { classify, FRESHNESS_STATES, type Freshness, type FreshnessState } from './classify.js';
import type { ClockName } from './run-clocks.js';
import { createPolicy } from './policy.js';
import type { FlagKind, Run, RunOutcome } from './run.js';
import { anEndedRun, aQueuedRun, aRun, DAY, HOUR, MINUTE, NOW, POLICY, policyWith, SECOND } from './test-runs.js';

const START = NOW;

/** One clock alone: nothing else can make the run late or stuck at these ages. */
const CLOCKS: readonly {
  readonly clock: ClockName;
  readonly run: Run;
  readonly level: 'late' | 'likely_stale';
  readonly before: FreshnessState;
  readonly threshold: number;
  readonly rule: string;
}[] = [
  {
    clock: 'queue',
    run: aQueuedRun({ queuedAt: START }),
    level: 'late',
    before: 'fresh',
    threshold: 5 * MINUTE,
    rule: 'defaults.queue.late',
  },
  {
    clock: 'queue',
    run: aQueuedRun({ queuedAt: START }),
    level: 'likely_stale',
    before: 'late',
    threshold: 30 * MINUTE,
    rule: 'defaults.queue.stale',
  },
  {
    clock: 'run',
    run: aRun({ startedAt: START }),
    level: 'late',
    before: 'fresh',
    threshold: HOUR,
    rule: 'defaults.run.late',
  },
  {
    clock: 'run',
    run: aRun({ startedAt: START }),
    level: 'likely_stale',
    before: 'late',
    threshold: 6 * HOUR,
    rule: 'defaults.run.stale',
  },
  {
    clock: 'silence',
    run: aRun({ startedAt: START, heartbeatAt: START }),
    level: 'late',
    before: 'fresh',
    threshold: 2 * MINUTE,
    rule: 'defaults.silence.late',
  },
  {
    clock: 'silence',
    run: aRun({ startedAt: START, heartbeatAt: START }),
    level: 'likely_stale',
    before: 'late',
    threshold: 10 * MINUTE,
    rule: 'defaults.silence.stale',
  },
  {
    clock: 'hold',
    run: aRun({ hold: 'approval', holdSince: START }),
    level: 'late',
    before: 'fresh',
    threshold: DAY,
    rule: 'rules[0].hold.late',
  },
  {
    clock: 'hold',
    run: aRun({ hold: 'approval', holdSince: START }),
    level: 'likely_stale',
    before: 'late',
    threshold: 3 * DAY,
    rule: 'rules[0].hold.stale',
  },
  {
    clock: 'deadline',
    run: aRun({ startedAt: START, deadlineAt: START }),
    level: 'late',
    before: 'fresh',
    threshold: 0,
    rule: 'defaults.deadline.grace',
  },
  {
    clock: 'deadline',
    run: aRun({ startedAt: START, deadlineAt: START }),
    level: 'likely_stale',
    before: 'late',
    threshold: 10 * MINUTE,
    rule: 'defaults.deadline.grace',
  },
];

const WITH_HOLDS = createPolicy({
  version: 1,
  rules: [{ match: { type: 'sync' }, hold: { late: '1d', stale: '3d' } }],
});

describe.each(CLOCKS)(
  'the $clock clock at the threshold of $level',
  ({ clock, run, level, before, threshold, rule }) => {
    it('has not reached it one millisecond before', () => {
      const freshness = classify(run, WITH_HOLDS, START + threshold - 1);
      expect(freshness.state).toBe(before);
      expect(freshness.nextChangeAt).toBe(START + threshold);
    });

    it.each([
      { when: 'at the very millisecond', age: threshold },
      { when: 'one millisecond after', age: threshold + 1 },
    ])('has reached it $when', ({ age }) => {
      expect(classify(run, WITH_HOLDS, START + age)).toMatchObject({
        state: level,
        problemClass: 'active_stale_attention',
        clock,
        startAt: START,
        since: START + threshold,
        ageMs: age,
        thresholdMs: threshold,
        rule,
      } satisfies Partial<Freshness>);
    });
  },
);

describe('a clock starts', () => {
  it.each<{ when: string; run: Run; startAt: number }>([
    { when: 'when the run was queued', run: aQueuedRun({ queuedAt: NOW - 2 }), startAt: NOW - 2 },
    { when: 'at its time, if later', run: aQueuedRun({ queuedAt: NOW - 2, notBefore: NOW - 1 }), startAt: NOW - 1 },
    { when: 'not at an earlier time', run: aQueuedRun({ queuedAt: NOW - 1, notBefore: NOW - 2 }), startAt: NOW - 1 },
    { when: 'at its time alone', run: aQueuedRun({ notBefore: NOW - 1 }), startAt: NOW - 1 },
    { when: 'when it started', run: aRun({ queuedAt: NOW - 2, startedAt: NOW - 1 }), startAt: NOW - 1 },
    { when: 'when a running run was queued', run: aRun({ queuedAt: NOW - 2 }), startAt: NOW - 2 },
    { when: 'when it was held', run: aRun({ hold: 'paused', holdSince: NOW - 1, startedAt: NOW }), startAt: NOW - 1 },
    {
      when: 'when a held run started',
      run: aRun({ hold: 'paused', queuedAt: NOW - 2, startedAt: NOW - 1 }),
      startAt: NOW - 1,
    },
    {
      when: 'at the time that a held run waits for',
      run: aQueuedRun({ hold: 'schedule', holdSince: NOW - 2, notBefore: NOW - 1 }),
      startAt: NOW - 1,
    },
    {
      when: 'at its phase, if later',
      run: aRun({ startedAt: NOW - 9, phaseAt: NOW - 1 }),
      startAt: NOW - 1,
    },
    { when: 'not at an earlier phase', run: aRun({ startedAt: NOW - 1, phaseAt: NOW - 9 }), startAt: NOW - 1 },
    {
      when: 'at the phase of a queued run',
      run: aQueuedRun({ queuedAt: NOW - 9, phaseAt: NOW - 1 }),
      startAt: NOW - 1,
    },
    {
      when: 'at the phase of a held run',
      run: aRun({ hold: 'limit', startedAt: NOW - 9, phaseAt: NOW - 1 }),
      startAt: NOW - 1,
    },
    {
      when: 'where the hold ended',
      run: aRun({ hold: 'event', startedAt: NOW - 9, waitsFor: { kind: 'timer', until: NOW - 1 } }),
      startAt: NOW - 1,
    },
    {
      when: 'not at the time of a run that waits for something else',
      run: aQueuedRun({ hold: 'approval', holdSince: NOW - 2, notBefore: NOW - 1 }),
      startAt: NOW - 2,
    },
    { when: 'with its heartbeat where there is nothing else', run: aRun({ heartbeatAt: NOW - 1 }), startAt: NOW - 1 },
  ])('$when', ({ run, startAt }) => {
    expect(classify(run, POLICY, NOW).startAt).toBe(startAt);
  });
});

describe('a run that legitimately waits', () => {
  it.each<{ when: string; run: Run; state: FreshnessState }>([
    { when: 'its time lies ahead', run: aQueuedRun({ queuedAt: NOW - DAY, notBefore: NOW + DAY }), state: 'fresh' },
    { when: 'its time has just come', run: aQueuedRun({ queuedAt: NOW - DAY, notBefore: NOW }), state: 'fresh' },
    {
      when: 'its time is long past',
      run: aQueuedRun({ queuedAt: NOW - DAY, notBefore: NOW - HOUR }),
      state: 'likely_stale',
    },
    {
      when: 'it waits for approval since an hour',
      run: aRun({ hold: 'approval', holdSince: NOW - HOUR, startedAt: NOW - 9 * DAY }),
      state: 'fresh',
    },
    {
      when: 'it is paused and sends no heartbeat',
      run: aRun({ hold: 'paused', holdSince: NOW - HOUR, heartbeatAt: NOW - HOUR }),
      state: 'fresh',
    },
    {
      when: 'it waits for years, since by default holds never get stuck',
      run: aRun({ hold: 'event', holdSince: NOW - 999 * DAY }),
      state: 'late',
    },
    {
      when: 'it waits past its deadline',
      run: aRun({ hold: 'event', holdSince: NOW, deadlineAt: NOW - HOUR }),
      state: 'likely_stale',
    },
  ])('is $state when $when', ({ run, state }) => {
    expect(classify(run, POLICY, NOW).state).toBe(state);
  });
});

describe('a hold that ends by itself', () => {
  const until = NOW + HOUR;
  const waits = { queuedAt: NOW - 9 * DAY, startedAt: NOW - 9 * DAY } as const;

  it.each<{ by: string; run: Run; clock: ClockName; late: number }>([
    {
      by: 'its own end',
      run: aRun({ ...waits, hold: 'approval', waitsFor: { kind: 'timer', until } }),
      clock: 'run',
      late: HOUR,
    },
    {
      by: 'a schedule',
      run: aQueuedRun({ ...waits, hold: 'schedule', notBefore: until }),
      clock: 'queue',
      late: 5 * MINUTE,
    },
    { by: 'a retry', run: aRun({ ...waits, hold: 'retry', notBefore: until }), clock: 'run', late: HOUR },
  ])('by $by has no age until then, and the $clock clock starts there', ({ run, clock, late }) => {
    expect(classify(run, POLICY, until - 1)).toMatchObject({
      state: 'fresh',
      clock: 'hold',
      ageMs: 0,
      nextChangeAt: until + late,
    });
    expect(classify(run, POLICY, until)).toMatchObject({ state: 'fresh', clock, startAt: until, ageMs: 0 });
    expect(classify(run, POLICY, until + late)).toMatchObject({ state: 'late', clock, since: until + late });
  });

  it('leaves a run that is silent by then to the silence clock', () => {
    const run = aRun({ ...waits, hold: 'retry', heartbeatAt: NOW - HOUR, waitsFor: { kind: 'attempt', until } });
    expect(classify(run, POLICY, NOW)).toMatchObject({ state: 'fresh', silent: false, nextChangeAt: until });
    expect(classify(run, POLICY, until)).toMatchObject({ state: 'likely_stale', clock: 'silence', since: until });
  });

  it('does not end a hold of another kind at the time before which the run may not start', () => {
    const run = aQueuedRun({ hold: 'approval', holdSince: NOW, notBefore: NOW + MINUTE });
    expect(classify(run, POLICY, NOW + DAY)).toMatchObject({ state: 'late', clock: 'hold' });
  });
});

describe('the rhythm of a source', () => {
  const run = aRun({ startedAt: NOW, heartbeatAt: NOW, heartbeatInterval: 3 * MINUTE });

  it('stretches the default thresholds of silence to 4 and 10 intervals', () => {
    expect(classify(run, POLICY, NOW + 12 * MINUTE)).toMatchObject({
      state: 'late',
      clock: 'silence',
      rule: 'source.rhythm',
    });
    expect(classify(run, POLICY, NOW + 12 * MINUTE - 1).state).toBe('fresh');
    expect(classify(run, POLICY, NOW + 30 * MINUTE)).toMatchObject({ state: 'likely_stale', rule: 'source.rhythm' });
    expect(classify(run, POLICY, NOW + 30 * MINUTE - 1).state).toBe('late');
  });

  it('never shortens them', () => {
    const quick = { ...run, heartbeatInterval: SECOND };
    expect(classify(quick, POLICY, NOW + 2 * MINUTE)).toMatchObject({ state: 'late', rule: 'defaults.silence.late' });
    expect(classify(quick, POLICY, NOW + 2 * MINUTE - 1).state).toBe('fresh');
  });

  it('leaves what a rule of the policy names as it is', () => {
    const policy = createPolicy({ version: 1, rules: [{ match: { type: '*' }, silence: { stale: '15m' } }] });
    expect(classify(run, policy, NOW + 15 * MINUTE)).toMatchObject({
      state: 'likely_stale',
      rule: 'rules[0].silence.stale',
    });
    expect(classify(run, policy, NOW + 12 * MINUTE)).toMatchObject({ state: 'late', rule: 'source.rhythm' });
  });
});

describe('a heartbeat', () => {
  const old = { startedAt: NOW - 9 * HOUR };

  it.each<{ when: string; run: Run; vouches?: boolean; state: FreshnessState; clock: string; vouched: boolean }>([
    { when: 'it is fresh', run: aRun({ ...old, heartbeatAt: NOW }), state: 'late', clock: 'run', vouched: true },
    {
      when: 'it is fresh for one more millisecond',
      run: aRun({ ...old, heartbeatAt: NOW - 2 * MINUTE + 1 }),
      state: 'late',
      clock: 'run',
      vouched: true,
    },
    {
      when: 'it has just become late',
      run: aRun({ ...old, heartbeatAt: NOW - 2 * MINUTE }),
      state: 'likely_stale',
      clock: 'run',
      vouched: false,
    },
    {
      when: 'policy lets none vouch',
      run: aRun({ ...old, heartbeatAt: NOW }),
      vouches: false,
      state: 'likely_stale',
      clock: 'run',
      vouched: false,
    },
    {
      when: 'the deadline has passed, which none vouches for',
      run: aRun({ ...old, heartbeatAt: NOW, deadlineAt: NOW - HOUR }),
      state: 'likely_stale',
      clock: 'deadline',
      vouched: true,
    },
    {
      when: 'the source holds something against the run',
      run: aRun({ ...old, heartbeatAt: NOW, flag: { kind: 'stuck' } }),
      state: 'likely_stale',
      clock: 'run',
      vouched: false,
    },
    {
      when: 'the run is queued, where none counts',
      run: aQueuedRun({ queuedAt: NOW - HOUR, heartbeatAt: NOW }),
      state: 'likely_stale',
      clock: 'queue',
      vouched: false,
    },
  ])('leaves an old run $state when $when', ({ run, vouches = true, state, clock, vouched }) => {
    expect(classify(run, policyWith({ silence: { vouches } }), NOW)).toMatchObject({ state, clock, vouched });
  });

  it('lets the run clock count in full from the instant at which silence turns late', () => {
    const run = aRun({ ...old, heartbeatAt: NOW });
    const until = NOW + 2 * MINUTE;
    expect(classify(run, POLICY, NOW).nextChangeAt).toBe(until);
    expect(classify(run, POLICY, until)).toMatchObject({ state: 'likely_stale', clock: 'run', since: until });
  });

  it('says that the run is silent from its late threshold on', () => {
    const run = aRun({ startedAt: NOW, heartbeatAt: NOW });
    expect(classify(run, POLICY, NOW + 2 * MINUTE - 1).silent).toBe(false);
    expect(classify(run, POLICY, NOW + 2 * MINUTE).silent).toBe(true);
  });
});

it('a run is silent by its silence clock alone, whatever other clocks say', () => {
  const silent = aRun({ startedAt: NOW, heartbeatAt: NOW - 3 * MINUTE, deadlineAt: NOW + HOUR });
  expect(classify(silent, POLICY, NOW).silent).toBe(true);
  const overdue = aRun({ startedAt: NOW - 2 * HOUR, heartbeatAt: NOW, deadlineAt: NOW - MINUTE });
  expect(classify(overdue, POLICY, NOW).silent).toBe(false);
});

describe('a clock that starts in the future', () => {
  const tolerance = 30 * SECOND;

  it.each<{ what: string; run: (ahead: number) => Run; clock: ClockName }>([
    { what: 'queue', run: (ahead) => aQueuedRun({ queuedAt: NOW + ahead }), clock: 'queue' },
    { what: 'run', run: (ahead) => aRun({ startedAt: NOW + ahead }), clock: 'run' },
    { what: 'silence', run: (ahead) => aRun({ heartbeatAt: NOW + ahead }), clock: 'silence' },
    { what: 'hold', run: (ahead) => aRun({ hold: 'event', holdSince: NOW + ahead }), clock: 'hold' },
  ])('is used up to the tolerance, and not beyond: $what', ({ run, clock }) => {
    expect(classify(run(tolerance), POLICY, NOW)).toMatchObject({ state: 'fresh', clock, ageMs: 0, skewed: [] });
    expect(classify(run(tolerance + 1), POLICY, NOW)).toMatchObject({
      state: 'unknown',
      problemClass: 'active_stale_attention',
      clock: undefined,
      skewed: [clock],
      nextChangeAt: NOW + 1,
    });
  });

  it('leaves the judgement to the others', () => {
    const run = aRun({ startedAt: NOW + HOUR, heartbeatAt: NOW - 5 * MINUTE });
    expect(classify(run, POLICY, NOW)).toMatchObject({ state: 'late', clock: 'silence', skewed: ['run'] });
  });

  it('says so of both', () => {
    const run = aRun({ startedAt: NOW + HOUR, heartbeatAt: NOW + HOUR });
    expect(classify(run, POLICY, NOW).skewed).toEqual(['run', 'silence']);
  });

  it('vouches for nothing when it is silence, so that elapsed time counts in full', () => {
    const run = aRun({ startedAt: NOW - 9 * HOUR, heartbeatAt: NOW + HOUR });
    expect(classify(run, POLICY, NOW)).toMatchObject({
      state: 'likely_stale',
      clock: 'run',
      vouched: false,
      skewed: ['silence'],
      // From there on the heartbeat can be used, and vouches.
      nextChangeAt: NOW + HOUR - tolerance,
    });
    expect(classify(run, POLICY, NOW + HOUR - tolerance)).toMatchObject({ state: 'late', vouched: true, skewed: [] });
  });

  it.each<{ what: string; run: Run; clock: ClockName }>([
    { what: 'the time before which a run may not start', run: aQueuedRun({ notBefore: NOW + DAY }), clock: 'queue' },
    {
      what: 'the time that a held run waits for',
      run: aQueuedRun({ hold: 'schedule', notBefore: NOW + DAY }),
      clock: 'hold',
    },
    { what: 'a deadline', run: aRun({ deadlineAt: NOW + DAY }), clock: 'deadline' },
  ])('is right for $what', ({ run, clock }) => {
    expect(classify(run, POLICY, NOW)).toMatchObject({ state: 'fresh', clock, ageMs: 0, skewed: [] });
  });
});

describe('a flag of the source', () => {
  const flagged = { startedAt: NOW, heartbeatAt: NOW, flag: { kind: 'worker_lost', since: NOW - MINUTE } } as const;

  it.each<{ flag: 'late' | 'stale' | 'ignore'; run: Run; state: FreshnessState; clock: string | undefined }>([
    { flag: 'late', run: aRun(flagged), state: 'late', clock: 'flag' },
    { flag: 'stale', run: aRun(flagged), state: 'likely_stale', clock: 'flag' },
    { flag: 'ignore', run: aRun(flagged), state: 'fresh', clock: 'run' },
    { flag: 'late', run: aQueuedRun({ flag: flagged.flag }), state: 'late', clock: 'flag' },
    { flag: 'late', run: aRun({ ...flagged, hold: 'paused' }), state: 'late', clock: 'flag' },
    { flag: 'late', run: aRun({ ...flagged, startedAt: NOW - DAY }), state: 'likely_stale', clock: 'run' },
    { flag: 'stale', run: anEndedRun(flagged), state: 'terminal', clock: undefined },
    { flag: 'ignore', run: aRun({ flag: flagged.flag }), state: 'unknown', clock: undefined },
  ])(
    'that policy takes for $flag makes a run with status $run.status $state by $clock',
    ({ flag, run, state, clock }) => {
      expect(classify(run, policyWith({ flag }), NOW)).toMatchObject({ state, clock });
    },
  );

  it('is named in the evidence, with its time and its rule', () => {
    expect(classify(aRun(flagged), POLICY, NOW)).toMatchObject({
      since: NOW - MINUTE,
      ageMs: MINUTE,
      thresholdMs: 0,
      rule: 'defaults.flag.worker_lost.late',
      vouched: false,
      flagged: true,
      nextChangeAt: NOW + 4 * MINUTE,
    });
  });

  it.each<{ kind: FlagKind; stale: number }>([
    { kind: 'worker_lost', stale: 5 * MINUTE },
    { kind: 'orphaned', stale: 5 * MINUTE },
    { kind: 'cannot_start', stale: 5 * MINUTE },
    { kind: 'unresponsive', stale: 30 * MINUTE },
    { kind: 'stuck', stale: Infinity },
    { kind: 'late', stale: Infinity },
  ])('of kind $kind is late at once and stale after its own time, on a held run too', ({ kind, stale }) => {
    for (const hold of [undefined, 'approval'] as const) {
      const run = aRun({ hold, startedAt: NOW, flag: { kind, since: NOW } });
      expect(classify(run, POLICY, NOW)).toMatchObject({ state: 'late', clock: 'flag' });
      const edge = Math.min(stale, 59 * MINUTE);
      expect(classify(run, POLICY, NOW + edge - 1)).toMatchObject({ state: 'late', clock: 'flag' });
      expect(classify(run, POLICY, NOW + edge)).toMatchObject({
        state: stale === Infinity ? 'late' : 'likely_stale',
        clock: 'flag',
      });
    }
  });

  it.each<{ when: string; fields: Partial<Run>; startAt: number }>([
    { when: 'queued', fields: { queuedAt: NOW - 9 }, startAt: NOW - 9 },
    { when: 'started', fields: { queuedAt: NOW - 9, startedAt: NOW - 8 }, startAt: NOW - 8 },
    { when: 'in a new phase', fields: { startedAt: NOW - 8, phaseAt: NOW - 7 }, startAt: NOW - 7 },
    { when: 'alive', fields: { startedAt: NOW - 8, phaseAt: NOW - 7, heartbeatAt: NOW - 6 }, startAt: NOW - 6 },
    {
      when: 'started, where the heartbeat lies in the future',
      fields: { startedAt: NOW - 8, heartbeatAt: NOW + HOUR },
      startAt: NOW - 8,
    },
  ])('without a time counts from when the run was last $when', ({ fields, startAt }) => {
    const run = aRun({ ...fields, flag: { kind: 'worker_lost' } });
    expect(classify(run, POLICY, NOW)).toMatchObject({ state: 'late', clock: 'flag', startAt });
  });

  it('of a run without any instant leaves it unknown', () => {
    expect(classify(aRun({ flag: { kind: 'worker_lost' } }), POLICY, NOW).state).toBe('unknown');
  });
});

describe('a run that cannot be judged', () => {
  it.each<{ when: string; run: Run; nextChangeAt: number | undefined }>([
    { when: 'it has no instant', run: aRun(), nextChangeAt: undefined },
    {
      when: 'it has none that a clock starts at',
      run: aRun({ endedAt: NOW, notBefore: NOW }),
      nextChangeAt: undefined,
    },
    { when: 'its status is not known', run: aRun({ outcome: 'unknown', startedAt: NOW }), nextChangeAt: NOW + HOUR },
    {
      when: 'its start is an hour ahead',
      run: aRun({ startedAt: NOW + HOUR }),
      nextChangeAt: NOW + HOUR - 30 * SECOND,
    },
  ])('is unknown when $when', ({ run, nextChangeAt }) => {
    expect(classify(run, POLICY, NOW)).toMatchObject({
      state: 'unknown',
      problemClass: 'active_stale_attention',
      since: undefined,
      rule: undefined,
      nextChangeAt,
    });
  });

  it('is late all the same once a clock says so', () => {
    expect(classify(aRun({ outcome: 'unknown', startedAt: NOW - HOUR }), POLICY, NOW).state).toBe('late');
  });
});

describe('an ended run', () => {
  it.each<{ outcome: RunOutcome; problemClass: string }>([
    { outcome: 'succeeded', problemClass: 'none' },
    { outcome: 'partially_succeeded', problemClass: 'terminal_follow_up' },
    { outcome: 'blocked', problemClass: 'terminal_follow_up' },
    { outcome: 'failed', problemClass: 'terminal_follow_up' },
    { outcome: 'cancelled', problemClass: 'none' },
    { outcome: 'skipped', problemClass: 'none' },
    { outcome: 'unknown', problemClass: 'none' },
  ])('that was $outcome wants $problemClass, and a follow-up if it was closed', ({ outcome, problemClass }) => {
    const run = anEndedRun({ outcome, startedAt: NOW - 9 * DAY, endedAt: NOW - MINUTE });
    expect(classify(run, POLICY, NOW)).toMatchObject({ state: 'terminal', problemClass, since: NOW - MINUTE });
    const closed = { ...run, reconciliation: { at: NOW - SECOND, reason: 'no heartbeat', from: 'running' } };
    expect(classify(closed, POLICY, NOW)).toMatchObject({
      state: 'reconciled',
      problemClass: 'terminal_follow_up',
      since: NOW - SECOND,
      nextChangeAt: undefined,
    });
  });

  it('is ended whatever its instants say, and an active one is active', () => {
    const future = { startedAt: NOW + DAY, endedAt: NOW + 2 * DAY, deadlineAt: NOW - DAY };
    expect(classify(anEndedRun(future), POLICY, NOW).state).toBe('terminal');
    expect(classify(aRun({ startedAt: NOW, endedAt: NOW }), POLICY, NOW).state).toBe('fresh');
    expect(
      classify(aRun({ startedAt: NOW, reconciliation: { at: NOW, reason: '', from: '' } }), POLICY, NOW).state,
    ).toBe('fresh');
  });
});

describe('the verdict', () => {
  it('is the worst of the clocks', () => {
    const run = aRun({ startedAt: NOW - 2 * HOUR, heartbeatAt: NOW - 11 * MINUTE, deadlineAt: NOW - MINUTE });
    expect(classify(run, POLICY, NOW)).toMatchObject({ state: 'likely_stale', clock: 'silence' });
  });

  it('names the clock that got there first', () => {
    const run = aRun({ startedAt: NOW - 2 * HOUR, heartbeatAt: NOW - 3 * MINUTE });
    expect(classify(run, POLICY, NOW)).toMatchObject({ state: 'late', clock: 'run', since: NOW - HOUR });
  });

  it('of a threshold of 0 is given as soon as the clock can be used', () => {
    const run = aRun({ startedAt: NOW + 30 * SECOND });
    const atOnce = policyWith({ run: { late: '0s' } });
    expect(classify(run, atOnce, NOW - 1).state).toBe('unknown');
    expect(classify(run, atOnce, NOW)).toMatchObject({ state: 'late', since: NOW, ageMs: 0 });
  });

  it('of a threshold of 0 is not given before the time at which a run may start', () => {
    const atOnce = policyWith({ queue: { late: '0s' } });
    const run = aQueuedRun({ queuedAt: NOW - HOUR, notBefore: NOW });
    expect(classify(run, atOnce, NOW - 1)).toMatchObject({ state: 'fresh', nextChangeAt: NOW });
    expect(classify(run, atOnce, NOW).state).toBe('late');
  });

  it.each<{ clock: ClockName; run: Run }>([
    { clock: 'silence', run: aRun({ startedAt: NOW - HOUR, heartbeatAt: NOW - 2 * MINUTE, deadlineAt: NOW }) },
    { clock: 'run', run: aRun({ startedAt: NOW - HOUR, deadlineAt: NOW }) },
  ])('names the $clock clock where several get there at once', ({ clock, run }) => {
    expect(classify(run, POLICY, NOW)).toMatchObject({ state: 'late', clock, since: NOW });
  });

  it('never changes where every threshold is never', () => {
    const never = policyWith({ run: { late: 'never', stale: 'never' } });
    expect(classify(aRun({ startedAt: 0 }), never, NOW)).toMatchObject({
      state: 'fresh',
      thresholdMs: Infinity,
      nextChangeAt: undefined,
    });
  });

  it('is none of a calendar past the year 9999', () => {
    const far = policyWith({ run: { late: '90000000d', stale: 'never' } });
    expect(classify(aRun({ startedAt: NOW }), far, NOW).nextChangeAt).toBeUndefined();
  });

  it('has a place in the order of the states, worst first', () => {
    expect(FRESHNESS_STATES).toEqual(['likely_stale', 'late', 'unknown', 'reconciled', 'fresh', 'terminal']);
  });
});

describe('the evidence', () => {
  const running = { startedAt: NOW - 9 * HOUR };

  it.each<{ what: string; run: Run; defaults?: Parameters<typeof policyWith>[0]; verdict: Partial<Freshness> }>([
    {
      what: 'of a fresh run has the start of its clock',
      run: aRun({ startedAt: NOW - 7 }),
      verdict: { state: 'fresh', clock: 'run', since: NOW - 7, ageMs: 7, thresholdMs: HOUR, rule: 'defaults.run.late' },
    },
    {
      what: 'of a run with a deadline ahead and nothing else has no start',
      run: aRun({ deadlineAt: NOW + HOUR }),
      verdict: { state: 'fresh', clock: 'deadline', startAt: NOW + HOUR, since: undefined, ageMs: 0 },
    },
    {
      what: 'of a run that no heartbeat vouches for any more has the end of the vouching',
      run: aRun({ ...running, heartbeatAt: NOW - 5 * MINUTE }),
      verdict: { state: 'likely_stale', clock: 'run', since: NOW - 3 * MINUTE },
    },
    {
      what: 'of a run that was vouched for before its threshold has the threshold',
      run: aRun({ ...running, heartbeatAt: NOW - 8 * HOUR }),
      defaults: { silence: { stale: 'never' } },
      verdict: { state: 'likely_stale', clock: 'run', since: NOW - 3 * HOUR },
    },
    {
      what: 'of a run with a heartbeat in the future has the threshold',
      run: aRun({ ...running, heartbeatAt: NOW + HOUR }),
      verdict: { state: 'likely_stale', clock: 'run', since: NOW - 3 * HOUR },
    },
    {
      what: 'of a deadline that passed while a heartbeat vouched has the deadline',
      run: aRun({ startedAt: NOW - 2 * HOUR, heartbeatAt: NOW - 3 * MINUTE, deadlineAt: NOW - HOUR }),
      verdict: { state: 'likely_stale', clock: 'deadline', since: NOW - 50 * MINUTE },
    },
    {
      what: 'of a flag at this very instant has this instant',
      run: aRun({ flag: { kind: 'worker_lost', since: NOW } }),
      verdict: { state: 'late', clock: 'flag', since: NOW, flagged: true },
    },
    {
      what: 'of a flag in the near future has the instant at which it is tolerated',
      run: aRun({ flag: { kind: 'worker_lost', since: NOW + SECOND } }),
      verdict: { state: 'late', clock: 'flag', since: NOW - 29 * SECOND, ageMs: 0 },
    },
  ])('$what', ({ run, defaults = {}, verdict }) => {
    expect(classify(run, policyWith(defaults), NOW)).toMatchObject(verdict);
  });

  it('of a run that has ended is when it ended, and nothing else', () => {
    expect(classify(anEndedRun({ endedAt: NOW - 7, flag: { kind: 'stuck' } }), POLICY, NOW)).toStrictEqual({
      state: 'terminal',
      problemClass: 'none',
      clock: undefined,
      startAt: undefined,
      since: NOW - 7,
      ageMs: undefined,
      thresholdMs: undefined,
      rule: undefined,
      vouched: false,
      silent: false,
      flagged: false,
      skewed: [],
      nextChangeAt: undefined,
    } satisfies Freshness);
  });
});

describe('the next change', () => {
  it.each<{ what: string; run: Run; defaults?: Parameters<typeof policyWith>[0]; state: FreshnessState; next: number }>(
    [
      {
        what: 'the first of two clocks to turn late, whichever comes first in the list',
        run: aRun({ startedAt: NOW - 59 * MINUTE, heartbeatAt: NOW }),
        state: 'fresh',
        next: MINUTE,
      },
      {
        what: 'the second of two clocks to turn late, where it is earlier',
        run: aRun({ startedAt: NOW, heartbeatAt: NOW }),
        state: 'fresh',
        next: 2 * MINUTE,
      },
      {
        what: 'before a clock that cannot be used yet',
        run: aRun({ startedAt: NOW - 59 * MINUTE, heartbeatAt: NOW + HOUR }),
        state: 'fresh',
        next: MINUTE,
      },
      {
        what: 'not where another clock turns late, while a third is fresh',
        run: aRun({ startedAt: NOW - 2 * HOUR, heartbeatAt: NOW, deadlineAt: NOW + HOUR }),
        state: 'late',
        next: 10 * MINUTE,
      },
      {
        what: 'not where a clock can be used, if the outcome stays unknown',
        run: aRun({ outcome: 'unknown', startedAt: NOW + 40 * SECOND, heartbeatAt: NOW - MINUTE }),
        state: 'unknown',
        next: MINUTE,
      },
      {
        what: 'counted from the flag, and not from the evidence that is used until it can be',
        run: aRun({ startedAt: NOW - MINUTE, flag: { kind: 'stuck', since: NOW + HOUR } }),
        defaults: { run: { late: 'never', stale: 'never' }, flag: { stuck: { late: '70m' } } },
        state: 'fresh',
        next: HOUR + 70 * MINUTE,
      },
    ],
  )('is $what', ({ run, defaults = {}, state, next }) => {
    expect(classify(run, policyWith(defaults), NOW)).toMatchObject({ state, nextChangeAt: NOW + next });
  });
});
