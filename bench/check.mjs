import { fork } from 'node:child_process';
import { here, median, round, run, runNode, TARDY } from './measure.mjs';
import { NOW } from './random-runs.mjs';

const ROUNDS = 5;

/** `tardy check` over many active runs: against the bare loop that only reads them, and against curl and jq. */
export async function benchCheck() {
  const rows = await withServer(100_000, async (base) => {
    const check = [
      'check',
      `runs:${base}`,
      '--now',
      new Date(NOW).toISOString(),
      '--fail-on',
      'never',
      '--format',
      'json',
    ];
    const floors = [];
    const ours = [];
    let last;
    // Alternating, so that other load of the machine affects both.
    for (let round = 0; round < ROUNDS; round++) {
      floors.push((await runNode([here('floor-reader.mjs'), base])).ms);
      last = await runNode([TARDY, ...check]);
      ours.push(last.ms);
    }
    const { totals } = JSON.parse(last.out);
    if (totals.active !== 100_000) throw new Error(`read ${totals.active} of 100000 runs: ${last.err}`);
    const pipeline = await run('sh', [here('curl-jq.sh'), base, String(NOW / 1000)]);
    const counted = Object.fromEntries(
      pipeline.out
        .trim()
        .split('\n')
        .map((line) => line.trim().split(' ').reverse()),
    );
    const agrees =
      Number(counted['"stale"'] ?? 0) === totals.likely_stale && Number(counted['"late"'] ?? 0) === totals.late;
    return [
      {
        what: 'check, 100,000 runs',
        ms: round(median(ours), 0),
        against: 'bare undici + JSON.parse',
        ratio: round(median(ours) / median(floors)),
        peakMb: last.peakMb,
      },
      {
        what: 'check, 100,000 runs',
        ms: round(median(ours), 0),
        against: `curl | jq (counts ${agrees ? 'agree' : 'DIFFER'})`,
        ratio: round(median(ours) / pipeline.ms),
        peakMb: last.peakMb,
      },
    ];
  });
  const million = await withServer(1_000_000, async (base) => {
    const floor = await runNode([here('floor-reader.mjs'), base]);
    const ours = await runNode([
      TARDY,
      'check',
      `runs:${base}`,
      '--now',
      new Date(NOW).toISOString(),
      '--fail-on',
      'never',
      '--timeout',
      '5m',
      '--format',
      'json',
    ]);
    const { totals } = JSON.parse(ours.out);
    if (totals.active !== 1_000_000) throw new Error(`read ${totals.active} of 1000000 runs: ${ours.err}`);
    return {
      what: 'check, 1,000,000 runs',
      ms: round(ours.ms, 0),
      against: 'bare undici + JSON.parse',
      ratio: round(ours.ms / floor.ms),
      peakMb: ours.peakMb,
    };
  });
  return [...rows, million];
}

/** Serves prepared pages from a separate process while `work` reads them. */
async function withServer(total, work) {
  const server = fork(here('page-server.mjs'), [String(total)]);
  try {
    const port = await new Promise((resolve, reject) => {
      server.once('message', resolve);
      server.once('exit', () => reject(new Error('the page server ended')));
    });
    return await work(`http://127.0.0.1:${port}/api`);
  } finally {
    server.kill();
  }
}
