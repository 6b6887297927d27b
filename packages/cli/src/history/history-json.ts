import type { HistoryReading } from './read-history.js';

/** The history behind a result as JSON. */
export function historyJson({ history, sources }: HistoryReading): unknown {
  return {
    rows: sources.reduce((sum, { rows }) => sum + rows, 0),
    repeated: history.repeated,
    types: history.groups.length,
    sources: sources.map(({ name, format, rows, unreadable, issues, incomplete }) => ({
      name,
      format,
      rows,
      unreadable,
      issues,
      incomplete: incomplete ?? null,
    })),
  };
}
