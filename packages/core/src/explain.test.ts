import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, type FreshnessState } from './classify.js';
import { explain } from './explain.js';
import { createPolicy } from './policy.js';
import { isActive, type Run } from './run.js';
import { anyPolicy, anyRun } from './test-arbitraries.js';
import { anEndedRun, aQueuedRun, aRun, HOUR, MINUTE, NOW, POLICY, policyWith, SECOND } from './test-runs.js';

describe('explain', () => {
  it('shows each clock with its thresholds, their rules, and when each is reached', () => {
    const policy = createPolicy({ version: 1, rules: [{ match: { type: 'sync' }, run: { late: '2h' } }] });
    const run = aRun({ startedAt: NOW - 3 * HOUR, heartbeatAt: NOW - MINUTE, deadlineAt: NOW + HOUR });
    expect(explain(run, policy, NOW).clocks).toEqual([
      {
        clock: 'run',
        startAt: NOW - 3 * HOUR,
        ageMs: 3 * HOUR,
        skewed: false,
        late: { ms: 2 * HOUR, rule: 'rules[0].run.late', at: NOW - HOUR, reached: true },
        stale: { ms: 6 * HOUR, rule: 'defaults.run.stale', at: NOW + 3 * HOUR, reached: false },
        vouchedUntil: NOW + MINUTE,
        decides: true,
      },
      {
        clock: 'silence',
        startAt: NOW - MINUTE,
        ageMs: MINUTE,
        skewed: false,
        late: { ms: 2 * MINUTE, rule: 'defaults.silence.late', at: NOW + MINUTE, reached: false },
        stale: { ms: 10 * MINUTE, rule: 'defaults.silence.stale', at: NOW + 9 * MINUTE, reached: false },
        vouchedUntil: undefined,
        decides: false,
      },
      {
        clock: 'deadline',
        startAt: NOW + HOUR,
        ageMs: 0,
        skewed: false,
        late: { ms: 0, rule: 'defaults.deadline.grace', at: NOW + HOUR, reached: false },
        stale: { ms: 10 * MINUTE, rule: 'defaults.deadline.grace', at: NOW + HOUR + 10 * MINUTE, reached: false },
        vouchedUntil: undefined,
        decides: false,
      },
    ]);
  });

  it.each<{ what: string; run: Run; clocks: string[] }>([
    { what: 'a queued run', run: aQueuedRun({ queuedAt: NOW, heartbeatAt: NOW }), clocks: ['queue'] },
    { what: 'a held run', run: aRun({ hold: 'event', startedAt: NOW, heartbeatAt: NOW }), clocks: ['hold'] },
    { what: 'a run with nothing but a heartbeat', run: aRun({ heartbeatAt: NOW }), clocks: ['silence'] },
    { what: 'a run without any instant', run: aRun(), clocks: [] },
    { what: 'an ended run', run: anEndedRun({ startedAt: NOW, deadlineAt: NOW }), clocks: [] },
  ])('shows the clocks of $what', ({ run, clocks }) => {
    expect(explain(run, POLICY, NOW).clocks.map(({ clock }) => clock)).toEqual(clocks);
  });

  it('says which clock lies too far in the future', () => {
    const [clock] = explain(aRun({ startedAt: NOW + HOUR }), POLICY, NOW).clocks;
    expect(clock).toMatchObject({ clock: 'run', skewed: true, decides: false, ageMs: 0 });
  });

  it('shows no instant for a threshold that is never', () => {
    const [clock] = explain(aRun({ hold: 'event', holdSince: NOW }), POLICY, NOW).clocks;
    expect(clock?.stale).toEqual({ ms: Infinity, rule: 'defaults.hold.stale', at: undefined, reached: false });
  });

  it('shows a threshold of 0 as reached once the clock can be used', () => {
    const [clock] = explain(aRun({ startedAt: NOW }), policyWith({ run: { late: '0s' } }), NOW).clocks;
    expect(clock?.late).toMatchObject({ at: NOW - 30 * SECOND, reached: true });
  });

  it('lets the verdict be derived from what it shows', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, (run, policy) => {
        const explanation = explain(run, policy, NOW);
        const { freshness, clocks, thresholds } = explanation;
        expect(freshness).toEqual(classify(run, policy, NOW));
        expect(thresholds).toBe(policy.thresholdsFor(run));
        expect(derived(run, explanation)).toBe(freshness.state);
        expect(clocks.filter(({ decides }) => decides).map(({ clock }) => clock)).toEqual(
          freshness.clock === undefined ? [] : [freshness.clock],
        );
      }),
      { numRuns: 1000 },
    );
  });
});

/** The rules of the domain, read off the explained clocks. */
function derived(run: Run, { clocks }: ReturnType<typeof explain>): FreshnessState {
  if (!isActive(run)) return run.reconciliation === undefined ? 'terminal' : 'reconciled';
  const usable = clocks.filter(({ skewed }) => !skewed);
  const stale = usable.some(
    (clock) => clock.stale.reached && (clock.vouchedUntil === undefined || NOW >= clock.vouchedUntil),
  );
  if (stale) return 'likely_stale';
  if (usable.some(({ late }) => late.reached)) return 'late';
  return run.outcome === 'unknown' || usable.length === 0 ? 'unknown' : 'fresh';
}
