import { resolve } from 'node:path';
import type { Instant } from '@tardy/core';
import { History, historyRow } from '@tardy/core/learn';
import { SourceError } from '@tardy/core/sources';
import { readSetup, type Setup } from '../config/setup.js';
import type { CliIo } from '../io.js';
import { readingProgress } from '../output-options.js';
import { describeError } from '../read/describe-error.js';
import { openSources } from '../read/open-sources.js';
import { unreachable, type OpenedSource } from '../read/opened-source.js';
import { contentsOf, historyRows } from '../record/read-record.js';
import { recordDatabase } from '../record/record-store.js';
import { readHistoryFile, sourceNameOf } from './history-file.js';
import type { HistoryOptions } from './history-options.js';
import { HistoryIntake, type HistorySource } from './history-source.js';

/** A history, where it came from, and whether everything that was requested could be read. */
export type HistoryReading = {
  readonly history: History;
  readonly sources: readonly HistorySource[];
  readonly complete: boolean;
  readonly setup: Setup;
};

/** How far back the history of a source is read unless `--since` says otherwise. */
const USUAL_SINCE_MS = 90 * 86_400_000;

/**
 * Reads the history of files and sources: paths of files, names from the config, URIs; without any, of all sources of the config.
 *
 * @throws {UsageError} for anything that the caller can fix.
 */
export async function readHistory(
  io: CliIo,
  targets: readonly string[],
  options: HistoryOptions,
  policyPath: string | undefined,
): Promise<HistoryReading> {
  const setup = await readSetup(io, { ...options, policyPath });
  const history = new History();
  const sources: HistorySource[] = [];
  const others: string[] = [];
  for (const target of targets) {
    const path = target.startsWith('file:') ? target.slice('file:'.length) : target;
    const isConfigured = setup.config?.sources.has(target) === true;
    const recorded = isConfigured ? undefined : await recordDatabase(io, target);
    const parts = isConfigured || recorded !== undefined ? undefined : await io.openText(resolve(io.cwd, path));
    if (recorded !== undefined) {
      const intake = new HistoryIntake(history, sinceOf(io, options, Infinity));
      for (const row of historyRows(await contentsOf(recorded))) intake.add(row);
      sources.push(intake.result(target, 'record'));
    } else if (parts === undefined) others.push(target);
    else {
      const intake = new HistoryIntake(history, sinceOf(io, options, Infinity));
      const file = { source: options.as ?? sourceNameOf(path), columns: options.columns };
      sources.push(await readHistoryFile(parts, path, intake, file));
    }
  }
  if (others.length > 0 || targets.length === 0) {
    sources.push(...(await readSources(io, setup, others, history, options)));
  }
  const complete = sources.every(({ unreadable, incomplete }) => unreadable === 0 && incomplete === undefined);
  return { history, sources, complete, setup };
}

function sinceOf(io: CliIo, { at, sinceMs }: HistoryOptions, usualMs: number): Instant {
  return (at ?? io.now()) - (sinceMs ?? usualMs);
}

/** Reads sources one after another: a history takes many requests, and one host may serve several of them. */
async function readSources(
  io: CliIo,
  setup: Setup,
  named: readonly string[],
  history: History,
  options: HistoryOptions,
): Promise<HistorySource[]> {
  const { opened, close } = await openSources(io, setup, named, options);
  const progress = readingProgress(io, options);
  const since = sinceOf(io, options, USUAL_SINCE_MS);
  const read: HistorySource[] = [];
  let [runs, pages] = [0, 0];
  try {
    for (const one of opened) {
      const intake = new HistoryIntake(history, since);
      const onPage = (size: number) =>
        progress.read({ runs: (runs += size), pages: ++pages, waiting: opened.length > 1 ? [one.source.name] : [] });
      read.push(await readSource(one, intake, io, since, options.timeoutMs, onPage));
    }
    return read;
  } finally {
    progress.clear();
    await close();
  }
}

async function readSource(
  { source, connection }: OpenedSource,
  intake: HistoryIntake,
  io: CliIo,
  since: Instant,
  timeoutMs: number,
  onPage: (runs: number) => void,
): Promise<HistorySource> {
  let incomplete: string | undefined;
  const deadline = performance.now() + timeoutMs;
  try {
    const query = { activity: 'all', endedSince: Number.isFinite(since) ? since : undefined } as const;
    for await (const page of source.list(query, connection?.listing() ?? unreachable)) {
      const now = page.now ?? io.now() + (connection?.clock()?.offsetMs ?? 0);
      for (const run of page.runs) intake.add(historyRow(run, now));
      for (const { id, reason } of page.issues) intake.add(id === undefined ? reason : `${id}: ${reason}`);
      incomplete ??= page.incomplete;
      onPage(page.runs.length);
      if (performance.now() > deadline) {
        throw new SourceError('timeout', `The time limit of ${timeoutMs / 1000} s passed. Raise --timeout.`);
      }
    }
  } catch (error) {
    incomplete = describeError(error).message;
  }
  return intake.result(source.name, source.kind, incomplete);
}
