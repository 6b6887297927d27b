import { harmlessInline } from './harmless.js';
import type { Terminal } from './terminal.js';
import { truncate } from './text-width.js';

/** A line that tells how far something has got, and goes away when there is something to read. */
export type ProgressLine = {
  /** Says what is going on now. */
  readonly update: (text: string) => void;
  /** Takes the line away for good. Call it before anything else is written to the stream. */
  readonly clear: () => void;
};

/** What a progress line needs. */
export type ProgressLineOptions = {
  /** Writes to the error stream: results go elsewhere. */
  readonly write: (text: string) => void;
  /** What the error stream can show. */
  readonly terminal: Terminal;
  /** False in CI, where a log keeps every frame. */
  readonly animated: boolean;
  /** The local clock, in milliseconds. */
  readonly now: () => number;
  /** What is said before the first news. */
  readonly text?: string;
  /** Calls back after some milliseconds, again and again, until stopped; replaced in tests. */
  readonly every?: (ms: number, call: () => void) => () => void;
};

const QUIET_MS = 1000;
const FRAME_MS = 100;

/** Starts a progress line. It shows once it has taken a second, on a terminal only, and changes ten times a second at most. */
export function progressLine(options: ProgressLineOptions): ProgressLine {
  const { write, terminal, animated, now, text = 'Reading', every = everyUnreferenced } = options;
  if (!animated || !terminal.isTty) return { update: () => {}, clear: () => {} };
  const startedAt = now();
  let latest = text;
  let drawn: string | undefined;
  const stop = every(FRAME_MS, () => {
    if (now() - startedAt < QUIET_MS || latest === drawn) return;
    drawn = latest;
    // One column is left free: some terminals wrap a full line, which could then not be taken back.
    write(`\r\x1b[K${truncate(harmlessInline(latest), terminal.columns - 1, terminal)}`);
  });
  return {
    update: (news) => {
      latest = news;
    },
    clear: () => {
      stop();
      if (drawn !== undefined) write('\r\x1b[K');
      drawn = undefined;
    },
  };
}

/** The words while sources are read: `118 runs read, 3 pages`. */
export function readingWords(runs: number, pages: number): string {
  return `${runs} ${runs === 1 ? 'run' : 'runs'} read, ${pages} ${pages === 1 ? 'page' : 'pages'}`;
}

/** The timer must not keep a process alive that has nothing else to do. */
function everyUnreferenced(ms: number, call: () => void): () => void {
  const timer = setInterval(call, ms);
  timer.unref();
  return () => clearInterval(timer);
}
