import { dueFor, markSent, type Alert } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import { NOON } from '../test-io.js';
import { MOST_INCIDENTS, planSteps, type Step } from './plan.js';
import { anAlert } from './test-message.js';

const HOUR = 3_600_000;
const OPTIONS = { now: NOON, remindMs: 4 * HOUR, recoveries: true, unreadableMs: 0 };
const ended = { at: NOON, how: 'recovered', text: 'it ended: succeeded' } as const;
const alertsOf = (amount: number) =>
  Array.from({ length: amount }, (_, index) => anAlert(String(index).padStart(5, '0')));

function plan(alerts: readonly Alert[], style: 'digest' | 'incidents'): readonly Step[] {
  return planSteps('ops', style, dueFor('ops', alerts, OPTIONS), alerts, NOON);
}

/** The alerts after everything was confirmed. */
function sendAll(alerts: readonly Alert[], style: 'digest' | 'incidents'): readonly Alert[] {
  return plan(alerts, style).reduce(
    (current, { thread, message }) => markSent(current, { target: 'ops', thread, due: message.due }, NOON),
    alerts,
  );
}

const summary = (steps: readonly Step[]) => steps.map(({ kind, message }) => `${kind} ${message.due.length}`);

describe('planSteps', () => {
  it('sends nothing when nothing is due', () => {
    expect(plan([], 'digest')).toEqual([]);
    expect(plan(sendAll(alertsOf(3), 'incidents'), 'incidents')).toEqual([]);
  });

  it('makes one message of 20,000 stuck runs', () => {
    expect(summary(plan(alertsOf(20_000), 'digest'))).toEqual(['digest 20000']);
    expect(summary(plan(alertsOf(20_000), 'incidents'))).toEqual(['open 20000']);
  });

  it.each([
    { amount: 1, steps: ['open 1'] },
    { amount: MOST_INCIDENTS, steps: Array.from({ length: MOST_INCIDENTS }, () => 'open 1') },
    { amount: MOST_INCIDENTS + 1, steps: [`open ${MOST_INCIDENTS + 1}`] },
  ])('opens an incident for each run, or one for all when $amount are new', ({ amount, steps }) => {
    expect(summary(plan(alertsOf(amount), 'incidents'))).toEqual(steps);
  });

  it('closes the incident of a run, and one for many only when the last of them has recovered', () => {
    const single = sendAll([anAlert('a'), anAlert('b')], 'incidents');
    const [first] = single;
    expect(plan([{ ...anAlert('a'), ...first, ended }, ...single.slice(1)], 'incidents')).toMatchObject([
      { kind: 'close', thread: 'tardy-a' },
    ]);

    const many = sendAll(alertsOf(12), 'incidents');
    const thread = many[0]?.deliveries['ops']?.thread;
    const some = many.map((alert, index) => (index < 5 ? { ...alert, ended } : alert));
    expect(plan(some, 'incidents')).toMatchObject([{ kind: 'nothing', thread }]);
    const rest = sendAll(some, 'incidents').map((alert) => ({ ...alert, ended }));
    expect(plan(rest, 'incidents')).toMatchObject([{ kind: 'close', thread }]);
    expect(plan(sendAll(rest, 'incidents'), 'incidents')).toEqual([]);
  });

  it('keeps the key of an incident for its reminders', () => {
    const sent = sendAll([anAlert('a')], 'incidents').map((alert) => ({
      ...alert,
      deliveries: { ops: { at: NOON - 5 * HOUR, level: 'likely_stale', thread: 'tardy-a' } as const },
    }));
    expect(plan(sent, 'incidents')).toMatchObject([
      { kind: 'open', thread: 'tardy-a', message: { due: [{ reason: 'reminder' }] } },
    ]);
  });

  it('gives a message that was not recorded the same id again, and the next one another', () => {
    const [first] = plan(alertsOf(3), 'digest');
    const [again] = plan([...alertsOf(3)].reverse(), 'digest');
    expect(again?.message.id).toBe(first?.message.id);
    const reminded = (ago: number) =>
      plan(
        [anAlert('a', { deliveries: { ops: { at: NOON - ago, level: 'likely_stale', thread: 'digest' } } })],
        'digest',
      )[0]?.message.id;
    expect(reminded(5 * HOUR)).toBe(reminded(5 * HOUR));
    expect(reminded(5 * HOUR)).not.toBe(reminded(6 * HOUR));
    expect(
      planSteps('other', 'digest', dueFor('other', alertsOf(3), OPTIONS), alertsOf(3), NOON)[0]?.message.id,
    ).not.toBe(first?.message.id);
  });

  it('lists what is new first, the longest alarming before the others', () => {
    const alerts = [
      anAlert('recovered', { ended, deliveries: { ops: { at: NOON, level: 'late', thread: 'digest' } } }),
      anAlert('young', { since: NOON - 1 }),
      anAlert('old', { since: NOON - HOUR }),
    ];
    expect(plan(alerts, 'digest')[0]?.message.due.map(({ alert }) => alert.key)).toEqual(['old', 'young', 'recovered']);
  });
});
