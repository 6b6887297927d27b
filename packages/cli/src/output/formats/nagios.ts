import { verdictWords, type Report } from '@tardy/core';
import { complaints } from '../report-summary.js';
import type { ReportFormat } from './format.js';
import { listedRows, rowTexts } from './row-texts.js';

/** The exit codes of monitoring plugins and their names. */
export const PLUGIN_CODES = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;

/** The name of a code. */
export type PluginState = keyof typeof PLUGIN_CODES;

/**
 * The output of a monitoring plugin: one line with the state and the totals as performance data, then the details. A stuck run is
 * CRITICAL whatever else is unknown; a late one is WARNING only if everything could be read and judged.
 *
 * Source of the rules: the Monitoring Plugins Development Guidelines.
 */
export const nagiosFormat: ReportFormat = {
  render: (report, { limit, timeZone }) => {
    const { rows, hidden } = listedRows(report, limit);
    const details = [
      ...complaints(report).flatMap(({ text, more }) => [text, ...more]),
      ...rows.map((row) => {
        const { label, title, headline, source, id, link } = rowTexts(row, timeZone);
        return [`${label}: ${title}: ${headline} (${source} ${id})`, link]
          .filter((part) => part !== undefined)
          .join(' ');
      }),
      ...(hidden === 0 ? [] : [`and ${hidden} more`]),
    ];
    const first = pluginLine(pluginState(report), verdictWords(report));
    return [`${first} | ${performanceData(report)}`, ...details.map(withoutBars)].map((line) => `${line}\n`).join('');
  },
  exitCode: (report) => PLUGIN_CODES[pluginState(report)],
};

/** The first line of a plugin, without performance data. */
export function pluginLine(state: PluginState, text: string): string {
  return `TARDY ${state} - ${withoutBars(text)}`;
}

/** Runs that somebody accepts do not count. */
function pluginState({ totals, complete, acknowledgements, allow_unknown: allowUnknown = false }: Report): PluginState {
  if (totals.likely_stale > (acknowledgements?.likely_stale ?? 0)) return 'CRITICAL';
  if (!complete || (totals.unknown > (acknowledgements?.unknown ?? 0) && !allowUnknown)) return 'UNKNOWN';
  return totals.late > (acknowledgements?.late ?? 0) ? 'WARNING' : 'OK';
}

/** `'label'=value;warn;crit;min`: a single late or stuck run is enough for its state. */
function performanceData({ totals, sources }: Report): string {
  const incomplete = sources.filter(({ complete }) => !complete).length;
  const values = [
    `active=${totals.active};;;0`,
    `queued=${totals.queued};;;0`,
    `running=${totals.running};;;0`,
    `held=${totals.held};;;0`,
    `late=${totals.late};0;;0`,
    `stuck=${totals.likely_stale};;0;0`,
    `unknown=${totals.unknown};;;0`,
    `incomplete_sources=${incomplete};;;0;${sources.length}`,
  ];
  return values.join(' ');
}

/** A bar would start performance data. */
function withoutBars(text: string): string {
  return text.replaceAll('|', '¦');
}
