import type { Alert } from '@tardy/core';
import { escapeMarkdown } from '../output/formats/markdown.js';
import { sanitizeInline } from '../output/sanitize.js';
import { ALARM_COLUMNS, alarmCells } from './alarm-history.js';

/** The alarms as a table of Markdown under a heading of its own. */
export function alarmMarkdown(alarms: readonly Alert[], timeZone: string): string {
  const rows = alarms.map((alarm) =>
    rowLine(alarmCells(alarm, timeZone).map((text) => escapeMarkdown(sanitizeInline(text)))),
  );
  const table = [rowLine(ALARM_COLUMNS), rowLine(ALARM_COLUMNS.map(() => '---')), ...rows];
  return ['## Alarms', '', ...(rows.length === 0 ? ['There was none.'] : table), ''].join('\n');
}

function rowLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
