import { paint } from '../output/colors.js';
import { sanitizeInline } from '../output/sanitize.js';
import type { Terminal } from '../output/terminal.js';
import type { HistorySource } from './history-source.js';

/** What is missing from a history, one line for each place. */
export function gapLines(sources: readonly HistorySource[], terminal: Terminal): string[] {
  return sources.flatMap(({ name, unreadable, issues, incomplete }) => {
    const rows = unreadable === 1 ? '1 row' : `${unreadable} rows`;
    const words = [
      ...(incomplete === undefined ? [] : [incomplete]),
      ...(unreadable === 0 ? [] : [`${rows} could not be read: ${issues[0] ?? ''}`]),
    ];
    return words.map((word) => paint(sanitizeInline(`${name}: incomplete: ${word}`), 'neutral', terminal));
  });
}
