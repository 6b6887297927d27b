import { expect, it } from 'vitest';
import { NOON } from '../test-io.js';
import { sourceClock, type ClockEvidence } from './source-clock.js';
import { aRun } from './test-runs.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const run = (silentMs: number) =>
  aRun({
    startedAt: NOON - 30 * HOUR,
    heartbeatAt: NOON - silentMs,
  });

const clockOf = (evidence: Partial<ClockEvidence>) =>
  sourceClock({
    localNow: NOON,
    pageNow: undefined,
    headerOffsetMs: undefined,
    runs: [],
    limitMs: 5 * MINUTE,
    ...evidence,
  });

it.each<{ when: string; evidence: Partial<ClockEvidence>; offsetMs: number; complaint: RegExp | undefined }>([
  { when: 'nothing shows an offset', evidence: {}, offsetMs: 0, complaint: undefined },
  {
    when: 'the header shows a small one',
    evidence: { headerOffsetMs: -4 * MINUTE },
    offsetMs: -4 * MINUTE,
    complaint: undefined,
  },
  {
    when: 'it is exactly the limit',
    evidence: { headerOffsetMs: 5 * MINUTE },
    offsetMs: 5 * MINUTE,
    complaint: undefined,
  },
  {
    when: 'it is beyond the limit',
    evidence: { headerOffsetMs: 5 * MINUTE + 1 },
    offsetMs: 5 * MINUTE + 1,
    complaint: /^Its clock is 5 min ahead of/,
  },
  {
    when: 'it is beyond the limit behind',
    evidence: { headerOffsetMs: -25 * HOUR },
    offsetMs: -25 * HOUR,
    complaint: /^Its clock is 1 d 1 h behind/,
  },
  {
    when: 'the page states a better time',
    evidence: { headerOffsetMs: -25 * HOUR, pageNow: NOON + SECOND },
    offsetMs: SECOND,
    complaint: undefined,
  },
  {
    when: 'the page states a worse time',
    evidence: { headerOffsetMs: 0, pageNow: NOON - HOUR },
    offsetMs: -HOUR,
    complaint: /1 h behind/,
  },
  {
    when: 'the limit is raised',
    evidence: { headerOffsetMs: HOUR, limitMs: 2 * HOUR },
    offsetMs: HOUR,
    complaint: undefined,
  },
  {
    when: 'a run is later than its clock',
    evidence: { headerOffsetMs: -25 * HOUR, runs: [run(22 * HOUR)] },
    offsetMs: 0,
    complaint: /later time.*this machine/,
  },
  {
    when: 'a run is later than its clock, within the limit',
    evidence: { headerOffsetMs: -4 * MINUTE, runs: [run(MINUTE)] },
    offsetMs: 0,
    complaint: /later time/,
  },
  {
    when: 'a run is later by less than the blur',
    evidence: { headerOffsetMs: -4 * MINUTE, runs: [run(3 * MINUTE)] },
    offsetMs: -4 * MINUTE,
    complaint: undefined,
  },
  {
    when: 'a run is in the future of both clocks',
    evidence: { headerOffsetMs: -4 * MINUTE, runs: [run(-2 * HOUR)] },
    offsetMs: -4 * MINUTE,
    complaint: undefined,
  },
])('chooses the clock when $when', ({ evidence, offsetMs, complaint }) => {
  const clock = clockOf(evidence);
  expect(clock.offsetMs).toBe(offsetMs);
  expect(clock.complaint ?? 'none').toMatch(complaint ?? /^none$/);
});
