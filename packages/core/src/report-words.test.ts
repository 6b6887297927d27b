import { describe, expect, it } from 'vitest';
import { droppedWords, unconfirmedWords, VERDICT_TONES, verdictWords } from './report-words.js';
import { buildReport, type Report, type ReportSource } from './report.js';
import { emptyTotals, type Totals } from './summary.js';
import { aReportSource } from './test-report-source.js';
import { NOW } from './test-runs.js';

function aReport(sources: readonly Partial<ReportSource>[], totals: Partial<Totals> = {}): Report {
  return buildReport({
    generatedAt: NOW,
    now: NOW,
    policyDigest: 'sha256:0',
    sources: sources.map(aReportSource),
    totals: { ...emptyTotals(), ...totals },
    runs: [],
    failOn: 'stale',
    allowUnknown: false,
  });
}

const READ = { runs: 5 };
const MISSING = { complete: false };

describe('verdictWords', () => {
  it.each<{ sources: Partial<ReportSource>[]; totals: Partial<Totals>; words: string }>([
    {
      sources: [READ, { runs: 7 }],
      totals: { active: 118, likelyStale: 1, late: 2, unknown: 3 },
      words: "1 likely stuck, 2 late, 3 can't tell of 118 active runs in 2 sources.",
    },
    { sources: [READ], totals: { active: 1, late: 1 }, words: '1 late of 1 active run in 1 source.' },
    {
      sources: [READ, { runs: 7 }],
      totals: { active: 4 },
      words: 'Nothing is late or stuck: 4 active runs in 2 sources (12 runs read).',
    },
    {
      sources: [{ runs: 1 }],
      totals: {},
      words: 'Nothing is late or stuck: no active runs in 1 source (1 run read).',
    },
    {
      sources: [MISSING],
      totals: { active: 3 },
      words: 'Cannot tell: nothing late or stuck among 3 active runs that could be read, but the source is incomplete.',
    },
    {
      sources: [READ, MISSING],
      totals: { active: 3 },
      words:
        'Cannot tell: nothing late or stuck among 3 active runs that could be read, but 1 of 2 sources is incomplete.',
    },
    {
      sources: [READ, MISSING, MISSING],
      totals: { active: 3, likelyStale: 2 },
      words: '2 likely stuck of 3 active runs in 3 sources, and there may be more: 2 of 3 sources are incomplete.',
    },
  ])('says "$words"', ({ sources, totals, words }) => {
    expect(verdictWords(aReport(sources, totals))).toBe(words);
  });

  it('gives each verdict a tone', () => {
    expect(VERDICT_TONES).toEqual({ fresh: 'success', late: 'warning', stale: 'danger', unknown: 'neutral' });
  });
});

describe('the words on the second look', () => {
  it.each([
    { dropped: [0, 0], words: undefined },
    { dropped: [0, 1], words: '1 run that looked late or stuck was healthy or gone when read again.' },
    { dropped: [1, 2], words: '3 runs that looked late or stuck were healthy or gone when read again.' },
  ])('count what was dropped: $dropped', ({ dropped, words }) => {
    expect(droppedWords(aReport(dropped.map((amount) => ({ dropped: amount }))))).toBe(words);
  });

  it.each([
    { unconfirmed: [0, 0], words: undefined },
    { unconfirmed: [0, 1], words: '1 run could not be confirmed by a second look.' },
    { unconfirmed: [1, 2], words: '3 runs could not be confirmed by a second look.' },
  ])('count what was not confirmed: $unconfirmed', ({ unconfirmed, words }) => {
    expect(unconfirmedWords(aReport(unconfirmed.map((amount) => ({ unconfirmed: amount }))))).toBe(words);
  });
});
