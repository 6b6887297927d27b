import { runKey, verdictWords, type FreshnessState, type Instant, type Report } from '@tardy/core';
import type { JudgedEntry } from '../live/status.js';
import { complaintLines } from '../output/report-summary.js';
import { runsTableLines } from '../output/runs-table.js';
import type { Terminal } from '../output/terminal.js';
import { reportedRun } from '../read/reported.js';

/** What was said last, where frames cannot be drawn over one another. */
export class Changes {
  readonly #states = new Map<string, FreshnessState>();
  #summary = '';

  /** The lines to add: the runs whose state differs from the last time, and the verdict if it differs. The first time, all that need attention. */
  since(report: Report, runs: readonly JudgedEntry[], now: Instant, terminal: Terminal): string[] {
    const first = this.#states.size === 0 && this.#summary === '';
    const changed = runs.filter(({ run, freshness: { state, problemClass } }) => {
      const before = this.#states.get(runKey(run));
      return first || before === undefined ? problemClass === 'active_stale_attention' : before !== state;
    });
    this.#states.clear();
    for (const { run, freshness } of runs) this.#states.set(runKey(run), freshness.state);
    const summary = [...complaintLines(report, terminal), verdictWords(report)].join('\n');
    const rows = changed.map((judged) => reportedRun(judged, now, report.sources[judged.source]));
    const lines = [
      ...runsTableLines(rows, { ...terminal, isTty: false }),
      ...(summary === this.#summary ? [] : [summary]),
    ];
    this.#summary = summary;
    return lines;
  }
}
