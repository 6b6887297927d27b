import { expect, it } from 'vitest';
import { parseRun } from '../../wire.js';
import { epochMs, epochMsToWire, epochSecondsToWire } from './epoch-time.js';

/** What a run says of a start that was written so. */
function startOf(started_at: unknown): unknown {
  const parsed = parseRun({ id: '1', type: 'sync', status: 'running', started_at }, 'ci');
  return parsed.ok ? parsed.run.startedAt : parsed.issue.reason;
}

it.each([
  ['milliseconds', epochMsToWire(1_795_411_427_123), 1_795_411_427_123],
  ['a part of a millisecond', epochMsToWire(1_795_411_427_123.9), 1_795_411_427_123],
  ['seconds with a fraction', epochSecondsToWire(1_795_411_427.5), 1_795_411_427_500],
  ['zero', epochMsToWire(0), undefined],
  ['null', epochSecondsToWire(null), undefined],
  ['the last instant', epochMsToWire(253_402_300_799_999), 253_402_300_799_999],
])('reads %s', (_, written, start) => {
  expect(startOf(written)).toBe(start);
});

it.each([
  ['an instant past the last', epochMsToWire(253_402_300_800_000)],
  ['one before the first', epochSecondsToWire(-62_167_219_201)],
  ['no number', epochMsToWire(NaN)],
  ['text', epochSecondsToWire('soon')],
])('refuses %s', (_, written) => {
  expect(startOf(written)).toContain('started_at must be');
});

it.each([
  [1_795_863_149_000.5, 1_795_863_149_000],
  [253_402_300_799_999, 253_402_300_799_999],
  [253_402_300_800_000, undefined],
  [1e300, undefined],
  [0, undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  [null, undefined],
])('takes %s for an instant only if a calendar has it', (value, at) => {
  expect(epochMs(value)).toBe(at);
});

it.each(['1795863149000', true, {}, []])('refuses %j as an instant, since it is not a number', (value) => {
  expect(() => epochMs(value)).toThrow(expect.objectContaining({ code: 'shape' }));
});
