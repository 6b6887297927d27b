import type { LiveIo } from '../io.js';

/** Draws frames over one another. */
export type Screen = {
  readonly draw: (lines: readonly string[]) => void;
  /** Gives the screen back as it was. */
  readonly leave: () => void;
};

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/** The second screen of a terminal: without a cursor, and without a line that wraps and shifts the others. */
export function fullScreen({ write }: Pick<LiveIo, 'write'>): Screen {
  let last = '';
  write(ENTER);
  return {
    draw: (lines) => {
      // Erased first: after a line that fills the screen, the cursor stands on its last character.
      const frame = `\x1b[H${lines.map((line) => `\x1b[2K${line}`).join('\r\n')}\x1b[J`;
      if (frame !== last) write(frame);
      last = frame;
    },
    leave: () => write(LEAVE),
  };
}
