import { basename } from 'node:path';
import { parseRun } from '@tardy/core';
import { historyRow, type HistoryRow } from '@tardy/core/learn';
import { readStored, SourceError } from '@tardy/core/sources';
import { UsageError } from '../errors.js';
import { rowReader } from './columns.js';
import { CsvError, csvRows } from './csv.js';
import { linesIn } from '../record/lines-store.js';
import { isRecord } from '../record/record-line.js';
import { contentsOf, historyRows } from '../record/read-record.js';
import type { HistoryIntake, HistorySource } from './history-source.js';
import { linesOf } from './lines.js';
import { isSwf, swfReader } from './swf.js';
import { documentsOf, systemTable, type Documents, type TableRow } from './system-files.js';

/** How a file of history is read. */
export type HistoryFileOptions = {
  /** The source that rows belong to which name none. */
  readonly source: string;
  /** What a table calls a column, where it is another name. */
  readonly columns: Readonly<Record<string, string>>;
};

type Format = 'csv' | 'swf' | 'record' | 'ndjson' | 'json';

/** A document of JSON is read into memory, unlike lines. */
const LONGEST_DOCUMENT = 256 * 1024 * 1024;

/** The name that the source of a file gets: its own, without the folder and the extensions. */
export function sourceNameOf(path: string): string {
  const full = basename(path);
  let name = full;
  for (let before = ''; before !== name;) {
    before = name;
    name = name.replace(/\.(?:csv|tsv|txt|json|ndjson|jsonl|swf|gz)$/i, '');
  }
  return name || full;
}

/**
 * Reads a file of history, whatever it turns out to be, into `intake`.
 *
 * @param shown what messages call the file.
 * @throws {UsageError} for a file that is none of these formats.
 */
export async function readHistoryFile(
  parts: AsyncIterable<string>,
  shown: string,
  intake: HistoryIntake,
  options: HistoryFileOptions,
): Promise<HistorySource> {
  const { start, all } = await startOf(parts);
  const documents = await documentsOf();
  const format = formatOf(start, shown, documents);
  switch (format) {
    case 'csv':
      return intake.result(options.source, format, await readTable(all, start, shown, intake, options));
    case 'swf':
      await readSwf(all, intake, options);
      return intake.result(options.source, format);
    case 'record':
      for (const row of historyRows(await contentsOf(linesIn(all, shown)))) intake.add(row);
      return intake.result(options.source, format);
    case 'ndjson':
      await readRunLines(all, intake, options, documents);
      return intake.result(options.source, format);
    case 'json':
      return readDocument(all, shown, intake, options, documents);
  }
}

/** The beginning of a text, and the same text from its beginning. */
async function startOf(parts: AsyncIterable<string>): Promise<{ start: string; all: AsyncIterable<string> }> {
  const iterator = parts[Symbol.asyncIterator]();
  let start = '';
  // A file may arrive in small parts; the header of a log can take some of them.
  while (start.length < 16_384) {
    const next = await iterator.next();
    if (next.done === true) break;
    start += next.value;
  }
  if (start.startsWith('\uFEFF')) start = start.slice(1);
  async function* again(): AsyncGenerator<string, void> {
    yield start;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { start, all: again() };
}

function formatOf(start: string, shown: string, documents: Documents): Format {
  const text = start.trimStart();
  if (text === '') throw new UsageError(`${shown} is empty.`);
  if (text.startsWith('[')) return 'json';
  if (isRecord(text)) return 'record';
  if (text.startsWith('{')) return isRunLine(text.split('\n', 1)[0] ?? '', documents) ? 'ndjson' : 'json';
  if (isSwf(start)) return 'swf';
  return 'csv';
}

/** Whether a line is a run, or a page of runs, by itself. */
function isRunLine(line: string, documents: Documents): boolean {
  try {
    return rowsOf(JSON.parse(line), '', documents).some((row) => typeof row !== 'string');
  } catch {
    return false;
  }
}

/** A run, an entry of a report that contains one, or what a system writes. */
function rowsOf(value: unknown, source: string, documents: Documents): readonly (HistoryRow | string)[] {
  const rows = documents(value, source);
  if (rows !== undefined) return rows;
  const parsed = parseRun(typeof value === 'object' && value !== null && 'run' in value ? value.run : value, source);
  return [parsed.ok ? historyRow(parsed.run) : parsed.issue.reason];
}

/** Why the table is not complete; `undefined` if it is. */
async function readTable(
  parts: AsyncIterable<string>,
  start: string,
  shown: string,
  intake: HistoryIntake,
  { source, columns }: HistoryFileOptions,
): Promise<string | undefined> {
  let read: TableRow | undefined;
  try {
    for await (const rows of csvRows(parts, separatorOf(start))) {
      for (const fields of rows) {
        if (read === undefined) read = (await systemTable(fields, source)) ?? rowReader(fields, columns, shown, source);
        else {
          const row = read(fields);
          if (row !== undefined) intake.add(row);
        }
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError) || read === undefined) throw asUsage(error, shown);
    return error.message;
  }
  return undefined;
}

function asUsage(error: unknown, shown: string): unknown {
  return error instanceof CsvError ? new UsageError(`${shown} is no table of runs: ${error.message}.`) : error;
}

/** The separator that occurs most often in the header. */
function separatorOf(start: string): string {
  const header = start.split('\n', 1)[0] ?? '';
  const [best] = [',', ';', '\t', '|']
    .map((separator) => ({ separator, count: header.split(separator).length }))
    .sort((one, other) => other.count - one.count);
  return best?.separator ?? ',';
}

async function readSwf(
  parts: AsyncIterable<string>,
  intake: HistoryIntake,
  { source }: HistoryFileOptions,
): Promise<void> {
  const read = swfReader(source);
  for await (const lines of linesOf(parts)) {
    for (const line of lines) {
      const row = read(line);
      if (row !== undefined) intake.add(row);
    }
  }
}

async function readRunLines(
  parts: AsyncIterable<string>,
  intake: HistoryIntake,
  { source }: HistoryFileOptions,
  documents: Documents,
): Promise<void> {
  let number = 0;
  for await (const lines of linesOf(parts)) {
    for (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      for (const row of rowsOfLine(line, number, source, documents)) intake.add(row);
    }
  }
}

function rowsOfLine(
  line: string,
  number: number,
  source: string,
  documents: Documents,
): readonly (HistoryRow | string)[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [`line ${number} is not JSON`];
  }
  return rowsOf(value, source, documents).map((row) => (typeof row === 'string' ? `line ${number}: ${row}` : row));
}

async function readDocument(
  parts: AsyncIterable<string>,
  shown: string,
  intake: HistoryIntake,
  { source }: HistoryFileOptions,
  documents: Documents,
): Promise<HistorySource> {
  let text = '';
  for await (const part of parts) {
    text += part;
    if (text.length > LONGEST_DOCUMENT) {
      throw new UsageError(`${shown} is larger than 256 MiB.`, 'Write it as NDJSON, one run a line: jq -c ".runs[]"');
    }
  }
  const rows = documents(parsedJson(text), source);
  if (rows !== undefined) {
    for (const row of rows) intake.add(row);
    return intake.result(source, 'json');
  }
  try {
    const stored = readStored(text, source);
    for (const run of stored.runs) intake.add(historyRow(run, stored.now));
    for (const { id, reason } of stored.issues) intake.add(id === undefined ? reason : `${id}: ${reason}`);
    return intake.result(source, stored.format, stored.format === 'report' ? undefined : stored.incomplete);
  } catch (error) {
    if (error instanceof SourceError) throw new UsageError(`${shown} cannot be read: ${error.message}`);
    throw error;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
