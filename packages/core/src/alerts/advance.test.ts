import { describe, expect, it } from 'vitest';
import { advanceAlerts, FORGET_AFTER_MS, type Observation } from './advance.js';
import { alertIdentity, FLAP_WINDOW_MS, isFlapping, type Alert, type AlertStatus } from './alert.js';
import { alarming, anAlert, HOUR, MINUTE, NOW, recovered, vanished } from './test-alerts.js';

const until = NOW + HOUR;
const accepted = { by: 'ana', reason: 'OPS-17', until };
const ended = { at: NOW - MINUTE, how: 'recovered', text: 'it succeeded' } as const;

describe('advanceAlerts', () => {
  it.each<{ when: string; before: readonly Alert[]; now: readonly Observation[]; status: AlertStatus | undefined }>([
    { when: 'a run alarms for the first time', before: [], now: [alarming('a')], status: 'new' },
    { when: 'it alarms again', before: [anAlert('a')], now: [alarming('a')], status: 'still' },
    { when: 'it is healthy', before: [anAlert('a')], now: [recovered('a')], status: 'recovered' },
    { when: 'it has gone', before: [anAlert('a')], now: [vanished('a')], status: 'vanished' },
    { when: 'nothing was read about it', before: [anAlert('a')], now: [], status: undefined },
    { when: 'it alarms after it recovered', before: [anAlert('a', { ended })], now: [alarming('a')], status: 'new' },
    { when: 'it stays recovered', before: [anAlert('a', { ended })], now: [recovered('a')], status: undefined },
    { when: 'a run recovers that never alarmed', before: [], now: [recovered('a')], status: undefined },
    {
      when: 'its acknowledgement has expired',
      before: [anAlert('a', { acknowledged: accepted })],
      now: [alarming('a')],
      status: 'new',
    },
    {
      when: 'it is still acknowledged',
      before: [anAlert('a', { acknowledged: accepted })],
      now: [alarming('a', { acknowledged: accepted })],
      status: 'still',
    },
  ])('says $status when $when', ({ before, now, status }) => {
    const { statuses } = advanceAlerts(before, now, NOW);
    expect(statuses.get('a')).toBe(status);
  });

  it('remembers since when a run alarms, until it has recovered', () => {
    const first = advanceAlerts([], [alarming('a')], NOW - 2 * HOUR).alerts;
    const second = advanceAlerts(first, [alarming('a', { headline: 'No heartbeat for 1 h' })], NOW - HOUR).alerts;
    expect(second).toMatchObject([{ since: NOW - 2 * HOUR, seenAt: NOW - HOUR, headline: 'No heartbeat for 1 h' }]);
    const third = advanceAlerts(second, [recovered('a')], NOW - MINUTE).alerts;
    expect(third).toMatchObject([{ ended: { at: NOW - MINUTE, how: 'recovered', text: 'it succeeded' } }]);
    const fourth = advanceAlerts(third, [alarming('a')], NOW).alerts;
    expect(fourth).toMatchObject([{ since: NOW, starts: [NOW - 2 * HOUR, NOW] }]);
    expect(fourth[0]?.ended).toBeUndefined();
  });

  it('keeps an alert as it is when nothing was read about its run', () => {
    const alert = anAlert('a', { seenAt: NOW - HOUR });
    expect(advanceAlerts([alert], [alarming('b')], NOW)).toMatchObject({ kept: [alert], forgotten: [] });
    expect(advanceAlerts([alert], [], NOW).alerts).toEqual([alert]);
  });

  it.each([
    { unseenMs: FORGET_AFTER_MS - 1, forgotten: 0 },
    { unseenMs: FORGET_AFTER_MS, forgotten: 1 },
  ])('forgets an open alert about which nothing was read for $unseenMs ms: $forgotten', ({ unseenMs, forgotten }) => {
    const result = advanceAlerts([anAlert('a', { seenAt: NOW - unseenMs })], [], NOW);
    expect(result.forgotten).toHaveLength(forgotten);
    expect(result.alerts).toHaveLength(1 - forgotten);
  });

  it('drops an alert that has ended once nothing has to be sent and it cannot flap', () => {
    const old = { ended, starts: [NOW - FLAP_WINDOW_MS] };
    const sent = { mail: { at: NOW, level: 'late', thread: 't' } } as const;
    expect(advanceAlerts([anAlert('a', old)], [], NOW).alerts).toEqual([]);
    expect(advanceAlerts([anAlert('a', { ...old, deliveries: sent })], [], NOW).alerts).toHaveLength(1);
    expect(advanceAlerts([anAlert('a', { ended, starts: [NOW - FLAP_WINDOW_MS + 1] })], [], NOW).alerts).toHaveLength(
      1,
    );
  });

  it('notes when an acknowledgement ends, and a later one does not hide that', () => {
    const [renewed] = advanceAlerts([anAlert('a', { acknowledged: accepted })], [alarming('a')], NOW).alerts;
    expect(renewed).toMatchObject({ renewedAt: NOW });
    expect(renewed?.acknowledged).toBeUndefined();
  });

  it('takes the first of two observations of one run', () => {
    const { alerts, statuses } = advanceAlerts([anAlert('a')], [alarming('a'), recovered('a')], NOW);
    expect(statuses).toEqual(new Map([['a', 'still']]));
    expect(alerts).toHaveLength(1);
  });
});

describe('isFlapping', () => {
  it.each([
    { starts: [0, 1], expected: false },
    { starts: [0, 1, 2], expected: true },
    { starts: [FLAP_WINDOW_MS, 1, 2], expected: false },
    { starts: [FLAP_WINDOW_MS - 1, 1, 2], expected: true },
    { starts: [-1, 1, 2], expected: false },
  ])('is $expected for starts $starts ms ago', ({ starts, expected }) => {
    expect(isFlapping({ starts: starts.map((ago) => NOW - ago) }, NOW)).toBe(expected);
  });
});

describe('alertIdentity', () => {
  it('differs by configured source, source, id and attempt, and does not mix them up', () => {
    const run = { source: 'a', id: 'b', attempt: 1 };
    const all = [
      alertIdentity('x', run),
      alertIdentity('x1:', { ...run, source: '' }),
      alertIdentity('y', run),
      alertIdentity('x', { ...run, source: 'ab', id: '' }),
      alertIdentity('x', { ...run, id: 'c' }),
      alertIdentity('x', { ...run, attempt: 2 }),
      alertIdentity('x', { ...run, attempt: 11, id: 'b' }),
      alertIdentity('x', { ...run, id: '1:b' }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
