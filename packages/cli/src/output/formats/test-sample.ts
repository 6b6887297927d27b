import { aReport, aRun, aSource, aStuckRun, MINUTE, NOW } from '../test-report.js';

/** A report with one run of each kind that needs attention, and a source that could not be read. */
export const SAMPLE = aReport(
  [
    aStuckRun({ url: 'https://ci.example/runs/481516' }),
    aRun({ id: '23', title: 'Export | all', type: 'export', tenant: undefined, startedAt: NOW - 90 * MINUTE }),
    aRun({ id: '42', startedAt: undefined }),
  ],
  [
    aSource({ runs: 3 }),
    aSource({
      name: 'ci',
      kind: 'github',
      complete: false,
      runs: 0,
      clock_offset_ms: null,
      error: { code: 'rate_limited', message: 'HTTP 429.' },
    }),
  ],
);

/** A report in which all is well. */
export const HEALTHY = { ...aReport([aRun()]), runs: [] };
