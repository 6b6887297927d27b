import { describe, expect, it } from 'vitest';
import { de } from './messages/de.js';
import { en } from './messages/en.js';
import { presentProgress, type ProgressWords } from './present-progress.js';
import type { Progress } from './run.js';
import { anEndedRun, aRun } from './test-runs.js';

describe('presentProgress', () => {
  it.each<{ when: string; progress: Progress | undefined; words: ProgressWords | undefined }>([
    { when: 'there is none', progress: undefined, words: undefined },
    {
      when: 'no total is known',
      progress: { processed: 12, unit: 'files' },
      words: { kind: 'count', fraction: undefined, text: '12 files so far' },
    },
    {
      when: 'the total is nothing yet',
      progress: { processed: 0, total: 0 },
      words: { kind: 'count', fraction: undefined, text: '0 so far' },
    },
    {
      when: 'nothing is done',
      progress: { processed: 0, total: 40 },
      words: { kind: 'part', fraction: 0, text: '0 of 40' },
    },
    {
      when: 'a part is done',
      progress: { processed: 10, total: 40, unit: 'files' },
      words: { kind: 'part', fraction: 0.25, text: '10 of 40 files' },
    },
    {
      when: 'all is done, but it still runs',
      progress: { processed: 40, total: 40, unit: 'files' },
      words: { kind: 'finishing', fraction: undefined, text: 'all 40 files done, still finishing' },
    },
    {
      when: 'more is done than was expected',
      progress: { processed: 41, total: 40, unit: 'files' },
      words: { kind: 'over', fraction: undefined, text: '41 files, more than the 40 expected' },
    },
    {
      when: 'some have failed and some were skipped',
      progress: { processed: 10, total: 40, succeeded: 7, failed: 2, skipped: 1 },
      words: { kind: 'part', fraction: 0.25, text: '10 of 40, 2 failed, 1 skipped' },
    },
    {
      when: 'the numbers are large',
      progress: { processed: 1_234_567, total: 2_000_000, failed: 1000 },
      words: { kind: 'part', fraction: 0.6172835, text: '1,234,567 of 2,000,000, 1,000 failed' },
    },
  ])('is honest when $when', ({ progress, words }) => {
    expect(presentProgress(aRun({ progress }), en)).toEqual(words);
  });

  it.each<{ when: string; progress: Progress; words: ProgressWords }>([
    {
      when: 'with all done',
      progress: { processed: 40, total: 40 },
      words: { kind: 'part', fraction: 1, text: '40 of 40' },
    },
    {
      when: 'with a part done',
      progress: { processed: 4, total: 40 },
      words: { kind: 'part', fraction: 0.1, text: '4 of 40' },
    },
    {
      when: 'without a total',
      progress: { processed: 12, unit: 'files' },
      words: { kind: 'count', fraction: undefined, text: '12 files' },
    },
  ])('says of a run that has ended $when what it came to', ({ progress, words }) => {
    expect(presentProgress(anEndedRun({ progress }), en)).toEqual(words);
  });

  const run = aRun({ progress: { processed: 10, total: 40 } });

  it.each([
    { when: 'it increased', previous: aRun({ progress: { processed: 9, total: 40 } }), text: '10 of 40' },
    { when: 'it stood still', previous: run, text: '10 of 40' },
    {
      when: 'it went back',
      previous: aRun({ progress: { processed: 30, total: 40 } }),
      text: '10 of 40 (down from 30)',
    },
    { when: 'none was reported before', previous: aRun(), text: '10 of 40' },
  ])('compares with what was last seen when $when', ({ previous, text }) => {
    expect(presentProgress(run, en, previous)?.text).toBe(text);
  });

  it('starts over with a new attempt', () => {
    const previous = aRun({ progress: { processed: 30, total: 40 } });
    expect(presentProgress({ ...run, attempt: 2 }, en, previous)?.text).toBe('attempt 2: 10 of 40');
  });

  it('counts in German', () => {
    const words = presentProgress(aRun({ progress: { processed: 1200, total: 3000, failed: 1, unit: 'Dateien' } }), de);
    expect(words?.text).toBe('1.200 von 3.000 Dateien, 1 fehlgeschlagen');
  });
});
