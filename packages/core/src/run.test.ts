import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isActive, mergeRuns, runKey, type Run } from './run.js';
import { anyRun, anyText } from './test-arbitraries.js';
import { anEndedRun, aQueuedRun, aRun } from './test-runs.js';

describe('runKey', () => {
  it.each([
    { what: 'of another source', other: aRun({ source: 'x' }) },
    { what: 'with another id', other: aRun({ id: '2' }) },
    { what: 'that is another attempt', other: aRun({ attempt: 2 }) },
  ])('differs for a run $what', ({ other }) => {
    expect(runKey(other)).not.toBe(runKey(aRun()));
  });

  it('is the same for the same source, id and attempt only', () => {
    const part = fc.oneof(anyText, fc.constantFrom('', '1', '1:', ':1', '\n', '1\n', '11', '2:1'));
    const key = fc.record({ source: part, id: part, attempt: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(key, key, (one, other) => {
        const same = one.source === other.source && one.id === other.id && one.attempt === other.attempt;
        expect(runKey(one) === runKey(other)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('mergeRuns', () => {
  it.each<{ when: string; runs: Run[]; shown: Run[] }>([
    { when: 'nothing arrives', runs: [], shown: [] },
    {
      when: 'two attempts arrive',
      runs: [aRun(), aRun({ attempt: 2 })],
      shown: [aRun(), aRun({ attempt: 2 })],
    },
    { when: 'an older list follows the end', runs: [anEndedRun(), aRun()], shown: [anEndedRun()] },
    { when: 'the end follows', runs: [aRun(), anEndedRun()], shown: [anEndedRun()] },
    { when: 'a later copy of an active run follows', runs: [aQueuedRun(), aRun()], shown: [aRun()] },
    {
      when: 'a later copy of an ended run follows',
      runs: [anEndedRun(), anEndedRun({ outcome: 'failed' })],
      shown: [anEndedRun({ outcome: 'failed' })],
    },
    {
      when: 'a copy follows after another run',
      runs: [aRun(), aRun({ id: '2' }), anEndedRun()],
      shown: [anEndedRun(), aRun({ id: '2' })],
    },
  ])('shows each run once when $when', ({ runs, shown }) => {
    expect(mergeRuns(runs)).toEqual(shown);
  });

  it('shows each run once, ended if any copy has ended, in whatever order the copies arrive', () => {
    const copies = fc.array(anyRun({ text: fc.constantFrom('a', 'b') }), { maxLength: 12 });
    const shuffled = copies.chain((runs) =>
      fc.tuple(fc.constant(runs), fc.shuffledSubarray(runs, { minLength: runs.length })),
    );
    const lifecycles = (runs: readonly Run[]) =>
      new Map(mergeRuns(runs).map((run) => [runKey(run), isActive(run) ? 'active' : 'ended']));
    fc.assert(
      fc.property(shuffled, ([runs, others]) => {
        const shown = lifecycles(runs);
        expect(mergeRuns(runs)).toHaveLength(shown.size);
        expect(new Set(shown.keys())).toEqual(new Set(runs.map(runKey)));
        for (const run of runs.filter((one) => !isActive(one))) expect(shown.get(runKey(run))).toBe('ended');
        expect(lifecycles(others)).toEqual(shown);
      }),
      { numRuns: 500 },
    );
  });
});
