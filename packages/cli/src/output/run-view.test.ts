import { explain, type Run } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import { runViewLines } from './run-view.js';
import type { Terminal } from './terminal.js';
import { ATTACKS, harmIn } from './test-attacks.js';
import { aRun, aStuckRun, hostileRun, judged, MINUTE, NOW, PIPE, POLICY, TTY } from './test-report.js';
import { textWidth } from './text-width.js';

const STUCK = aStuckRun({
  progress: { processed: 12, total: 40, failed: 2, unit: 'items' },
  workspace: { id: 'w1' },
  attempt: 2,
  initiator: { kind: 'schedule', name: 'nightly' },
  labels: { env: 'prod', team: 'data' },
  native: { status: 'in_progress' },
  url: 'https://host.example/runs/481516',
});

function view(run: Run, terminal: Terminal, explained = false): string {
  const { freshness } = judged(run);
  const explanation = explained ? explain(run, POLICY, NOW) : undefined;
  return `\n${runViewLines({ run, freshness, now: NOW, explanation }, terminal).join('\n')}\n`;
}

describe('runViewLines', () => {
  it('decides first, then tells times and facts', () => {
    expect(view(STUCK, { ...TTY, columns: 80 })).toBe(`
■ Likely stuck  Nightly baseline
  No heartbeat for 42 min (since 23 Nov 2026, 08:28:00 UTC, 32 min ago)
  Ran for 2 h 18 min, then no heartbeat for 42 min. Likely stuck after 10 min
  without a heartbeat (rule: defaults.silence.stale).
  Check whether its worker is still alive. If not, cancel the run in its source
  so that queued work can continue.

  Started         3 h ago (23 Nov 2026, 06:00:00 UTC)
  Last heartbeat  42 min ago (23 Nov 2026, 08:18:00 UTC)

  Progress       attempt 2: 12 of 40 items, 2 failed
  Type           baseline_compare
  Tenant         Acme (7)
  Workspace      w1
  Source         host
  Id             481516
  Attempt        2
  Initiator      schedule: nightly
  Labels         env=prod, team=data
  Native status  in_progress
  Link           https://host.example/runs/481516
`);
  });

  it('tells the stale lineage of a run that the system closed', () => {
    const run = aRun({
      status: 'completed',
      outcome: 'failed',
      endedAt: NOW - 5 * MINUTE,
      reconciliation: { at: NOW - 5 * MINUTE, reason: 'heartbeat lost', from: 'running' },
    });
    expect(view(run, { ...TTY, columns: 80, unicode: false }, true)).toBe(`
c Closed after going stale  Nightly baseline
  Closed 5 min ago after going stale (since 23 Nov 2026, 08:55:00 UTC, 5 min
  ago)
  The system closed it after it went stale while running: heartbeat lost.
  Find out why it went stale before you run it again.

  Started  20 min ago (23 Nov 2026, 08:40:00 UTC)
  Ended    5 min ago (23 Nov 2026, 08:55:00 UTC)
  Closed   5 min ago (23 Nov 2026, 08:55:00 UTC)

  Stale lineage  closed by the system 23 Nov 2026, 08:55:00 UTC: while running:
                 heartbeat lost
  Type           baseline_compare
  Tenant         Acme (7)
  Source         host
  Id             481516

The run has ended, so no clock judges it.
`);
  });

  it('explains each clock', () => {
    const run = aStuckRun({ deadlineAt: NOW + 60 * MINUTE });
    expect(
      view(run, { ...TTY, columns: 100 }, true)
        .split('\n')
        .slice(-11)
        .join('\n'),
    ).toBe(`
CLOCK        AGE  LEVEL  AFTER  REACHED        RULE                     START
run          3 h  late      1h  2 h ago        defaults.run.late        23 Nov 2026, 06:00:00 UTC
                  stale     6h  in 3 h         defaults.run.stale
silence   42 min  late      2m  40 min ago     defaults.silence.late    23 Nov 2026, 08:18:00 UTC
                  stale    10m  32 min ago     defaults.silence.stale
deadline     0 s  late      0s  in 1 h         defaults.deadline.grace  23 Nov 2026, 10:00:00 UTC
                  stale    10m  in 1 h 10 min  defaults.deadline.grace
The silence clock decides (defaults.silence.stale).
Without news from the run, the state does not change.
`);
  });

  it('says who vouches, and when the state will change', () => {
    const run = aRun({ startedAt: NOW - 400 * MINUTE, heartbeatAt: NOW - MINUTE });
    expect(view(run, PIPE, true).split('\n').slice(-9).join('\n')).toBe(`
run\t6 h 40 min\tlate\t1h\t5 h 40 min ago\tdefaults.run.late\t23 Nov 2026, 02:20:00 UTC
run\t6 h 40 min\tstale\t6h\t40 min ago\tdefaults.run.stale\t23 Nov 2026, 02:20:00 UTC
silence\t1 min\tlate\t2m\tin 1 min\tdefaults.silence.late\t23 Nov 2026, 08:59:00 UTC
silence\t1 min\tstale\t10m\tin 9 min\tdefaults.silence.stale\t23 Nov 2026, 08:59:00 UTC
The run clock decides (defaults.run.late).
A recent heartbeat vouches for the run until 23 Nov 2026, 09:01:00 UTC: until then the run clock makes it late at most.
Without news from the run, the state changes in 1 min (23 Nov 2026, 09:01:00 UTC).
`);
  });

  it('names a fact a line in a pipe', () => {
    expect(view(STUCK, PIPE)).toBe(`
State\tLikely stuck
Title\tNightly baseline
Headline\tNo heartbeat for 42 min
Since\t23 Nov 2026, 08:28:00 UTC, 32 min ago
Reason\tRan for 2 h 18 min, then no heartbeat for 42 min. Likely stuck after 10 min without a heartbeat (rule: defaults.silence.stale).
Guidance\tCheck whether its worker is still alive. If not, cancel the run in its source so that queued work can continue.
Started\t3 h ago (23 Nov 2026, 06:00:00 UTC)
Last heartbeat\t42 min ago (23 Nov 2026, 08:18:00 UTC)
Progress\tattempt 2: 12 of 40 items, 2 failed
Type\tbaseline_compare
Tenant\tAcme (7)
Workspace\tw1
Source\thost
Id\t481516
Attempt\t2
Initiator\tschedule: nightly
Labels\tenv=prod, team=data
Native status\tin_progress
Link\thttps://host.example/runs/481516
`);
  });

  it.each(ATTACKS)('prints nothing dangerous, whatever a source sends: $name', ({ text }) => {
    const hostile = hostileRun(text);
    const ended: Run = { ...hostile, status: 'completed', outcome: 'failed' };
    const unknown: Run = { ...hostile, outcome: 'unknown', flag: undefined, heartbeatAt: undefined };
    for (const run of [hostile, ended, unknown]) {
      for (const terminal of [TTY, { ...TTY, columns: 30 }, PIPE]) {
        const { freshness } = judged(run);
        const lines = runViewLines({ run, freshness, now: NOW, explanation: explain(run, POLICY, NOW) }, terminal);
        expect(lines.length).toBeGreaterThan(10);
        for (const cell of lines.flatMap((line) => line.split('\t'))) expect(harmIn(cell)).toBeUndefined();
        const wrapped = terminal.isTty ? lines.slice(1).filter((line) => !line.includes('https://')) : [];
        expect(wrapped.length > 0).toBe(terminal.isTty);
        for (const line of wrapped) expect(textWidth(line)).toBeLessThanOrEqual(Math.max(40, terminal.columns));
      }
    }
  });
});
