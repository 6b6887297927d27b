import { describe, expect, it } from 'vitest';
import { de } from './messages/de.js';
import { absoluteTime, clockTime, presentTimes, relativeTime } from './times.js';
import { anEndedRun, aRun, DAY, HOUR, MINUTE, NOW, SECOND } from './test-runs.js';

describe('absoluteTime', () => {
  it.each([
    { where: 'UTC in English', at: NOW, options: {}, text: '23 Nov 2026, 09:00:00 UTC' },
    { where: 'UTC in German', at: NOW, options: { messages: de }, text: '23. Nov. 2026, 09:00:00 UTC' },
    {
      where: 'Berlin in winter',
      at: NOW,
      options: { messages: de, timeZone: 'Europe/Berlin' },
      text: '23. Nov. 2026, 10:00:00 MEZ',
    },
    {
      where: 'Berlin in summer',
      at: Date.UTC(2026, 6, 1, 9),
      options: { messages: de, timeZone: 'Europe/Berlin' },
      text: '1. Juli 2026, 11:00:00 MESZ',
    },
    {
      where: 'Berlin a second before the clocks go back',
      at: Date.UTC(2026, 9, 25, 0, 59, 59),
      options: { timeZone: 'Europe/Berlin' },
      text: '25 Oct 2026, 02:59:59 CEST',
    },
    {
      where: 'Berlin when they have, an hour later by the sun and earlier by the clock',
      at: Date.UTC(2026, 9, 25, 1),
      options: { timeZone: 'Europe/Berlin' },
      text: '25 Oct 2026, 02:00:00 CET',
    },
    {
      where: 'a zone of half an hour',
      at: NOW,
      options: { timeZone: 'Asia/Kolkata' },
      text: '23 Nov 2026, 14:30:00 GMT+5:30',
    },
    { where: 'midnight, which is not 24', at: Date.UTC(2026, 10, 23), options: {}, text: '23 Nov 2026, 00:00:00 UTC' },
  ])('tells the time in $where', ({ at, options, text }) => {
    expect(absoluteTime(at, options).replaceAll('\u{202F}', ' ')).toBe(text);
  });
});

describe('clockTime', () => {
  it.each([
    { what: 'the time alone today', at: NOW - HOUR, options: {}, text: '08:00' },
    { what: 'the day too when it was yesterday', at: NOW - DAY, options: {}, text: '22 Nov, 09:00' },
    {
      what: 'today by the zone of the reader',
      at: NOW - 10 * HOUR,
      options: { timeZone: 'Europe/Berlin' },
      text: '00:00',
    },
    {
      what: 'yesterday by the zone of the reader',
      at: NOW - 10 * HOUR - SECOND,
      options: { timeZone: 'Europe/Berlin' },
      text: '22 Nov, 23:59',
    },
    { what: 'the year too when it was another', at: NOW - 365 * DAY, options: {}, text: '23 Nov 2025, 09:00' },
    { what: 'the day in German', at: NOW - DAY, options: { messages: de }, text: '22. Nov., 09:00' },
  ])('tells $what', ({ at, options, text }) => {
    expect(clockTime(at, NOW, options)).toBe(text);
  });

  it('tells the second where it is asked to', () => {
    expect(clockTime(NOW + 4 * SECOND, NOW, {}, true)).toBe('09:00:04');
  });
});

describe('relativeTime', () => {
  it.each([
    { when: 'now', at: NOW, english: '0 s ago', german: 'vor 0 s' },
    { when: 'past', at: NOW - 12 * MINUTE, english: '12 min ago', german: 'vor 12 min' },
    { when: 'ahead', at: NOW + 5 * MINUTE, english: 'in 5 min', german: 'in 5 min' },
  ])('is told for what is $when', ({ at, english, german }) => {
    expect([relativeTime(at, NOW), relativeTime(at, NOW, de)]).toEqual([english, german]);
  });
});

describe('presentTimes', () => {
  it('tells the instants that a run has, in the order of its life', () => {
    const run = anEndedRun({
      queuedAt: NOW - 9 * MINUTE,
      notBefore: NOW - 8 * MINUTE,
      startedAt: NOW - 7 * MINUTE,
      heartbeatAt: NOW - 6 * MINUTE,
      holdSince: NOW - 5 * MINUTE,
      deadlineAt: NOW - 4 * MINUTE,
      endedAt: NOW - 3 * MINUTE,
      reconciliation: { at: NOW - 2 * MINUTE, reason: '', from: '' },
    });
    expect(presentTimes(run, NOW).map(({ label, relative }) => `${label} ${relative}`)).toEqual([
      'Queued 9 min ago',
      'Not before 8 min ago',
      'Started 7 min ago',
      'Last heartbeat 6 min ago',
      'On hold since 5 min ago',
      'Deadline 4 min ago',
      'Ended 3 min ago',
      'Closed 2 min ago',
    ]);
  });

  it('tells each with its zone', () => {
    expect(presentTimes(aRun({ deadlineAt: NOW + HOUR }), NOW, { messages: de, timeZone: 'Europe/Berlin' })).toEqual([
      {
        name: 'deadline',
        label: 'Frist',
        at: NOW + HOUR,
        relative: 'in 1 h',
        absolute: '23. Nov. 2026, 11:00:00 MEZ',
      },
    ]);
  });

  it('tells nothing of a run without any', () => {
    expect(presentTimes(aRun(), NOW)).toEqual([]);
  });
});
