import { parseRun } from '@tardy/core';
import { historyRow, type HistoryRow } from '@tardy/core/learn';
import { SOURCE_KINDS, type HistoryFiles } from '@tardy/core/sources';

/** Reads one row of a table: a row of the history, what is wrong with it, or `undefined` for a row that is no run. */
export type TableRow = (fields: readonly string[]) => HistoryRow | string | undefined;

/** The rows in what some system has written; `undefined` for anything else. */
export type Documents = (value: unknown, source: string) => readonly (HistoryRow | string)[] | undefined;

/** The reader of a table that the tools of a system write, by its header; `undefined` for any other table. */
export async function systemTable(header: readonly string[], source: string): Promise<TableRow | undefined> {
  for (const { table } of await historyFiles()) {
    const read = table?.(header);
    if (read === undefined) continue;
    let number = 1;
    return (fields) => {
      number++;
      const wire = read(fields);
      if (wire === undefined) return undefined;
      const parsed = parseRun(wire, source);
      return parsed.ok ? historyRow(parsed.run) : `row ${number}: ${parsed.issue.reason}`;
    };
  }
  return undefined;
}

/** How the documents of all systems are read. */
export async function documentsOf(): Promise<Documents> {
  const kinds = await historyFiles();
  return (value, source) => {
    for (const { document } of kinds) {
      const page = document?.(value, source);
      if (page === undefined) continue;
      const issues = page.issues.map(({ id, reason }) => (id === undefined ? reason : `${id}: ${reason}`));
      return [...page.runs.map((run) => historyRow(run)), ...issues];
    }
    return undefined;
  };
}

async function historyFiles(): Promise<readonly HistoryFiles[]> {
  const kinds = Object.values(SOURCE_KINDS).map(async ({ historyFiles: files }) => files?.());
  return (await Promise.all(kinds)).filter((files) => files !== undefined);
}
