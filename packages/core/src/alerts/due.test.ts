import { describe, expect, it } from 'vitest';
import type { Alert, AlertLevel } from './alert.js';
import { dueFor, forgetEnded, markSent, SETTLED_AFTER_MS, type DueOptions, type DueReason } from './due.js';
import { anAlert, HOUR, MINUTE, NOW } from './test-alerts.js';

const OPTIONS: DueOptions = { now: NOW, remindMs: 4 * HOUR, recoveries: true, unreadableMs: 15 * MINUTE };
const sent = (ago: number, level: AlertLevel = 'likely_stale') => ({
  deliveries: { mail: { at: NOW - ago, level, thread: 't' } },
});
const ended = { at: NOW - MINUTE, how: 'recovered', text: 'it succeeded' } as const;
const flapping = [NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - HOUR];

describe('dueFor', () => {
  it.each<{ when: string; alert: Alert; options?: Partial<DueOptions>; reason: DueReason | undefined }>([
    { when: 'nothing was sent', alert: anAlert('a'), reason: 'new' },
    {
      when: 'a source has been unreadable for 14:59',
      alert: anAlert('a', { about: 'source', since: NOW - 15 * MINUTE + 1 }),
      reason: undefined,
    },
    {
      when: 'a source has been unreadable for 15 min',
      alert: anAlert('a', { about: 'source', since: NOW - 15 * MINUTE }),
      reason: 'new',
    },
    {
      when: 'the target is never sent that a source is unreadable',
      alert: anAlert('a', { about: 'source' }),
      options: { unreadableMs: Infinity },
      reason: undefined,
    },
    {
      when: 'a source can be read again before that was sent',
      alert: anAlert('a', { about: 'source', ended }),
      reason: undefined,
    },
    {
      when: 'a source can be read again',
      alert: anAlert('a', { ...sent(HOUR), about: 'source', ended }),
      reason: 'recovered',
    },
    {
      when: 'only another target got it',
      alert: anAlert('a', { deliveries: { chat: sent(0).deliveries.mail } }),
      reason: 'new',
    },
    { when: 'it was sent', alert: anAlert('a', sent(HOUR)), reason: undefined },
    { when: 'it was sent as late', alert: anAlert('a', sent(HOUR, 'late')), reason: 'worse' },
    {
      when: 'it is late and was sent as stuck',
      alert: anAlert('a', { ...sent(HOUR), level: 'late' }),
      reason: undefined,
    },
    { when: 'a reminder is due in 1 ms', alert: anAlert('a', sent(4 * HOUR - 1)), reason: undefined },
    { when: 'a reminder is due', alert: anAlert('a', sent(4 * HOUR)), reason: 'reminder' },
    {
      when: 'no reminders are wanted',
      alert: anAlert('a', sent(9 * HOUR)),
      options: { remindMs: undefined },
      reason: undefined,
    },
    {
      when: 'nothing was read about it',
      alert: anAlert('a', { ...sent(9 * HOUR), seenAt: NOW - 1 }),
      reason: undefined,
    },
    { when: 'it was not sent and nothing was read', alert: anAlert('a', { seenAt: NOW - 1 }), reason: 'new' },
    {
      when: 'somebody accepts it',
      alert: anAlert('a', { acknowledged: { by: 'a', reason: 'b', until: NOW + 1 } }),
      reason: undefined,
    },
    {
      when: 'its acknowledgement ended after it was sent',
      alert: anAlert('a', { ...sent(HOUR), renewedAt: NOW }),
      reason: 'new',
    },
    { when: 'it was sent after that', alert: anAlert('a', { ...sent(0), renewedAt: NOW }), reason: undefined },
    { when: 'it recovered', alert: anAlert('a', { ...sent(HOUR), ended }), reason: 'recovered' },
    {
      when: 'it vanished',
      alert: anAlert('a', { ...sent(HOUR), ended: { ...ended, how: 'vanished' } }),
      reason: 'vanished',
    },
    { when: 'it recovered unsent', alert: anAlert('a', { ended }), reason: undefined },
    {
      when: 'recoveries are not wanted',
      alert: anAlert('a', { ...sent(HOUR), ended }),
      options: { recoveries: false },
      reason: undefined,
    },
    {
      when: 'it flaps and just recovered',
      alert: anAlert('a', { ...sent(HOUR), ended, starts: flapping }),
      reason: undefined,
    },
    {
      when: 'it flaps and has been healthy for long',
      alert: anAlert('a', { ...sent(HOUR), ended: { ...ended, at: NOW - SETTLED_AFTER_MS }, starts: flapping }),
      reason: 'recovered',
    },
    {
      when: 'it flaps and alarms while still open',
      alert: anAlert('a', { ...sent(HOUR), starts: flapping }),
      reason: undefined,
    },
  ])('is $reason when $when', ({ alert, options, reason }) => {
    expect(dueFor('mail', [alert], { ...OPTIONS, ...options }).map((due) => due.reason)).toEqual(
      reason === undefined ? [] : [reason],
    );
  });

  it('does not take a target for one of the names that every object has', () => {
    expect(dueFor('constructor', [anAlert('a')], OPTIONS)).toHaveLength(1);
  });
});

describe('markSent', () => {
  it('records what was sent about the runs of the message, and about no other', () => {
    const alerts = [anAlert('a'), anAlert('b', { level: 'late' }), anAlert('c')];
    const due = dueFor('mail', alerts.slice(0, 2), OPTIONS);
    const after = markSent(alerts, { target: 'mail', thread: 't', due }, NOW);
    expect(after.map(({ deliveries }) => deliveries)).toEqual([
      { mail: { at: NOW, level: 'likely_stale', thread: 't' } },
      { mail: { at: NOW, level: 'late', thread: 't' } },
      {},
    ]);
    expect(dueFor('mail', after, OPTIONS).map(({ alert }) => alert.key)).toEqual(['c']);
  });

  it('closes what has ended, for that target only', () => {
    const both = { mail: sent(HOUR).deliveries.mail, chat: sent(HOUR).deliveries.mail };
    const alerts = [anAlert('a', { deliveries: both, ended })];
    const after = markSent(alerts, { target: 'mail', thread: 't', due: dueFor('mail', alerts, OPTIONS) }, NOW);
    expect(Object.keys(after[0]?.deliveries ?? {})).toEqual(['chat']);
  });
});

describe('forgetEnded', () => {
  const silent = { now: NOW, recoveries: false };
  it.each([
    { when: 'it has ended', alert: anAlert('a', { ...sent(HOUR), ended }), options: silent, left: 0 },
    { when: 'it is open', alert: anAlert('a', sent(HOUR)), options: silent, left: 1 },
    { when: 'it flaps', alert: anAlert('a', { ...sent(HOUR), ended, starts: flapping }), options: silent, left: 1 },
    {
      when: 'recoveries are sent',
      alert: anAlert('a', { ...sent(HOUR), ended }),
      options: { now: NOW, recoveries: true },
      left: 1,
    },
  ])('leaves $left deliveries when $when', ({ alert, options, left }) => {
    expect(Object.keys(forgetEnded([alert], 'mail', options)[0]?.deliveries ?? {})).toHaveLength(left);
  });
});
