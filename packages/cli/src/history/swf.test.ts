import { describe, expect, it } from 'vitest';
import { isSwf, swfReader } from './swf.js';

// The first lines of KTH-SP2-1996-2.1-cln.swf of the Parallel Workloads Archive (acknowledge Lars Malinowsky, KTH).
const HEADER = ['; Version: 2.2', '; Computer: IBM SP2', '; UnixStartTime: 843480031', ''];
const DONE = '   15   599850 192180   3477    4     -1    -1    4  53940    -1  1  12  12  -1 -1 -1 -1 -1';
const START = (843_480_031 + 599_850 + 192_180) * 1000;

function read(...lines: readonly string[]) {
  const reader = swfReader('hpc');
  return lines.map(reader).filter((row) => row !== undefined);
}

describe('the Standard Workload Format', () => {
  it('is recognised by its numbers or its header, and by nothing else', () => {
    expect(isSwf([...HEADER, DONE, ''].join('\n'))).toBe(true);
    expect(isSwf([...HEADER.slice(0, 2), '; a long header'].join('\n'))).toBe(true);
    expect(isSwf(`${DONE}\n`)).toBe(true);
    expect(isSwf('type,id\nbuild,1\n')).toBe(false);
    expect(isSwf('1 2 3\n')).toBe(false);
    expect(isSwf('; a comment\nbuild 1\n')).toBe(false);
  });

  it('gives the times, the outcome and the limit of a job', () => {
    expect(read(...HEADER, DONE)).toEqual([
      {
        source: 'hpc',
        type: 'user 12',
        id: '15',
        attempt: 1,
        queuedAt: START - 192_180_000,
        startedAt: START,
        endedAt: START + 3_477_000,
        outcome: 'succeeded',
        limit: 53_940_000,
      },
    ]);
  });

  it.each([
    ['0', 'failed'],
    ['1', 'succeeded'],
    ['5', 'cancelled'],
    ['-1', 'unknown'],
  ])('status %s means %s', (status, outcome) => {
    expect(read(DONE.replace('-1  1  12', `-1  ${status}  12`))).toMatchObject([{ outcome }]);
  });

  it('types jobs by their executable where the log names it', () => {
    expect(read(DONE.replace('12  12  -1', '12  12  7'))).toMatchObject([{ type: 'executable 7' }]);
  });

  it('leaves out what is unknown', () => {
    expect(read(DONE.replace('192180', '-1').replace('53940', '-1'))).toMatchObject([
      { startedAt: undefined, endedAt: undefined, outcome: 'cancelled', limit: undefined },
    ]);
    expect(read(DONE.replace('3477', '-1'))).toMatchObject([
      { startedAt: expect.any(Number) as number, endedAt: undefined },
    ]);
  });

  it('names a line that it cannot read', () => {
    expect(read(...HEADER, '1 2 3', DONE.replace('3477', 'long'))).toEqual([
      'line 5: it has not the 18 numbers of the Standard Workload Format',
      'line 6: it has not the 18 numbers of the Standard Workload Format',
    ]);
  });
});
