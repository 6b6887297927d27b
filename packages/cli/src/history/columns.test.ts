import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { rowReader } from './columns.js';

const HEADER = ['type', 'id', 'attempt', 'queued_at', 'started_at', 'ended_at', 'outcome', 'native', 'limit_s'];
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);

const read = (row: readonly string[], header: readonly string[] = HEADER, names = {}) =>
  rowReader(header, names, 'runs.csv', 'ci')(row);

const withField = (row: readonly string[], index: number, value: string) =>
  row.map((field, at) => (at === index ? value : field));

describe('a row of a table', () => {
  const row = [
    'build',
    '7',
    '2',
    '2026-11-23T09:00:00Z',
    '2026-11-23T09:00:05Z',
    '2026-11-23T10:01:00+00:30',
    'succeeded',
    'success',
    '21600',
  ];

  it('becomes a row of the history', () => {
    expect(read(row)).toEqual({
      source: 'ci',
      type: 'build',
      id: '7',
      attempt: 2,
      queuedAt: at('09:00:00'),
      startedAt: at('09:00:05'),
      endedAt: at('09:31:00'),
      outcome: 'succeeded',
      limit: 21_600_000,
      cut: false,
    });
  });

  it('may lack everything but its type', () => {
    expect(read(['build', '', '', '', '', '', '', '', ''])).toMatchObject({
      id: 'row 2',
      attempt: 1,
      startedAt: undefined,
      outcome: 'pending',
      limit: undefined,
    });
  });

  it.each([
    ['success', 'succeeded', false],
    ['FAILURE', 'failed', false],
    ['timed_out', 'failed', true],
    ['canceled', 'cancelled', false],
    ['blocked', 'blocked', false],
    ['pending', 'unknown', false],
    ['odd', 'unknown', false],
  ])('that ended as %s has the outcome %s', (word, outcome, cut) => {
    expect(read(withField(row, 6, word))).toMatchObject({ outcome, cut });
  });

  it('knows from the word of its source that its time was up', () => {
    expect(read(withField(row, 7, 'timeout'))).toMatchObject({ cut: true });
  });

  it('may count seconds or milliseconds since 1970', () => {
    expect(read(withField(withField(row, 4, '1764000000'), 5, '1764000000500'))).toMatchObject({
      startedAt: 1_764_000_000_000,
      endedAt: 1_764_000_000_500,
    });
  });

  it.each([
    [withField(row, 0, ''), 'row 2: type is empty'],
    [withField(row, 2, 'first'), 'row 2: attempt is not a number such as 1'],
    [withField(row, 2, '0'), 'row 2: attempt is not a number such as 1'],
    [withField(row, 4, '2026-11-23T09:00:00'), 'row 2: started_at is not a time such as 2026-11-23T09:00:00Z'],
    [withField(row, 8, '6h'), 'row 2: limit_s is not a number of seconds'],
    [withField(row, 8, '-1'), 'row 2: limit_s is not a number of seconds'],
    [row.slice(0, 5), 'row 2: it has 5 of 9 columns'],
  ])('that cannot be read says why: %j', (fields, reason) => {
    expect(read(fields)).toBe(reason);
  });
});

describe('a header', () => {
  it('may call its columns otherwise', () => {
    const names = { type: 'job', started_at: 'begin', ended_at: 'end' };
    expect(read(['a', '1764000000', '1764000060'], ['job', ' begin ', 'end'], names)).toMatchObject({
      type: 'a',
      startedAt: 1_764_000_000_000,
      endedAt: 1_764_000_060_000,
      outcome: 'unknown',
    });
  });

  it('may name the source', () => {
    const header = ['source', 'type', 'started_at'];
    expect(read(['other', 'a', ''], header)).toMatchObject({ source: 'other' });
    expect(read(['', 'a', ''], header)).toMatchObject({ source: 'ci' });
  });

  it.each([
    [['a', 'b'], {}, 'runs.csv has no column type and no column started_at; it has a, b.'],
    [['type', 'begin'], {}, 'runs.csv has no column started_at; it has type, begin.'],
    [HEADER, { type: 'job' }, 'runs.csv has no column "job".'],
    [HEADER, { kind: 'type' }, '--columns: there is no column "kind".'],
    [Array.from({ length: 20 }, (_, index) => `c${index}`.padEnd(50, 'x')), {}, 'runs.csv has no column type'],
  ])('without what learning needs is refused: %j', (header, names, message) => {
    const make = () => rowReader(header, names, 'runs.csv', 'ci');
    expect(make).toThrow(UsageError);
    expect(make).toThrow(message);
  });
});
