import { describe, expect, it } from 'vitest';
import { parseRun } from '../../wire.js';
import { sacctTable } from './sacct.js';

/**
 * In the form that the manual of sacct (https://slurm.schedmd.com/sacct.html) describes for --parsable2: columns by name, a step with a suffix, the task
 * of an array with its index, `CANCELLED by` the user, and `[DD-[HH:]]MM:SS`.
 */
const HEADER = 'JobID|JobName|User|State|Submit|Start|End|Elapsed|Timelimit'.split('|');
const START = Date.UTC(2026, 6, 11, 12);

function read(line: string, header = HEADER) {
  const wire = sacctTable(header)?.(line.split('|'));
  const parsed = wire === undefined ? undefined : parseRun(wire, 'hpc');
  if (parsed?.ok === false) throw new Error(parsed.issue.reason);
  return parsed?.run;
}

describe('a line of sacct', () => {
  it('is a job with its times, its limit and its state', () => {
    const line =
      '12748|train|mira|TIMEOUT|2026-07-11T11:00:00|2026-07-11T12:00:00|2026-07-12T12:00:20|1-00:00:20|1-00:00:00';
    expect(read(line)).toMatchObject({
      id: '12748',
      type: 'train',
      status: 'completed',
      outcome: 'failed',
      queuedAt: START - 3_600_000,
      startedAt: START,
      endedAt: START + 86_420_000,
      deadlineAt: START + 86_400_000,
      native: { status: 'TIMEOUT' },
    });
  });

  it.each([
    ['COMPLETED', 'completed', 'succeeded'],
    ['CANCELLED by 1000', 'completed', 'cancelled'],
    ['OUT_OF_MEMORY', 'completed', 'failed'],
    ['RUNNING', 'running', 'pending'],
    ['PENDING', 'queued', 'pending'],
  ])('in state %s is %s and %s', (state, status, outcome) => {
    expect(read(`6764460_1|train|mira|${state}|2026-07-11T11:00:00|Unknown|Unknown|00:00:00|UNLIMITED`)).toMatchObject({
      id: '6764460_1',
      status,
      outcome,
      deadlineAt: undefined,
    });
  });

  it.each(['12748.batch', '12748.extern', '12748.0', ''])('of a step is no job: "%s"', (id) => {
    expect(
      read(`${id}|batch||COMPLETED|2026-07-11T11:00:00|2026-07-11T12:00:00|2026-07-11T12:10:00|00:10:00|`),
    ).toBeUndefined();
  });

  it.each([
    ['2026-07-11T14:00:00+0200', START],
    ['2026-07-11T12:00:00Z', START],
    [String(START / 1000), START],
    ['2026-07-11T12:00', START],
    ['None', undefined],
  ])('has a start that SLURM_TIME_FORMAT writes as %s', (text, at) => {
    expect(read(`1|train|mira|FAILED|Unknown|${text}|Unknown|01:00:00|`)?.startedAt).toBe(at);
  });

  it('says that what is no time cannot be read', () => {
    expect(() => read('1|train|mira|FAILED|yesterday|Unknown|Unknown|01:00:00|')).toThrow('queued_at');
  });

  it('took as long as Slurm has measured, whatever clocks were set to', () => {
    const header = ['JobIDRaw', 'JobID', 'State', 'Start', 'End', 'ElapsedRaw', 'TimelimitRaw', 'User'];
    const run = read('7|7|FAILED|2026-10-25T02:30:00|2026-10-25T02:10:00|2400|60|mira', header);
    expect([(run?.endedAt ?? 0) - (run?.startedAt ?? 0), (run?.deadlineAt ?? 0) - (run?.startedAt ?? 0)]).toEqual([
      2_400_000, 3_600_000,
    ]);
    expect(run?.type).toBe('user mira');
  });

  it('is none of a table of something else', () => {
    expect(sacctTable(['type', 'id', 'started_at'])).toBeUndefined();
    expect(sacctTable(['JobID', 'State'])).toBeUndefined();
  });
});
