import type { Instant } from '@tardy/core';
import { UsageError } from '../errors.js';
import { linesOf } from '../history/lines.js';
import type { CliIo } from '../io.js';
import { waitForLock } from '../wait-for-lock.js';
import { entryKey, isOpen, type Entry, type SourceCheck } from './entry.js';
import { checkLine, entryLine, parseRecordLine, RecordLineError, type RecordLine } from './record-line.js';
import type { RecordPlace } from './place.js';
import type { RecordStore } from './store.js';

/** A file is written again without what is out of date once that is half of it, and more than this many lines. */
const LEAST_WASTE = 200;

/** What is too old may stay for so long, so that a file is not written again with each check. */
const SLACK_MS = 86_400_000;

/**
 * Opens a file of lines. A check adds lines at its end; from time to time the file is replaced by one without what is out of date. The end of
 * a line that is missing, because a process was killed while it wrote, belongs to a check that did not count.
 */
export async function openLines(io: CliIo, place: RecordPlace): Promise<RecordStore> {
  const { path, shown } = place;
  const lock = await waitForLock(io, path);
  try {
    const { entries, checks, lines, torn } = await readAll(io, place);
    const wasThere = (await io.pathKind(path)) !== undefined;
    return {
      find: (key) => entries.get(key),
      open: () => [...entries.values()].filter(isOpen),
      lastChecks: lastOf(checks),
      size: () => entries.size,
      save: async (news, more, before) => {
        if (!lock.held()) {
          throw new UsageError(`${shown} was taken over by another process of tardy, because this one was suspended.`);
        }
        for (const entry of news) entries.set(entryKey(entry.sourceName, entry.run), entry);
        checks.push(...more);
        const last = lastOf(checks);
        const all = lines + news.length + more.length;
        const kept = {
          entries: [...entries.values()].filter((entry) => isKept(entry, last, before)),
          checks: checks.filter(({ at }) => at >= before),
        };
        const waste = all - kept.entries.length - kept.checks.length;
        const isOld = [...entries.values()].some((entry) => !isKept(entry, last, before - SLACK_MS));
        if (!wasThere || torn || isOld || waste > Math.max(LEAST_WASTE, all / 2)) {
          await io.writeFile(path, textOf(kept.checks, kept.entries), 0o600);
        } else await io.appendFile(path, textOf(more, news));
        entries.clear();
        for (const entry of kept.entries) entries.set(entryKey(entry.sourceName, entry.run), entry);
      },
      close: lock.release,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The lines of a file; `undefined` if there is no file. */
export async function linesOfRecord(io: CliIo, place: RecordPlace): Promise<AsyncIterable<RecordLine> | undefined> {
  const parts = await io.openText(place.path);
  return parts === undefined ? undefined : linesIn(parts, place.shown);
}

/**
 * The lines in the text of a record; one that is missing its end is left out.
 *
 * @throws {UsageError} for any other that cannot be read.
 */
export async function* linesIn(parts: AsyncIterable<string>, shown: string): AsyncGenerator<RecordLine, void> {
  for await (const { line, number, isTorn } of numbered(parts)) {
    try {
      yield parseRecordLine(line);
    } catch (error) {
      if (!(error instanceof RecordLineError)) throw error;
      if (!isTorn) throw damaged(shown, number, error);
    }
  }
}

type Numbered = { readonly line: string; readonly number: number; readonly isTorn: boolean };

/** Only what follows the last line break can be torn. */
async function* numbered(parts: AsyncIterable<string>): AsyncGenerator<Numbered, void> {
  let number = 0;
  let ends = true;
  async function* watched(): AsyncGenerator<string, void> {
    for await (const part of parts) {
      if (part !== '') ends = part.endsWith('\n');
      yield part;
    }
  }
  let last: Numbered | undefined;
  for await (const lines of linesOf(watched())) {
    for (const line of lines) {
      if (last !== undefined) yield last;
      number++;
      last = line.trim() === '' ? undefined : { line, number, isTorn: false };
    }
  }
  if (last !== undefined) yield { ...last, isTorn: !ends };
}

async function readAll(
  io: CliIo,
  { path, shown }: RecordPlace,
): Promise<{ entries: Map<string, Entry>; checks: SourceCheck[]; lines: number; torn: boolean }> {
  const entries = new Map<string, Entry>();
  const checks: SourceCheck[] = [];
  let lines = 0;
  let torn = false;
  const parts = await io.openText(path);
  if (parts === undefined) return { entries, checks, lines, torn };
  for await (const { line, number, isTorn } of numbered(parts)) {
    try {
      const read = parseRecordLine(line);
      lines++;
      torn ||= isTorn;
      if (read.kind === 'check') checks.push(read.check);
      else entries.set(entryKey(read.entry.sourceName, read.entry.run), read.entry);
    } catch (error) {
      if (!(error instanceof RecordLineError)) throw error;
      if (!isTorn) throw damaged(shown, number, error);
      torn = true;
    }
  }
  return { entries, checks, lines, torn };
}

function damaged(shown: string, number: number, { message }: RecordLineError): UsageError {
  return new UsageError(
    `${shown} is no record of tardy: line ${number}: ${message}. It is neither used nor overwritten.`,
    'Restore it, remove it, or name another file.',
  );
}

function lastOf(checks: readonly SourceCheck[]): Map<string, Instant> {
  const last = new Map<string, Instant>();
  for (const { sourceName, at } of checks) last.set(sourceName, Math.max(at, last.get(sourceName) ?? -Infinity));
  return last;
}

/** A run that has not ended is kept as long as its source is recorded. */
function isKept(entry: Entry, last: ReadonlyMap<string, Instant>, before: Instant): boolean {
  return (isOpen(entry) ? Math.max(entry.lastSeen, last.get(entry.sourceName) ?? -Infinity) : entry.lastSeen) >= before;
}

function textOf(checks: readonly SourceCheck[], entries: readonly Entry[]): string {
  return [...entries.map(entryLine), ...checks.map(checkLine)].map((line) => `${line}\n`).join('');
}
