import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import type { TargetResult } from '../notify/deliver.js';
import { sanitizeLines } from '../output/sanitize.js';
import { FileBusyError } from '../wait-for-lock.js';

/** Says on stderr what could not be sent, by target and reason. */
export function noteUnsent(io: CliIo, results: readonly TargetResult[]): void {
  for (const { target, unsent, reasons } of results) {
    if (unsent.length === 0) continue;
    const runs = unsent.length === 1 ? '1 run' : `${unsent.length} runs`;
    const why = reasons.length === 0 ? '' : ` ${reasons.join(' ')}`;
    io.stderr.write(
      sanitizeLines(
        `tardy: ${target.name} was not sent what it is due about ${runs}; the next check tries again.${why}\n`,
      ),
    );
  }
}

/** Runs a command that needs the state; 3 if another process does not release it, since nothing was read then. */
export async function unlessBusy(io: CliIo, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof FileBusyError)) throw error;
    io.stderr.write(sanitizeLines(`tardy: ${error.message}\n`));
    return EXIT.CANNOT_TELL;
  }
}
