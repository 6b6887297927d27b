import {
  compareRuns,
  DEFAULT_FILTER,
  PolicyError,
  reportIssues,
  trustPolicy,
  type Instant,
  type Policy,
  type PolicyDocument,
  type ReportSource,
  type RunIssue,
  type Totals,
} from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { SourceError, type Source, type SourcePage, type SourceQuery } from '@tardy/core/sources';
import { unreachable, type OpenedSource } from './opened-source.js';
import { addTotals, Tally, type Keep, type SeenRun } from './tally.js';

/** How sources are read. */
export type ReadOptions = {
  readonly query: SourceQuery;
  /** Judges all sources. Without it, a source that publishes a policy is judged by that, others by the built-in one. */
  readonly policy: Policy | undefined;
  /** A fixed time to judge at. Without it, each source's own clock. */
  readonly at: Instant | undefined;
  /** The local clock. */
  readonly now: () => Instant;
  readonly keep: Keep;
  /** A run that would raise an alarm: it is read again first. */
  readonly alarms: Keep;
  /** Reports progress. */
  readonly onProgress?: ((runs: number, pages: number) => void) | undefined;
};

/** What was read. */
export type Reading = {
  readonly sources: readonly ReportSource[];
  readonly totals: Totals;
  /** The kept runs of all sources, worst first. */
  readonly runs: readonly SeenRun[];
};

/** How many alarming runs are read again, over all sources. */
const RECHECK_LIMIT = 50;

/** How many of one source at once: a check must not look like an attack. */
const RECHECK_CONCURRENCY = 5;

/** How many unreadable rows of a source are listed; the rest are counted. */
const ISSUE_LIMIT = 100;

/** How many sources are read at once; the number of connections limits the load on one host. */
const SOURCE_CONCURRENCY = 64;

/** What is known so far about one source. */
type SourceState = {
  readonly opened: OpenedSource;
  tally: Tally;
  policy: Policy;
  pages: number;
  complete: boolean;
  issues: RunIssue[];
  /** What was omitted without making the source incomplete. */
  notes: string[];
  error: ReportSource['error'];
  rechecked: number;
  dropped: number;
};

/** Reads all sources in parallel; one that fails does not affect the others. */
export async function readSources(opened: readonly OpenedSource[], options: ReadOptions): Promise<Reading> {
  const { default: pLimit } = await import('p-limit');
  const general = options.policy ?? trustPolicy({ version: 1 });
  const states = opened.map((one, index): SourceState => ({
    opened: one,
    tally: new Tally(index, general, options.keep),
    policy: general,
    pages: 0,
    complete: true,
    issues: [],
    notes: [],
    error: null,
    rechecked: 0,
    dropped: 0,
  }));
  const limit = pLimit(SOURCE_CONCURRENCY);
  await Promise.all(states.map((state, index) => limit(() => readSource(state, index, states, options))));
  await recheck(states, options);
  return {
    sources: states.map(reportSource),
    totals: addTotals(states.map(({ tally }) => tally.totals())),
    runs: states.flatMap(({ tally }) => tally.kept()).sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort)),
  };
}

async function readSource(
  state: SourceState,
  index: number,
  states: readonly SourceState[],
  options: ReadOptions,
): Promise<void> {
  const { source, connection } = state.opened;
  try {
    if (options.policy === undefined && source.policy !== undefined && connection !== undefined) {
      const document = await source.policy(connection.fetch);
      if (document !== undefined) {
        state.policy = publishedPolicy(source, document);
        state.tally = new Tally(index, state.policy, options.keep);
      }
    }
    for await (const page of source.list(options.query, connection?.listing() ?? unreachable)) {
      addPage(state, page, clockOf(state, options));
      options.onProgress?.(
        states.reduce((sum, { tally }) => sum + tally.read, 0),
        states.reduce((sum, { pages }) => sum + pages, 0),
      );
    }
  } catch (error) {
    state.complete = false;
    state.error = reportError(error);
  }
}

/** Compiles a published policy; an invalid one is an error of its source. */
export function publishedPolicy(source: Source, document: PolicyDocument): Policy {
  try {
    return trustPolicy(document);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new SourceError('shape', `${source.name} publishes an invalid policy: ${error.message}`);
  }
}

function addPage(state: SourceState, page: SourcePage, now: Instant): void {
  state.pages++;
  state.tally.add(page.runs, now);
  if (page.issues.length > 0 || page.incomplete !== undefined) state.complete = false;
  for (const issue of page.issues) if (state.issues.length < ISSUE_LIMIT) state.issues.push(issue);
  if (page.incomplete !== undefined) state.issues.push({ id: undefined, reason: page.incomplete });
  if (page.note !== undefined) state.notes.push(page.note);
}

/** The source's own clock: ours plus the measured offset, unless the time is fixed. */
function clockOf(state: SourceState, options: ReadOptions): Instant {
  return options.at ?? Math.round(options.now() + (state.opened.connection?.clock()?.offsetMs ?? 0));
}

/** Reads the runs that would raise an alarm again, so that one that has ended since raises none. */
async function recheck(states: readonly SourceState[], options: ReadOptions): Promise<void> {
  const { default: pLimit } = await import('p-limit');
  const limits = states.map(() => pLimit(RECHECK_CONCURRENCY));
  const candidates = states
    .flatMap(({ tally }) => tally.kept().filter((seen) => options.alarms(seen)))
    .sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort))
    .slice(0, RECHECK_LIMIT);
  await Promise.all(
    candidates.map(async (seen) => {
      const state = states[seen.sourceIndex];
      const limit = limits[seen.sourceIndex];
      if (state !== undefined) await limit?.(() => recheckRun(state, seen, options));
    }),
  );
}

async function recheckRun(state: SourceState, seen: SeenRun, options: ReadOptions): Promise<void> {
  const { source, connection } = state.opened;
  if (connection === undefined) return;
  try {
    const again = await source.get(seen.run.id, connection.fetch);
    state.rechecked++;
    const inspected = again === undefined ? undefined : ((await source.inspect?.(again, connection.fetch)) ?? again);
    const judged = inspected === undefined ? undefined : state.tally.judge(inspected, clockOf(state, options));
    if (judged === undefined || !options.alarms(judged)) state.dropped++;
    state.tally.replace(seen, judged);
  } catch (error) {
    // The second look failed: the first one stands, and the report says that it was not confirmed.
    state.issues.push({ id: seen.run.id, reason: `could not be read again: ${reportError(error).message}` });
  }
}

function reportSource(state: SourceState): ReportSource {
  const clock = state.opened.connection?.clock();
  return {
    name: state.opened.source.name,
    kind: state.opened.source.kind,
    complete: state.complete,
    runs: state.tally.read,
    pages: state.pages,
    clock_offset_ms: clock === undefined ? null : Math.round(clock.offsetMs),
    clock_uncertainty_ms: clock === undefined ? null : Math.round(clock.uncertaintyMs),
    rechecked: state.rechecked,
    dropped: state.dropped,
    policy_digest: policyDigest(state.policy),
    issues: reportIssues([...state.issues, ...state.notes.map((reason) => ({ id: undefined, reason }))]),
    error: state.error,
  };
}

/** An error for the report. Anything but a `SourceError` is a bug of ours and not blamed on the source. */
function reportError(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof SourceError) return { code: error.code, message: error.message };
  throw error;
}
