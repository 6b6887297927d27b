import { describe, expect, it } from 'vitest';
import { classify } from './classify.js';
import { en } from './messages/en.js';
import { present, presentationLines, presentationText } from './present.js';
import type { Run } from './run.js';
import { SITUATIONS, type Situation } from './test-situations.js';
import { anEndedRun, aRun, HOUR, judged, MINUTE, NOW, POLICY, SECOND } from './test-runs.js';

function words(run: Run, policy = POLICY) {
  return present(run, classify(run, policy, NOW), NOW, { sourceTitle: 'GitHub' });
}

describe('present', () => {
  it.each<Situation>(SITUATIONS)('says what matters when $when', ({ run, policy, says }) => {
    const { label, headline, reason, guidance } = words(run, policy);
    expect([label, headline, reason, guidance]).toEqual(says);
  });

  it.each([
    { label: 'Queued', tone: 'calm', icon: 'queued' },
    { label: 'Running', tone: 'calm', icon: 'running' },
    { label: 'On hold', tone: 'calm', icon: 'hold' },
    { label: 'Running late', tone: 'warning', icon: 'late' },
    { label: 'Queued too long', tone: 'warning', icon: 'late' },
    { label: 'On hold too long', tone: 'warning', icon: 'late' },
    { label: 'Likely stuck', tone: 'danger', icon: 'stuck' },
    { label: "Can't tell", tone: 'neutral', icon: 'unknown' },
    { label: 'Closed after going stale', tone: 'danger', icon: 'reconciled' },
    { label: 'Succeeded', tone: 'success', icon: 'succeeded' },
    { label: 'Partially succeeded', tone: 'warning', icon: 'partial' },
    { label: 'Blocked', tone: 'warning', icon: 'blocked' },
    { label: 'Failed', tone: 'danger', icon: 'failed' },
    { label: 'Cancelled', tone: 'neutral', icon: 'cancelled' },
    { label: 'Skipped', tone: 'neutral', icon: 'skipped' },
    { label: 'Ended, outcome unknown', tone: 'neutral', icon: 'unknown' },
  ])('makes $label $tone', ({ label, tone, icon }) => {
    const situations = SITUATIONS.filter(({ says }) => says[0] === label);
    expect(situations).not.toEqual([]);
    for (const { run, policy } of situations) expect(words(run, policy)).toMatchObject({ tone, icon });
  });

  it('has been seen to use every label but that of a withheld verdict', () => {
    const labels = new Set(SITUATIONS.map(({ says }) => says[0]));
    expect(Object.values(en.labels).filter((label) => !labels.has(label))).toEqual(['Not updating']);
  });

  it.each<{ when: string; run: Run; elapsed: object | undefined }>([
    { when: 'a run works', run: aRun({ startedAt: NOW - HOUR }), elapsed: { kind: 'span', ms: HOUR, text: '1 h' } },
    {
      when: 'it is silent',
      run: aRun({ startedAt: NOW - 192 * MINUTE, heartbeatAt: NOW - 180 * MINUTE }),
      elapsed: {
        kind: 'silent',
        workedMs: 12 * MINUTE,
        silentMs: 180 * MINUTE,
        text: 'ran for 12 min, no heartbeat for 3 h',
      },
    },
    {
      when: 'its last heartbeat is older than its start',
      run: aRun({ startedAt: NOW - HOUR, heartbeatAt: NOW - 2 * HOUR }),
      elapsed: { kind: 'span', ms: HOUR, text: '1 h' },
    },
    {
      when: 'it has ended',
      run: anEndedRun({ queuedAt: NOW - HOUR, startedAt: NOW - 9 * MINUTE, endedAt: NOW - 5 * MINUTE }),
      elapsed: { kind: 'span', ms: 4 * MINUTE, text: '4 min' },
    },
    {
      when: 'it was closed and has no end',
      run: anEndedRun({ startedAt: NOW - HOUR, reconciliation: { at: NOW - MINUTE, reason: '', from: '' } }),
      elapsed: { kind: 'span', ms: 59 * MINUTE, text: '59 min' },
    },
    { when: 'it has ended at an unknown time', run: anEndedRun({ startedAt: NOW - HOUR }), elapsed: undefined },
    { when: 'nothing says since when', run: aRun({ heartbeatAt: NOW }), elapsed: undefined },
    {
      when: 'its start lies in the future',
      run: aRun({ startedAt: NOW + HOUR, heartbeatAt: NOW }),
      elapsed: undefined,
    },
    {
      when: 'it ended before it started, by two clocks',
      run: anEndedRun({ startedAt: NOW, endedAt: NOW - SECOND }),
      elapsed: { kind: 'span', ms: 0, text: '0 s' },
    },
  ])('counts the time when $when', ({ run, elapsed }) => {
    expect(words(run).elapsed).toEqual(elapsed);
  });

  it.each<{ when: string; run: Run; says: string[] }>([
    {
      when: 'it was well',
      run: aRun({ startedAt: NOW - MINUTE }),
      says: [
        'Not updating',
        'neutral',
        'Last known: Running for 1 min',
        'There is no newer data, so its current state is unknown.',
        '',
      ],
    },
    {
      when: 'it was late',
      run: aRun({ startedAt: NOW - 2 * HOUR, heartbeatAt: NOW }),
      says: [
        'Running late',
        'warning',
        'Running for 2 h, last heartbeat 0 s ago',
        'Late after 1 h of running (rule: defaults.run.late). Its heartbeat is fresh, so it does not count as stuck.',
        'Check whether it still makes progress. No other action is needed yet.',
      ],
    },
    {
      when: 'it had ended',
      run: anEndedRun({ endedAt: NOW }),
      says: ['Succeeded', 'success', 'Succeeded 0 s ago', 'It has ended.', ''],
    },
  ])('withholds that a run is well while nothing newer is known, when $when', ({ run, says }) => {
    const { label, tone, headline, reason, guidance } = present(run, judged(run).freshness, NOW, { withheld: true });
    expect([label, tone, headline, reason, guidance]).toEqual(says);
  });
});

describe('a flag', () => {
  it('is said by the source of the run where nobody says how people call it', () => {
    const run = aRun({ startedAt: NOW, source: 'nightly', flag: { kind: 'stuck' } });
    expect(present(run, judged(run).freshness, NOW).reason).toMatch(/^nightly says: It makes no progress\./);
  });
});

describe('a density', () => {
  const run = aRun({
    startedAt: NOW - 192 * MINUTE,
    heartbeatAt: NOW - 180 * MINUTE,
    progress: { processed: 4, total: 10, unit: 'files' },
  });

  it.each([
    { density: 'compact', text: 'Likely stuck: No heartbeat for 3 h' },
    { density: 'row', text: 'Likely stuck: No heartbeat for 3 h · 4 of 10 files' },
    {
      density: 'full',
      text: [
        'Likely stuck: No heartbeat for 3 h',
        'ran for 12 min, no heartbeat for 3 h',
        '4 of 10 files',
        'Ran for 12 min, then no heartbeat for 3 h. Likely stuck after 10 min without a heartbeat (rule: defaults.silence.stale).',
        'Check whether its worker is still alive. If not, cancel the run in its source so that queued work can continue.',
      ].join('\n'),
    },
  ] as const)('of $density says this much', ({ density, text }) => {
    expect(presentationText(words(run), density)).toBe(text);
  });

  it('of full leaves out what need not be said', () => {
    expect(presentationLines(words(anEndedRun({ endedAt: NOW })), 'full').map(({ role }) => role)).toEqual([
      'headline',
      'reason',
    ]);
  });
});
