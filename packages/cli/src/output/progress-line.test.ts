import { describe, expect, it } from 'vitest';
import { progressLine, readingWords, type ProgressLineOptions } from './progress-line.js';
import { ATTACKS, harmIn } from './test-attacks.js';
import { TTY } from './test-report.js';

/** A progress line whose clock and frames the test moves. */
function started(overrides: Partial<ProgressLineOptions> = {}) {
  const written: string[] = [];
  let now = 0;
  let frame = () => {};
  let running = false;
  const line = progressLine({
    write: (text) => written.push(text),
    terminal: TTY,
    animated: true,
    now: () => now,
    every: (_ms, call) => {
      frame = call;
      running = true;
      return () => (running = false);
    },
    ...overrides,
  });
  const frameAt = (ms: number) => {
    now = ms;
    frame();
  };
  return { line, written, frameAt, isRunning: () => running };
}

describe('progressLine', () => {
  it('shows nothing in the first second', () => {
    const { line, written, frameAt } = started();
    line.update('3 runs read');
    frameAt(999);
    line.clear();
    expect(written).toEqual([]);
  });

  it('shows what is new after that, once, and goes away', () => {
    const { line, written, frameAt, isRunning } = started();
    frameAt(1000);
    frameAt(1100);
    line.update('3 runs read');
    line.update('4 runs read');
    frameAt(1200);
    line.clear();
    expect(written).toEqual(['\r\x1b[KReading', '\r\x1b[K4 runs read', '\r\x1b[K']);
    expect(isRunning()).toBe(false);
    line.clear();
    expect(written).toHaveLength(3);
  });

  it.each([
    { when: 'it is no terminal', overrides: { terminal: { ...TTY, isTty: false } } },
    { when: 'it is CI', overrides: { animated: false } },
  ])('stays away when $when', ({ overrides }) => {
    const { line, written, frameAt, isRunning } = started(overrides);
    line.update('x');
    frameAt(5000);
    line.clear();
    expect(written).toEqual([]);
    expect(isRunning()).toBe(false);
  });

  it('never fills the last column', () => {
    const { line, written, frameAt } = started({ terminal: { ...TTY, columns: 20 } });
    line.update('a source with a very long name');
    frameAt(1000);
    expect(written).toEqual(['\r\x1b[Ka source with a ve…']);
  });

  it.each(ATTACKS)('prints nothing dangerous, whatever the name of a source: $name', ({ text }) => {
    const { line, written, frameAt } = started();
    line.update(text);
    frameAt(1000);
    expect(harmIn((written[0] ?? '').replace('\r\x1b[K', ''))).toBeUndefined();
  });
});

it.each([
  { runs: 1, pages: 1, waiting: [], expected: '1 run read, 1 page' },
  { runs: 118, pages: 3, waiting: ['ci'], expected: '118 runs read, 3 pages; waiting for ci' },
  { runs: 2, pages: 3, waiting: ['a', 'b', 'c', 'd'], expected: '2 runs read, 3 pages; waiting for a, b, 2 more' },
])('the words while sources are read: $expected', ({ expected, ...progress }) => {
  expect(readingWords(progress)).toBe(expected);
});
