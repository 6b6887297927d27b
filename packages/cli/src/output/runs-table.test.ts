import { reportRun, verdictWords } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import type { TextContext } from './formats/format.js';
import { reportText } from './report-text.js';
import { runsTableLines } from './runs-table.js';
import type { Terminal } from './terminal.js';
import { ATTACKS, harmIn } from './test-attacks.js';
import { aReport, aRun, aSource, aStuckRun, hostileRun, judged, MINUTE, NOW, PIPE, TTY } from './test-report.js';

const STUCK = aStuckRun();
const LATE = aRun({ id: '23', title: 'Export', type: 'export', tenant: undefined, startedAt: NOW - 90 * MINUTE });
const UNKNOWN = aRun({ id: '42', startedAt: undefined });
const FRESH = aRun({ id: '108' });

const textFor = (terminal: Terminal): TextContext => ({
  terminal,
  limit: undefined,
  groupBy: undefined,
  complains: true,
});

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
# Likely stuck  Nightly baseline
  No heartbeat for 42 min
  host 481516
! Running late  Export
  Running for 1 h 30 min
  host 23
? Can't tell  Nightly baseline
  No start time reported
  host 42
> Running  Nightly baseline
  Running for 20 min
  host 108

1 likely stuck, 1 late, 1 can't tell of 4 active runs in 1 source.
`,
    },
    {
      when: 'it goes into a pipe',
      terminal: PIPE,
      expected: `
Likely stuck\tNightly baseline\tbaseline_compare\tAcme\tNo heartbeat for 42 min\thost\t481516\t
Running late\tExport\texport\t\tRunning for 1 h 30 min\thost\t23\t
Can't tell\tNightly baseline\tbaseline_compare\tAcme\tNo start time reported\thost\t42\t
Running\tNightly baseline\tbaseline_compare\tAcme\tRunning for 20 min\thost\t108\t

1 likely stuck, 1 late, 1 can't tell of 4 active runs in 1 source.
`,
    },
  ])('when $when', ({ terminal, expected }) => {
    expect(`\n${reportText(aReport([FRESH, LATE, UNKNOWN, STUCK]), textFor(terminal))}`).toBe(expected);
  });

  it('leaves out what every row repeats where there is no room, and keeps the id', () => {
    const runs = [STUCK, aStuckRun({ id: '5', title: 'Weekly baseline of everything that there is' })];
    expect(`\n${reportText(aReport(runs), textFor({ ...TTY, columns: 80 }))}`).toBe(`
STATE           RUN                              WHAT                     ID
■ Likely stuck  Nightly baseline                 No heartbeat for 42 min  481516
■ Likely stuck  Weekly baseline of everything…   No heartbeat for 42 min  5

2 likely stuck of 2 active runs in 1 source.
`);
  });

  it('stacks runs whose ids leave no room for a table', () => {
    const id = '0b5f7d1e-3c1c-4c55-8a51-2f6f0f6c2f11';
    expect(`\n${reportText(aReport([aStuckRun({ id })]), textFor({ ...TTY, columns: 80 }))}`).toBe(`
■ Likely stuck  Nightly baseline
  No heartbeat for 42 min
  host ${id}

1 likely stuck of 1 active run in 1 source.
`);
  });

  it('links the title where the terminal shows links, and has a column for the URL elsewhere', () => {
    const report = aReport([aStuckRun({ url: 'https://ci.example/runs/481516?a=1&b=<x>' })]);
    const url = 'https://ci.example/runs/481516?a=1&b=%3Cx%3E';
    const wide = { ...TTY, columns: 160 };
    expect(reportText(report, textFor({ ...wide, links: true }))).toContain(
      `\x1b]8;;${url}\x1b\\Nightly baseline\x1b]8;;\x1b\\  baseline_compare`,
    );
    expect(reportText(report, textFor(wide))).toContain(`481516  ${url}\n`);
    expect(reportText(report, textFor(wide))).not.toContain('\x1b');
    expect(reportText(report, textFor(PIPE))).toContain(`\t481516\t${url}\n`);
  });

  it('lists as many runs as it may, and begins with the summary of a long list in a pipe', () => {
    const report = aReport(Array.from({ length: 40 }, (_, index) => aStuckRun({ id: String(index) })));
    const summary = '40 likely stuck of 40 active runs in 1 source.';
    const more = 'Showing 31 of 40 runs. Use --limit to show more.';
    const lines = (terminal: Terminal, limit: number) =>
      reportText(report, { terminal, limit, groupBy: undefined, complains: true }).split('\n');
    const long = lines(PIPE, 31);
    expect([long.length, long[0], long[1], long.at(-2)]).toEqual([36, summary, '', more]);
    expect(lines(PIPE, 30)[0]).toContain('Likely stuck\t');
    expect(lines(TTY, 31).slice(-3)).toEqual([more, summary, '']);
  });

  it('highlights states with color, but never with color alone', () => {
    expect(reportText(aReport([STUCK]), textFor({ ...TTY, columns: 110, color: true }))).toBe(
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
    expect(`\n${reportText({ ...aReport([FRESH], sources), runs: [] }, textFor(TTY))}`).toBe(`
? ci could not be read (rate_limited): HTTP 429.
? dags is incomplete: 5: status is missing
  a run must be an object
? jobs is incomplete: only the first 1000 runs are listed
2 runs that looked late or stuck were healthy or gone when read again.
Cannot tell: nothing late or stuck among 1 active run that could be read, but 3 of 4 sources are incomplete.
`);
  });

  it('prints the notes of a complete source, but not its unreadable rows', () => {
    const note = { id: null, reason: 'Repositories that were not read: 2 archived or disabled.' };
    const sources = [aSource({ name: 'acme', issues: [note, { id: '5', reason: 'could not be read again' }] })];
    expect(`\n${reportText({ ...aReport([FRESH], sources), runs: [] }, textFor(TTY))}`).toBe(`
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
      const lines = reportText(aReport([hostileRun(text)], sources), textFor(terminal)).split('\n');
      for (const line of lines) for (const cell of line.split('\t')) expect(harmIn(cell)).toBeUndefined();
      const isTable = lines[0]?.startsWith('STATE') === true;
      expect(lines).toHaveLength(terminal.isTty ? (isTable ? 8 : 9) : 7);
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
