import { emitKeypressEvents } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Key, LiveIo } from './io.js';

/** The exit codes that shells give to a process which ended by a signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Takes over the signals, the terminal and the timers of this process, for a command that stays until it is stopped. */
export function takeProcess(): LiveIo {
  const stop = new AbortController();
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(code);
      stop.abort(code);
    });
  }
  const { stdin, stdout } = process;
  const undo: (() => void)[] = [];
  return {
    write: (text) => void stdout.write(text),
    stopped: stop.signal,
    size: () => (stdout.isTTY ? { columns: stdout.columns, rows: stdout.rows } : undefined),
    onResize: (changed) => {
      stdout.on('resize', changed);
      undo.push(() => stdout.off('resize', changed));
    },
    onKey: (pressed) => {
      if (!stdin.isTTY) return false;
      const listener = (text: string | undefined, key: { name?: string; ctrl?: boolean } | undefined) => {
        const read: Key = { name: key?.name, text: text ?? '', ctrl: key?.ctrl ?? false };
        // In raw mode the terminal sends no signal.
        if (read.ctrl && read.name === 'c') process.emit('SIGINT');
        else pressed(read);
      };
      emitKeypressEvents(stdin);
      stdin.setRawMode(true);
      stdin.resume();
      stdin.on('keypress', listener);
      undo.push(() => {
        stdin.off('keypress', listener);
        stdin.setRawMode(false);
        stdin.pause();
      });
      return true;
    },
    wait: async (ms, signal) => {
      // A timer takes no more than 2^31 - 1 ms.
      await wait(Math.min(ms, 2 ** 31 - 1), undefined, { signal }).catch(() => {});
    },
    release: () => {
      for (const one of undo.splice(0)) one();
    },
  };
}
