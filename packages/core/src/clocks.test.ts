import { describe, expect, it } from 'vitest';
import { ageOf, applies, clocksOf, isHeld, isSkewed, phaseStart, withoutEndedHold } from './clocks.js';
import type { Clock, RunClocks } from './run-clocks.js';
import type { Instant, Run } from './run.js';
import { anEndedRun, aQueuedRun, aRun, DAY, HOUR, MINUTE, NOW, policyWith, SECOND } from './test-runs.js';

const TOLERANCE = 30 * SECOND;

function read(run: Run, defaults: Parameters<typeof policyWith>[0] = {}) {
  return clocksOf(run, policyWith(defaults).thresholdsFor(run));
}

function allOf(clocks: RunClocks): Clock[] {
  return Array.from({ length: clocks.size }, (_, index) => clocks.at(index));
}

/** A clock without its limits, `usableFrom`, `appliesFrom` and `appliesUntil` only where they are not without bound. */
function shown({ name, startAt, usableFrom, appliesFrom, appliesUntil }: Clock) {
  const bounds = Object.entries({ usableFrom, appliesFrom, appliesUntil }).filter(([, at]) => Number.isFinite(at));
  return { name, startAt, ...Object.fromEntries(bounds) };
}

describe('clocksOf', () => {
  it.each<{ what: string; run: Run; clocks: object[] }>([
    { what: 'a run that has ended', run: anEndedRun({ startedAt: NOW, flag: { kind: 'stuck' } }), clocks: [] },
    { what: 'a run without times', run: aRun(), clocks: [] },
    { what: 'a hold without times', run: aRun({ hold: 'approval' }), clocks: [] },
    {
      what: 'a hold without end, which leaves no other clock of the run',
      run: aRun({ hold: 'approval', holdSince: NOW, startedAt: NOW - 9, heartbeatAt: NOW }),
      clocks: [{ name: 'hold', startAt: NOW, usableFrom: NOW - TOLERANCE }],
    },
    {
      what: 'a hold that ends by itself, and what follows it',
      run: aRun({ hold: 'retry', holdSince: NOW - 5, notBefore: NOW + 5, startedAt: NOW - 9, heartbeatAt: NOW }),
      clocks: [
        { name: 'hold', startAt: NOW - 5, appliesUntil: NOW + 5 },
        { name: 'run', startAt: NOW + 5, appliesFrom: NOW + 5 },
        { name: 'silence', startAt: NOW, usableFrom: NOW - TOLERANCE, appliesFrom: NOW + 5 },
      ],
    },
    {
      what: 'a hold that ends by itself and started at an unknown time',
      run: aQueuedRun({ hold: 'schedule', notBefore: NOW + 5 }),
      clocks: [
        { name: 'hold', startAt: NOW + 5, appliesUntil: NOW + 5 },
        { name: 'queue', startAt: NOW + 5, appliesFrom: NOW + 5 },
      ],
    },
    {
      what: 'a queued run, whose heartbeat does not count',
      run: aQueuedRun({ queuedAt: NOW, heartbeatAt: NOW }),
      clocks: [{ name: 'queue', startAt: NOW, usableFrom: NOW - TOLERANCE }],
    },
    {
      what: 'a queued run that may not start before a time',
      run: aQueuedRun({ queuedAt: NOW, notBefore: NOW + 5 }),
      clocks: [{ name: 'queue', startAt: NOW + 5 }],
    },
    {
      what: 'a running run, whose earliest time is over',
      run: aRun({ startedAt: NOW, notBefore: NOW }),
      clocks: [{ name: 'run', startAt: NOW, usableFrom: NOW - TOLERANCE }],
    },
    {
      what: 'a deadline, which may lie in the future',
      run: aRun({ deadlineAt: NOW + HOUR }),
      clocks: [{ name: 'deadline', startAt: NOW + HOUR }],
    },
    {
      what: 'a flag after the last sign that the run moved',
      run: aRun({ startedAt: NOW - 9, flag: { kind: 'stuck', since: NOW } }),
      clocks: [
        { name: 'run', startAt: NOW - 9, usableFrom: NOW - 9 - TOLERANCE },
        { name: 'flag', startAt: NOW - 9, usableFrom: NOW - 9 - TOLERANCE, appliesUntil: NOW - TOLERANCE },
        { name: 'flag', startAt: NOW, usableFrom: NOW - TOLERANCE },
      ],
    },
    {
      what: 'a flag since the run moved',
      run: aRun({ startedAt: NOW, flag: { kind: 'stuck', since: NOW } }),
      clocks: [
        { name: 'run', startAt: NOW, usableFrom: NOW - TOLERANCE },
        { name: 'flag', startAt: NOW, usableFrom: NOW - TOLERANCE },
      ],
    },
    {
      what: 'a flag since an unknown time, which counts since the heartbeat',
      run: aRun({ startedAt: NOW - 9, heartbeatAt: NOW, flag: { kind: 'stuck' } }),
      clocks: [
        { name: 'run', startAt: NOW - 9, usableFrom: NOW - 9 - TOLERANCE },
        { name: 'silence', startAt: NOW, usableFrom: NOW - TOLERANCE },
        { name: 'flag', startAt: NOW - 9, usableFrom: NOW - 9 - TOLERANCE, appliesUntil: NOW - TOLERANCE },
        { name: 'flag', startAt: NOW, usableFrom: NOW - TOLERANCE, appliesFrom: NOW - TOLERANCE },
      ],
    },
    {
      what: 'a flag of a run on hold since a known time, and nothing else known',
      run: aRun({ hold: 'event', holdSince: NOW, flag: { kind: 'stuck' } }),
      clocks: [
        { name: 'hold', startAt: NOW, usableFrom: NOW - TOLERANCE },
        { name: 'flag', startAt: NOW, usableFrom: NOW - TOLERANCE },
      ],
    },
  ])('gives the clocks of $what', ({ run, clocks }) => {
    expect(allOf(read(run)).map(shown)).toEqual(clocks);
  });

  it.each([
    { what: 'a flag', run: aRun({ startedAt: NOW, flag: { kind: 'stuck' } }), effect: 'late', flagged: true },
    { what: 'a flag since no known time', run: aRun({ flag: { kind: 'stuck' } }), effect: 'stale', flagged: true },
    {
      what: 'a flag that the policy ignores',
      run: aRun({ startedAt: NOW, flag: { kind: 'stuck' } }),
      effect: 'ignore',
      flagged: false,
    },
    { what: 'no flag', run: aRun({ startedAt: NOW }), effect: 'late', flagged: false },
    { what: 'a flag, but has ended', run: anEndedRun({ flag: { kind: 'stuck' } }), effect: 'late', flagged: false },
  ] as const)('says flagged $flagged of a run that has $what', ({ run, effect, flagged }) => {
    expect(read(run, { flag: effect }).flagged).toBe(flagged);
  });

  it.each([
    { what: 'late after a while', late: '2m', run: aRun({ heartbeatAt: NOW }), vouches: true },
    { what: 'late at once', late: '0s', run: aRun({ heartbeatAt: NOW }), vouches: false },
    {
      what: 'late before a hold ends',
      late: '2m',
      run: aRun({ hold: 'retry', notBefore: NOW + HOUR, heartbeatAt: NOW }),
      vouches: false,
    },
    {
      what: 'late just when a hold ends',
      late: '2m',
      run: aRun({ hold: 'retry', notBefore: NOW + 2 * MINUTE, heartbeatAt: NOW }),
      vouches: false,
    },
    {
      what: 'late after a hold ends',
      late: '2m',
      run: aRun({ hold: 'retry', notBefore: NOW + 2 * MINUTE - 1, heartbeatAt: NOW }),
      vouches: true,
    },
    {
      what: 'that of a flagged run',
      late: '2m',
      run: aRun({ heartbeatAt: NOW, flag: { kind: 'late' } }),
      vouches: false,
    },
  ])('lets a heartbeat vouch $vouches that is $what', ({ late, run, vouches }) => {
    expect(read(run, { silence: { late } }).voucher !== undefined).toBe(vouches);
  });
});

describe('clocks that are filled again', () => {
  const flag = aRun({ startedAt: NOW - 9, heartbeatAt: NOW, flag: { kind: 'stuck' } });
  const held = aRun({ hold: 'retry', notBefore: NOW + HOUR, startedAt: NOW - 9, heartbeatAt: NOW });
  const runs = [flag, held, aRun({ startedAt: NOW, heartbeatAt: NOW }), aRun(), anEndedRun(), flag];
  const thresholds = policyWith({}).thresholdsFor(flag);
  const filled = clocksOf(flag, thresholds);

  it.each(runs.map((run, index) => ({ run, index })))('hold nothing of the run before: $index', ({ run }) => {
    const parts = (clocks: RunClocks) => {
      const { voucher, flagged, size, settledFrom, settledUntil, firstLate } = clocks;
      return structuredClone({ all: allOf(clocks), voucher, flagged, size, settledFrom, settledUntil, firstLate });
    };
    expect(clocksOf(run, thresholds, filled)).toBe(filled);
    expect(parts(filled)).toStrictEqual(parts(clocksOf(run, thresholds)));
  });

  it.each([
    { what: 'a run', run: aRun({ startedAt: NOW, heartbeatAt: NOW + 5 }), from: NOW + 5 - TOLERANCE, until: Infinity },
    { what: 'a wait that ends', run: held, from: NOW + HOUR, until: NOW + HOUR },
    { what: 'nothing', run: aRun(), from: -Infinity, until: Infinity },
  ])('are settled between the last start and the first end: $what', ({ run, from, until }) => {
    const { settledFrom, settledUntil } = clocksOf(run, thresholds, filled);
    expect([settledFrom, settledUntil]).toEqual([from, until]);
  });

  it.each([
    { what: 'the run clock', run: aRun({ startedAt: NOW - DAY, heartbeatAt: NOW }), late: NOW - DAY + HOUR },
    { what: 'the heartbeat', run: aRun({ startedAt: NOW, heartbeatAt: NOW }), late: NOW + 2 * MINUTE },
    { what: 'no clock', run: aRun(), late: Infinity },
  ])('know when the first of them is late: $what', ({ run, late }) => {
    expect(clocksOf(run, thresholds, filled).firstLate).toBe(late);
  });
});

describe('a clock', () => {
  const [clock] = allOf(read(aRun({ startedAt: NOW })));
  if (clock === undefined) throw new Error('no clock');
  const bounded: Clock = { ...clock, appliesFrom: NOW - HOUR, appliesUntil: NOW + HOUR };

  it.each([
    { at: NOW - HOUR - 1, judges: false, skewed: false },
    { at: NOW - HOUR, judges: true, skewed: true },
    { at: NOW - TOLERANCE - 1, judges: true, skewed: true },
    { at: NOW - TOLERANCE, judges: true, skewed: false },
    { at: NOW + HOUR - 1, judges: true, skewed: false },
    { at: NOW + HOUR, judges: false, skewed: false },
  ])('judges its run $judges and is skewed $skewed at $at', ({ at, judges, skewed }) => {
    expect([applies(bounded, at), isSkewed(bounded, at)]).toEqual([judges, skewed]);
  });

  it('is as old as the time since its start, and never younger than nothing', () => {
    expect([NOW - 1, NOW, NOW + 7].map((at) => ageOf(clock, at))).toEqual([0, 0, 7]);
  });

  it('has no age as a hold that ends by itself', () => {
    const ages = (run: Run) =>
      allOf(read(run))
        .slice(0, 1)
        .map((one) => ageOf(one, NOW + 7));
    expect(ages(aRun({ hold: 'retry', holdSince: NOW, notBefore: NOW + HOUR }))).toEqual([0]);
    expect(ages(aRun({ hold: 'approval', holdSince: NOW }))).toEqual([7]);
    // The clock of a flag may end too, and still has an age.
    expect(ageOf(bounded, NOW + 7)).toBe(7);
  });
});

/** Runs on hold or not, with the instant at which the hold ends. */
const HOLDS: readonly { what: string; run: Run; end: Instant | undefined }[] = [
  { what: 'without end', run: aRun({ hold: 'approval', holdSince: NOW - 9 }), end: undefined },
  { what: 'until an instant', run: aRun({ hold: 'event', waitsFor: { kind: 'timer', until: NOW } }), end: NOW },
  { what: 'until a retry', run: aRun({ hold: 'retry', notBefore: NOW }), end: NOW },
  { what: 'until its time', run: aQueuedRun({ hold: 'schedule', notBefore: NOW }), end: NOW },
  { what: 'that no time ends', run: aQueuedRun({ hold: 'approval', notBefore: NOW }), end: undefined },
];

describe.each(HOLDS)('a hold $what', ({ run, end }) => {
  it('lasts until its end', () => {
    const ends = end !== undefined;
    expect([NOW - 1, NOW, NOW + 1].map((at) => isHeld(run, at))).toEqual([true, !ends, !ends]);
  });

  it('is no longer part of the run after its end', () => {
    expect(withoutEndedHold(run, NOW - 1)).toBe(run);
    const over = { hold: undefined, holdSince: undefined, waitsFor: undefined, phaseAt: end };
    expect(withoutEndedHold(run, NOW)).toStrictEqual(end === undefined ? run : { ...run, ...over });
  });
});

describe('a run without a hold', () => {
  const run = aRun({ startedAt: NOW, waitsFor: { kind: 'timer', until: NOW + 5 } });

  it('is not on hold, and stays as it is', () => {
    expect(isHeld(run, NOW)).toBe(false);
    expect(withoutEndedHold(run, NOW)).toBe(run);
    expect(withoutEndedHold(run, NOW + HOUR)).toBe(run);
  });

  it('is in a phase that does not start where something else ends', () => {
    expect(phaseStart(run)).toBe(NOW);
  });
});

it('a phase that started after a hold ended stays as it is', () => {
  const run = aRun({ hold: 'retry', notBefore: NOW, phaseAt: NOW + 5 });
  expect(withoutEndedHold(run, NOW + HOUR).phaseAt).toBe(NOW + 5);
});
