import { verdictWords, VERDICT_TONES, type Instant, type Report } from '@tardy/core';
import type { JudgedEntry } from '../live/status.js';
import { paint } from '../output/colors.js';
import { complaintLines } from '../output/report-summary.js';
import { runViewLines } from '../output/run-view.js';
import { runsTableLines } from '../output/runs-table.js';
import { sanitizeInline } from '../output/sanitize.js';
import type { Terminal } from '../output/terminal.js';
import { systemOf } from '../read/opened-source.js';
import { reportedRun } from '../read/reported.js';
import { matching, selectedIndex, type WatchState } from './watch-state.js';

/** What a frame shows. */
export type WatchFrame = {
  readonly report: Report;
  /** All runs, worst first. */
  readonly runs: readonly JudgedEntry[];
  readonly state: WatchState;
  readonly now: Instant;
  /** Whether each source was read at least once. */
  readonly ready: boolean;
  /** Whether there are keys to press. */
  readonly hasKeys: boolean;
};

/** A frame as lines that fit a screen of so many rows. */
export function frameLines(frame: WatchFrame, terminal: Terminal, rows: number): string[] {
  const { report, runs, state, now, ready, hasKeys } = frame;
  const head = [
    ready ? paint(verdictWords(report), VERDICT_TONES[report.verdict], terminal) : paint('Reading…', 'dim', terminal),
    ...(ready ? complaintLines(report, terminal) : []),
    '',
  ];
  const foot = ['', ...footLines(frame, terminal, hasKeys)];
  const room = Math.max(1, rows - head.length - foot.length);
  const shown = matching(runs, state);
  const index = selectedIndex(shown, state);
  const selected = shown[index];
  const body =
    state.detail && selected !== undefined
      ? detailLines(selected, report, now, terminal).slice(0, room)
      : listLines(shown, index, frame, terminal, room);
  const filled = [...head, ...body];
  return [...filled.slice(0, Math.max(1, rows - foot.length)), ...foot];
}

/** The runs that are on the screen: a window that holds the selected one. */
function listLines(
  shown: readonly JudgedEntry[],
  index: number,
  { report, now, hasKeys, state }: WatchFrame,
  terminal: Terminal,
  room: number,
): string[] {
  if (shown.length === 0) return state.filter === '' ? [] : [paint('No run matches the filter.', 'dim', terminal)];
  // One line is the header.
  const space = Math.max(1, room - 1);
  const start = Math.max(0, Math.min(index - Math.floor(space / 2), shown.length - space));
  const rows = shown
    .slice(start, start + space)
    .map((judged) => reportedRun(judged, now, report.sources[judged.source]));
  const narrower = { ...terminal, columns: Math.max(20, terminal.columns - 2) };
  const lines = runsTableLines(rows, hasKeys ? narrower : terminal);
  if (!hasKeys) return lines;
  const header = lines.length - rows.length;
  const mark = terminal.unicode ? '›' : '>';
  return lines.map((line, at) => `${at - header === index - start ? paint(mark, 'bold', terminal) : ' '} ${line}`);
}

function detailLines(selected: JudgedEntry, report: Report, now: Instant, terminal: Terminal): string[] {
  const { run, freshness, source } = selected;
  return runViewLines({ run, freshness, now, sourceTitle: systemOf(report.sources[source]?.kind) }, terminal);
}

function footLines({ state, runs }: WatchFrame, terminal: Terminal, hasKeys: boolean): string[] {
  if (!hasKeys) return [];
  if (state.typing) return [`/${sanitizeInline(state.filter)}${terminal.unicode ? '▏' : '_'}`];
  const shown = matching(runs, state).length;
  const filter = state.filter === '' ? '' : `filter: ${sanitizeInline(state.filter)} (${shown} of ${runs.length})  `;
  const arrows = terminal.unicode ? '↑↓ select  ⏎ detail' : 'up/down select  enter detail';
  return [paint(`${filter}${arrows}  o open  / filter  q quit`, 'dim', terminal)];
}
