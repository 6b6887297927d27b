import { sanitizeInline } from './sanitize.js';
import type { Terminal } from './terminal.js';
import { truncate } from './text-width.js';

/** A line that shows progress and disappears when there is output. */
export type ProgressLine = {
  /** Shows this text. */
  readonly update: (text: string) => void;
  /** Removes the line for good. Call it before writing anything else to the stream. */
  readonly clear: () => void;
};

/** The options of a progress line. */
export type ProgressLineOptions = {
  /** Writes to stderr. */
  readonly write: (text: string) => void;
  /** What stderr can display. */
  readonly terminal: Terminal;
  /** False in CI, where the log keeps every frame. */
  readonly animated: boolean;
  /** The local clock, in milliseconds. */
  readonly now: () => number;
  /** The text before the first update. */
  readonly text?: string;
  /** Calls back every so many milliseconds until stopped; replaced in tests. */
  readonly every?: (ms: number, call: () => void) => () => void;
};

const QUIET_MS = 1000;
const FRAME_MS = 100;

/** Starts a progress line. It appears after a second, only on a terminal, and changes at most ten times a second. */
export function progressLine(options: ProgressLineOptions): ProgressLine {
  const { write, terminal, animated, now, text = 'Reading', every = everyUnreferenced } = options;
  if (!animated || !terminal.isTty) return { update: () => {}, clear: () => {} };
  const startedAt = now();
  let latest = text;
  let drawn: string | undefined;
  const stop = every(FRAME_MS, () => {
    if (now() - startedAt < QUIET_MS || latest === drawn) return;
    drawn = latest;
    // One column stays free: some terminals wrap a full line, which could then not be removed.
    write(`\r\x1b[K${truncate(sanitizeInline(latest), terminal.columns - 1, terminal)}`);
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

/** How far sources have been read. `waiting` names those that are not read yet, where others are. */
export type ReadingProgress = { readonly runs: number; readonly pages: number; readonly waiting: readonly string[] };

/** The words while sources are read: `118 runs read, 3 pages; waiting for ci`. */
export function readingWords({ runs, pages, waiting }: ReadingProgress): string {
  const names = waiting.length > 3 ? [...waiting.slice(0, 2), `${waiting.length - 2} more`] : waiting;
  const rest = names.length === 0 ? '' : `; waiting for ${names.join(', ')}`;
  return `${runs} ${runs === 1 ? 'run' : 'runs'} read, ${pages} ${pages === 1 ? 'page' : 'pages'}${rest}`;
}

/** Unreferenced: the timer must not keep the process alive. */
function everyUnreferenced(ms: number, call: () => void): () => void {
  const timer = setInterval(call, ms);
  timer.unref();
  return () => clearInterval(timer);
}
