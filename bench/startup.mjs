import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, round, run, TARDY } from './measure.mjs';
import { randomFrom, wireRun } from './random-runs.mjs';

const ROUNDS = 15;

/** How long the command line takes to start, against an empty Node script. */
export async function benchStartup() {
  const folder = mkdtempSync(join(tmpdir(), 'tardy-bench-'));
  try {
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, '');
    const runs = join(folder, 'runs.json');
    const random = randomFrom(3);
    writeFileSync(runs, JSON.stringify({ runs: Array.from({ length: 100 }, (_, index) => wireRun(index, random)) }));
    const times = { empty: [], version: [], check: [] };
    for (let round = 0; round < ROUNDS; round++) {
      times.empty.push((await run(process.execPath, [empty])).ms);
      times.version.push((await run(process.execPath, [TARDY, '--version'])).ms);
      times.check.push((await run(process.execPath, [TARDY, 'check', `file:${runs}`, '--fail-on', 'never'])).ms);
    }
    const floor = median(times.empty);
    return [
      {
        what: 'tardy --version',
        ms: round(median(times.version), 0),
        against: 'an empty script',
        ratio: round(median(times.version) / floor),
      },
      {
        what: 'tardy check, 100 runs',
        ms: round(median(times.check), 0),
        against: 'an empty script',
        ratio: round(median(times.check) / floor),
        moreMs: round(median(times.check) - floor, 0),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
