import { stateToWire, type Alert } from '@tardy/core';
import { describe, expect, it } from 'vitest';
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

async function rows(alerts: readonly Alert[], ...argv: string[]): Promise<string[]> {
  const files = {
    '/project/app/runs.json': '{"runs":[]}',
    '/project/app/state.json': JSON.stringify(stateToWire(alerts, NOON)),
  };
  const { io, printed } = fakeIo({ files });
  expect(await runProgram(io, ['report', 'file:runs.json', '--state', 'state.json', ...argv])).toBe(0);
  const [section = ''] = /<section id="alarms">.*?<\/section>/s.exec(printed.out) ?? [];
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
    { argv: [], told: ['old', 'late'] },
    { argv: ['--since', '20h'], told: ['old'] },
    { argv: ['--since', '30h'], told: ['old', 'late', 'before'] },
  ])('looks back as far as it is to: $argv', async ({ argv, told }) => {
    const alerts = [alert('old', 50), alert('late', 51, ended(23)), alert('before', 52, ended(26))];
    const found = await rows(alerts, ...argv);
    expect(found.slice(1).map((row) => /Sync (\w+)/.exec(row)?.[1])).toEqual(told);
  });

  it('says that there was none, and escapes what is text', async () => {
    expect(await rows([alert('a', 30, ended(25))])).toEqual([]);
    const [, row] = await rows([alert('x', 1, { headline: '<script>alert(1)</script>' })]);
    expect(row).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});
