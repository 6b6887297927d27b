import { reportRun, verdictWords } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import { reportText } from './report-text.js';
import { runsTableLines } from './runs-table.js';
import { ATTACKS, harmIn } from './test-attacks.js';
import { aReport, aRun, aSource, aStuckRun, hostileRun, judged, MINUTE, NOW, PIPE, TTY } from './test-report.js';

const STUCK = aStuckRun();
const LATE = aRun({ id: '23', title: 'Export', type: 'export', tenant: undefined, startedAt: NOW - 90 * MINUTE });
const UNKNOWN = aRun({ id: '42', startedAt: undefined });
const FRESH = aRun({ id: '108' });

describe('reportText', () => {
  it.each([
    {
      when: 'a terminal is wide',
      terminal: { ...TTY, columns: 110 },
      expected: `
STATE           RUN               TYPE              TENANT  WHAT                     SOURCE  ID
■ Likely stuck  Nightly baseline  baseline_compare  Acme    No heartbeat for 42 min  host    481516
▲ Running late  Export            export                    Running for 1 h 30 min   host    23
? Can't tell    Nightly baseline  baseline_compare  Acme    No start time reported   host    42
● Running       Nightly baseline  baseline_compare  Acme    Running for 20 min       host    108

1 likely stuck, 1 late, 1 can't tell of 4 active runs in 1 source.
`,
    },
    {
      when: 'a terminal is narrow and limited to ASCII',
      terminal: { ...TTY, columns: 55, unicode: false },
      expected: `
STATE           RUN             WHAT
# Likely stuck  Nightly bas...  No heartbeat for 42 min
! Running late  Export          Running for 1 h 30 min
? Can't tell    Nightly bas...  No start time reported
> Running       Nightly bas...  Running for 20 min

1 likely stuck, 1 late, 1 can't tell of 4 active runs in 1 source.
`,
    },
    {
      when: 'it goes into a pipe',
      terminal: PIPE,
      expected: `
Likely stuck\tNightly baseline\tbaseline_compare\tAcme\tNo heartbeat for 42 min\thost\t481516
Running late\tExport\texport\t\tRunning for 1 h 30 min\thost\t23
Can't tell\tNightly baseline\tbaseline_compare\tAcme\tNo start time reported\thost\t42
Running\tNightly baseline\tbaseline_compare\tAcme\tRunning for 20 min\thost\t108

1 likely stuck, 1 late, 1 can't tell of 4 active runs in 1 source.
`,
    },
  ])('when $when', ({ terminal, expected }) => {
    expect(`\n${reportText(aReport([FRESH, LATE, UNKNOWN, STUCK]), terminal)}`).toBe(expected);
  });

  it('highlights states with color, but never with color alone', () => {
    expect(reportText(aReport([STUCK]), { ...TTY, columns: 110, color: true })).toBe(
      [
        '\x1b[2mSTATE           RUN               TYPE              TENANT  WHAT                     SOURCE  ID\x1b[22m',
        '\x1b[1;31m■ Likely stuck\x1b[22;39m  Nightly baseline  baseline_compare  Acme    No heartbeat for 42 min  host    481516',
        '',
        '\x1b[1;31m1 likely stuck of 1 active run in 1 source.\x1b[22;39m',
        '',
      ].join('\n'),
    );
  });

  it('names the incomplete sources and the runs that recovered', () => {
    const sources = [
      aSource({ runs: 1, rechecked: 3, dropped: 2 }),
      aSource({ name: 'ci', complete: false, error: { code: 'rate_limited', message: 'HTTP 429.' } }),
      aSource({
        name: 'dags',
        complete: false,
        issues: [
          { id: '5', reason: 'status is missing' },
          { id: null, reason: 'a run must be an object' },
        ],
      }),
      aSource({ name: 'jobs', complete: false, issues: [{ id: null, reason: 'only the first 1000 runs are listed' }] }),
    ];
    expect(`\n${reportText({ ...aReport([FRESH], sources), runs: [] }, TTY)}`).toBe(`
? ci could not be read (rate_limited): HTTP 429.
? dags is incomplete: 5: status is missing (and 1 more)
? jobs is incomplete: only the first 1000 runs are listed
2 runs that looked late or stuck were healthy or gone when read again.
Cannot tell: nothing late or stuck among 1 active run that could be read, but 3 of 4 sources are incomplete.
`);
  });

  it('prints the notes of a complete source, but not its unreadable rows', () => {
    const note = { id: null, reason: 'Repositories that were not read: 2 archived or disabled.' };
    const sources = [aSource({ name: 'acme', issues: [note, { id: '5', reason: 'could not be read again' }] })];
    expect(`\n${reportText({ ...aReport([FRESH], sources), runs: [] }, TTY)}`).toBe(`
acme: Repositories that were not read: 2 archived or disabled.
Nothing is late or stuck: 1 active run in 1 source (1 run read).
`);
  });

  it.each(ATTACKS)('prints nothing dangerous, whatever a source sends: $name', ({ text }) => {
    const sources = [
      aSource({ name: text, complete: false, error: { code: text, message: text } }),
      aSource({ name: text, complete: false, issues: [{ id: text, reason: text }] }),
      aSource({ name: text, issues: [{ id: null, reason: text }] }),
    ];
    for (const terminal of [TTY, PIPE, { ...TTY, columns: 30, unicode: false }]) {
      const lines = reportText(aReport([hostileRun(text)], sources), terminal).split('\n');
      for (const line of lines) for (const cell of line.split('\t')) expect(harmIn(cell)).toBeUndefined();
      expect(lines).toHaveLength(terminal.isTty ? 8 : 7);
    }
  });
});

describe('verdictWords', () => {
  const gap = aSource({ name: 'ci', complete: false });
  it.each([
    {
      runs: [STUCK, LATE, FRESH],
      sources: [aSource()],
      expected: '1 likely stuck, 1 late of 3 active runs in 1 source.',
    },
    {
      runs: [FRESH, aRun({ id: '5' })],
      sources: [aSource({ runs: 9 }), aSource({ runs: 31 })],
      expected: 'Nothing is late or stuck: 2 active runs in 2 sources (40 runs read).',
    },
    {
      runs: [],
      sources: [aSource({ runs: 0 })],
      expected: 'Nothing is late or stuck: no active runs in 1 source (0 runs read).',
    },
    {
      runs: [],
      sources: [gap],
      expected:
        'Cannot tell: nothing late or stuck among 0 active runs that could be read, but the source is incomplete.',
    },
    {
      runs: [STUCK],
      sources: [aSource(), gap],
      expected: '1 likely stuck of 1 active run in 2 sources, and there may be more: 1 of 2 sources is incomplete.',
    },
    { runs: [UNKNOWN], sources: [aSource()], expected: "1 can't tell of 1 active run in 1 source." },
  ])('says: $expected', ({ runs, sources, expected }) => {
    expect(verdictWords(aReport(runs, sources))).toBe(expected);
  });
});

it('shows an unknown tone, icon or owner as plain text', () => {
  const row = reportRun(judged(FRESH), NOW);
  const later = {
    ...row,
    run: { ...row.run, tenant: { id: '7' } },
    presentation: { ...row.presentation, tone: 'loud', icon: 'constructor', label: 'Blinking' },
  };
  expect(runsTableLines([later], TTY)[1]).toBe(
    'Blinking  Nightly baseline  baseline_compare  7       Running for 20 min  host    108',
  );
});
