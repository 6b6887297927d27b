import { stateToWire, type Alert } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import { alertKey } from '../alerts/observe.js';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';

const HOUR = 3_600_000;

function alert(id: string, hoursAgo: number, fields: Partial<Alert> = {}): Alert {
  return {
    key: id,
    sourceName: 'host',
    run: { source: 'host', id, attempt: 1, type: 'sync', title: `Sync ${id}`, tenant: { id: '7', name: 'Fabrikam' } },
    level: 'likely_stale',
    label: 'Likely stuck',
    headline: 'No heartbeat for 42 min',
    since: NOON - hoursAgo * HOUR,
    seenAt: NOON - HOUR,
    starts: [],
    deliveries: {},
    ...fields,
  };
}

const ended = (hoursAgo: number) => ({
  ended: { at: NOON - hoursAgo * HOUR, how: 'recovered' as const, text: 'Recovered' },
});

async function reportWith(alerts: readonly Alert[], ...argv: string[]): Promise<string> {
  const files = {
    '/project/app/runs.json': '{"runs":[]}',
    '/project/app/state.json': JSON.stringify(stateToWire(alerts, NOON)),
  };
  const { io, printed } = fakeIo({ files });
  expect(await runProgram(io, ['report', 'file:runs.json', '--state', 'state.json', ...argv])).toBe(0);
  return printed.out;
}

async function rows(alerts: readonly Alert[], ...argv: string[]): Promise<string[]> {
  const [section = ''] = /<section id="alarms">.*?<\/section>/s.exec(await reportWith(alerts, ...argv)) ?? [];
  return [...section.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
}

describe('a report with the state of checks', () => {
  it('says what alarmed, since when, and how it ended', async () => {
    expect(await rows([alert('a', 3), alert('b', 5, ended(4))])).toEqual([
      'State Run Tenant What Since Ended',
      expect.stringMatching(/^Likely stuck Sync a Fabrikam No heartbeat for 42 min 23 Nov 2026, 09:00:00 UTC still$/),
      expect.stringMatching(/^Likely stuck Sync b .* 07:00:00 UTC Recovered, 23 Nov 2026, 08:00:00 UTC$/),
    ]);
  });

  it.each([
    { argv: [], shown: ['old', 'late'] },
    { argv: ['--since', '20h'], shown: ['old'] },
    { argv: ['--since', '30h'], shown: ['old', 'late', 'before'] },
  ])('looks back as far as it is to: $argv', async ({ argv, shown }) => {
    const alerts = [alert('old', 50), alert('late', 51, ended(23)), alert('before', 52, ended(26))];
    const found = await rows(alerts, ...argv);
    expect(found.slice(1).map((row) => /Sync (\w+)/.exec(row)?.[1])).toEqual(shown);
  });

  it('gives times in the zone that is asked for', async () => {
    const [, row] = await rows([alert('a', 3)], '--time-zone', 'Europe/Berlin');
    expect(row).toMatch(/23 Nov 2026, 10:00:00 (?:CET|GMT\+1) still/);
  });

  it('says the same in Markdown', async () => {
    const text = await reportWith([alert('a|b', 3), alert('b', 5, ended(4))], '--format', 'markdown');
    const [, section = ''] = text.split('## Alarms\n');
    expect(section.trim().replaceAll('\\:', ':').split('\n')).toEqual([
      '| State | Run | Tenant | What | Since | Ended |',
      '| --- | --- | --- | --- | --- | --- |',
      String.raw`| Likely stuck | Sync a\|b | Fabrikam | No heartbeat for 42 min | 23 Nov 2026, 09:00:00 UTC | still |`,
      '| Likely stuck | Sync b | Fabrikam | No heartbeat for 42 min | 23 Nov 2026, 07:00:00 UTC | Recovered, 23 Nov 2026, 08:00:00 UTC |',
    ]);
    expect(await reportWith([], '--format', 'markdown')).toMatch(/## Alarms\n\nThere was none\.\n$/);
    expect((await reportWith([alert('a', 30, ended(25))], '--format', 'markdown')).split('## Alarms')[1]).toContain(
      'There was none.',
    );
  });

  it('says the same in JSON', async () => {
    const report = JSON.parse(await reportWith([alert('a', 3), alert('b', 5, ended(4))], '--format', 'json'));
    expect(report.alerts).toMatchObject({ new: 0, still: 1, recovered: 1, vanished: 0, kept: 0 });
    expect(report.alerts.ended).toEqual([
      expect.objectContaining({ status: 'recovered', ended_at: '2026-11-23T08:00:00Z', source_name: 'host' }),
    ]);
  });

  it('says of a run since when it alarms', async () => {
    const run = { id: 'a', type: 'sync', title: 'A', status: 'running', started_at: '2026-11-23T08:00:00Z' };
    const key = alertKey('file:runs.json', { source: 'file:runs.json', id: 'a', attempt: 1 });
    const files = {
      '/project/app/runs.json': JSON.stringify({ runs: [run] }),
      '/project/app/state.json': JSON.stringify(stateToWire([alert('a', 2, { key })], NOON)),
    };
    const { io, printed } = fakeIo({ files });
    await runProgram(io, ['report', 'file:runs.json', '--state', 'state.json', '--format', 'json']);
    const [row] = JSON.parse(printed.out).runs;
    expect(row.alert).toEqual({ status: 'still', since: '2026-11-23T10:00:00Z', flapping: false });
  });

  it('says that there was none, and escapes what is text', async () => {
    expect(await rows([alert('a', 30, ended(25))])).toEqual([]);
    const [, row] = await rows([alert('x', 1, { headline: '<script>alert(1)</script>' })]);
    expect(row).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});
