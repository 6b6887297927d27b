import { describe, expect, it } from 'vitest';
import { alertLines, whatText } from './alert-lines.js';
import { ATTACKS, harmIn } from './test-attacks.js';
import { aReport, aStuckRun } from './test-report.js';

const report = aReport([aStuckRun()]);
const [row] = report.runs;
if (row === undefined) throw new Error('no row');

const alert = { status: 'still', since: '2026-11-23T07:00:00Z', flapping: false } as const;
const acknowledgement = { by: 'ana', reason: 'OPS-17', until: '2026-11-23T10:00:00Z', expired: false };

describe('whatText', () => {
  it.each([
    { when: 'nothing is known', more: {}, said: '' },
    { when: 'it is new', more: { alert: { ...alert, status: 'new' as const } }, said: ' (new)' },
    { when: 'it is old', more: { alert }, said: ' (still, since 23 Nov 2026, 07:00:00 UTC)' },
    {
      when: 'it flaps',
      more: { alert: { ...alert, status: 'new' as const, flapping: true } },
      said: ' (new, again and again)',
    },
    {
      when: 'it is accepted',
      more: { acknowledgement },
      said: ' (acknowledged by ana until 23 Nov 2026, 10:00:00 UTC: OPS-17)',
    },
    {
      when: 'it was accepted',
      more: { alert: { ...alert, status: 'new' as const }, acknowledgement: { ...acknowledgement, expired: true } },
      said: ' (new; no longer acknowledged by ana until 23 Nov 2026, 10:00:00 UTC: OPS-17)',
    },
  ])('says so when $when', ({ more, said }) => {
    expect(whatText({ ...row, ...more })).toBe(`No heartbeat for 42 min${said}`);
  });
});

describe('alertLines', () => {
  const none = { new: 0, still: 0, recovered: 0, vanished: 0, kept: 0, ended: [] };
  it.each([
    { alerts: undefined, lines: [] },
    { alerts: none, lines: ['Nothing was alarming before or is now.'] },
    { alerts: { ...none, new: 1, still: 2 }, lines: ['1 new, 2 still.'] },
    { alerts: { ...none, kept: 1 }, lines: ['1 earlier alert stays open, since nothing was read about its run.'] },
    {
      alerts: { ...none, new: 1, kept: 2 },
      lines: ['1 new; 2 earlier alerts stay open, since nothing was read about their runs.'],
    },
  ])('count what changed: $lines', ({ alerts, lines }) => {
    expect(alertLines({ ...report, alerts })).toEqual(lines);
  });

  it.each(ATTACKS)('hold nothing that acts on a terminal: $name', ({ text }) => {
    const ended = {
      status: 'recovered',
      since: '2026-11-23T07:00:00Z',
      text,
      source_name: text,
      run: { id: text, title: text },
    } as const;
    const unmatched = [{ match: { id: text }, by: text, reason: text, until: '2026-11-23T07:00:00Z' }];
    const lines = alertLines({
      ...report,
      alerts: { ...none, recovered: 1, ended: [ended] },
      acknowledgements: { late: 0, likely_stale: 0, unknown: 0, unmatched },
    });
    expect(lines).toHaveLength(3);
    expect(lines.filter((line) => harmIn(line) !== undefined)).toEqual([]);
  });
});
