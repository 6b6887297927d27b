import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advanceAlerts, type Observation } from './advance.js';
import type { Alert } from './alert.js';
import { dueFor, markSent, type DueReason } from './due.js';
import { alertsFromWire, stateToWire } from './state.js';
import { alarming, HOUR, MINUTE, NOW, recovered, vanished } from './test-alerts.js';

/** What happens to the one run in a check, and whether the target responds. */
type Step = {
  readonly seen: 'stuck' | 'late' | 'healthy' | 'gone' | 'unread';
  readonly minutes: number;
  readonly up: boolean;
};

const steps = fc.array(
  fc.record<Step>({
    seen: fc.constantFrom('stuck', 'late', 'healthy', 'gone', 'unread'),
    minutes: fc.integer({ min: 1, max: 300 }),
    up: fc.boolean(),
  }),
  { maxLength: 40 },
);

function observe(seen: Step['seen']): readonly Observation[] {
  switch (seen) {
    case 'stuck':
      return [alarming('a')];
    case 'late':
      return [alarming('a', { level: 'late' })];
    case 'healthy':
      return [recovered('a')];
    case 'gone':
      return [vanished('a')];
    case 'unread':
      return [];
  }
}

type Message = { readonly at: number; readonly reason: DueReason; readonly seen: Step['seen'] };

const OPTIONS = { remindMs: 4 * HOUR, recoveries: true, unreadableMs: Infinity };

/** What a target received, check by check. */
function received(all: readonly Step[]): readonly Message[] {
  let alerts: readonly Alert[] = [];
  let now = NOW;
  const messages: Message[] = [];
  for (const { seen, minutes, up } of all) {
    now += minutes * MINUTE;
    alerts = advanceAlerts(alerts, observe(seen), now).alerts;
    const due = dueFor('mail', alerts, { now, ...OPTIONS });
    if (up) {
      messages.push(...due.map(({ reason }) => ({ at: now, reason, seen })));
      alerts = markSent(alerts, { target: 'mail', thread: 't', due }, now);
      // What was sent in a check is not due again in it.
      if (dueFor('mail', alerts, { now, ...OPTIONS }).length > 0) throw new Error('due after it was sent');
    }
    alerts = alertsFromWire(JSON.parse(JSON.stringify(stateToWire(alerts, now))) as ReturnType<typeof stateToWire>);
  }
  return messages;
}

const CLOSES: readonly DueReason[] = ['recovered', 'vanished'];

/** Whether messages open an incident before they say anything else about it, and close it at most once. */
function isOrderly(messages: readonly Message[]): boolean {
  let open = false;
  return messages.every(({ reason }) => {
    const opens = reason === 'new';
    if (opens === open) return false;
    open = opens || !CLOSES.includes(reason);
    return true;
  });
}

it('opens an incident before it closes it, and never opens or closes it twice, whatever happens', () => {
  fc.assert(
    fc.property(steps, (all) => {
      expect(isOrderly(received(all))).toBe(true);
    }),
  );
});

it('never says that a run recovered in a check that read it as alarming, nor reminds in one that did not read it', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const wrong = received(all).filter(({ reason, seen }) => {
        const isAlarming = seen === 'stuck' || seen === 'late';
        return CLOSES.includes(reason) ? isAlarming : reason === 'reminder' && !isAlarming;
      });
      expect(wrong).toEqual([]);
    }),
  );
});

it('leaves at least the time of a reminder between two messages about a run that stays stuck', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 40 }), (minutes) => {
      const messages = received(minutes.map((passed) => ({ seen: 'stuck', minutes: passed, up: true })));
      const gaps = messages.slice(1).map(({ at }, index) => at - (messages[index]?.at ?? 0));
      expect(gaps.filter((gap) => gap < 4 * HOUR)).toEqual([]);
    }),
  );
});

it('sends an alert as soon as the target responds again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 }), (outages) => {
      const down = Array.from({ length: outages }, (): Step => ({ seen: 'stuck', minutes: 10, up: false }));
      expect(received([...down, { seen: 'stuck', minutes: 10, up: true }])).toMatchObject([{ reason: 'new' }]);
    }),
  );
});
