import {
  compareRuns,
  DEFAULT_FILTER,
  isActive,
  reportIssues,
  trustPolicy,
  type Instant,
  type JudgedRun,
  type Policy,
  type ReportSource,
  type RunIssue,
  type Totals,
} from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { SourceError, type SourceFetch, type SourcePage, type SourceQuery } from '@tardy/core/sources';
import { describeError } from './describe-error.js';
import { unreachable, type OpenedSource } from './opened-source.js';
import { judgesNothing, JUDGES_NOTHING } from './judges-nothing.js';
import { publishedPolicy } from './published-policy.js';
import { lookAgain, type Finding, type SecondLook } from './second-look.js';
import { sourceClock, type SourceClock } from './source-clock.js';
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
  /** The largest offset of a source's clock to trust, in milliseconds. */
  readonly maxClockOffsetMs: number;
  /** For each listing, in milliseconds. The transport limits its requests; this limits the work on what arrived. */
  readonly timeoutMs: number;
  readonly keep: Keep;
  /** How runs that would fail the check are confirmed. Without it, nothing is read twice. */
  readonly secondLook: SecondLook | undefined;
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

/** How old a hold is before it is checked, in milliseconds: as old as most flags are before a run counts as stuck. */
const HOLD_CHECK_MS = 5 * 60_000;

/** How many unreadable rows of a source are listed; the rest are counted. */
const ISSUE_LIMIT = 100;

/** How many rows are judged before the time limit is checked. */
const SLICE = 1_000;

/** How many sources are read at once; the number of connections limits the load on one host. */
const SOURCE_CONCURRENCY = 64;

/** What is known so far about one source. */
type SourceState = {
  readonly opened: OpenedSource;
  tally: Tally;
  policy: Policy;
  pages: number;
  clock: SourceClock;
  /** Requests that the list took. */
  listRequests: number;
  complete: boolean;
  issues: RunIssue[];
  /** What was omitted without making the source incomplete. */
  notes: string[];
  error: ReportSource['error'];
  rechecked: number;
  dropped: number;
  unconfirmed: number;
  /** Requests of the second look. */
  requests: number;
};

/** Reads all sources in parallel; one that fails does not affect the others. */
export async function readSources(opened: readonly OpenedSource[], options: ReadOptions): Promise<Reading> {
  const { default: pLimit } = await import('p-limit');
  const general = options.policy ?? trustPolicy({ version: 1 });
  const states = opened.map((one, index): SourceState => ({
    opened: one,
    tally: tallyFor(one, index, general, options),
    policy: general,
    pages: 0,
    clock: { offsetMs: 0, apparentMs: undefined, complaint: undefined },
    listRequests: 0,
    complete: true,
    issues: [],
    notes: [],
    error: null,
    rechecked: 0,
    dropped: 0,
    unconfirmed: 0,
    requests: 0,
  }));
  const limit = pLimit(SOURCE_CONCURRENCY);
  await Promise.all(
    states.map((state, index) =>
      limit(async () => {
        await readSource(state, index, states, options);
        await confirm(state, options);
      }),
    ),
  );
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
    if (options.policy === undefined && connection !== undefined) {
      const published = await publishedPolicy(source, connection.fetch);
      if (published !== undefined) {
        state.policy = published;
        state.tally = tallyFor(state.opened, index, state.policy, options);
      }
    }
    const listing = connection?.listing() ?? unreachable;
    const counting: SourceFetch = (request) => {
      state.listRequests++;
      return listing(request);
    };
    const deadline = performance.now() + options.timeoutMs;
    for await (const page of source.list(options.query, counting)) {
      setClock(state, page, options);
      addPage(state, page, clockOf(state, options), () => enforce(deadline, options.timeoutMs));
      options.onProgress?.(
        states.reduce((sum, { tally }) => sum + tally.read, 0),
        states.reduce((sum, { pages }) => sum + pages, 0),
      );
    }
  } catch (error) {
    state.complete = false;
    state.error = describeError(error);
  }
}

/** Holds are checked where there is something to look at. */
function tallyFor({ source, connection }: OpenedSource, index: number, policy: Policy, options: ReadOptions): Tally {
  const looks = options.secondLook !== undefined && source.inspect !== undefined && connection !== undefined;
  return new Tally(index, policy, options.keep, looks ? isHoldToCheck : undefined);
}

/** A hold is checked, not believed: what it waits for may be gone. */
function isHoldToCheck({ run, freshness }: JudgedRun): boolean {
  if (run.hold === undefined || !isActive(run)) return false;
  return freshness.clock !== 'hold' || freshness.ageMs === undefined || freshness.ageMs >= HOLD_CHECK_MS;
}

/** Chooses the clock to judge a page by, and complains once about one that cannot be trusted. */
function setClock(state: SourceState, { now: pageNow, runs }: SourcePage, options: ReadOptions): void {
  const { connection } = state.opened;
  if (connection === undefined || options.at !== undefined) return;
  const complained = state.clock.complaint !== undefined;
  state.clock = sourceClock({
    localNow: options.now(),
    pageNow,
    headerOffsetMs: connection.clock()?.offsetMs,
    runs,
    limitMs: options.maxClockOffsetMs,
  });
  if (complained || state.clock.complaint === undefined) return;
  state.complete = false;
  // First, since a summary shows the first issue only.
  state.issues.unshift({ id: undefined, reason: state.clock.complaint });
}

function enforce(deadline: number, timeoutMs: number): void {
  if (performance.now() <= deadline) return;
  throw new SourceError(
    'timeout',
    `The time limit of ${timeoutMs / 1000} s passed while its runs were judged. Raise --timeout.`,
  );
}

/** `check` is called between slices of rows. */
function addPage(state: SourceState, page: SourcePage, now: Instant, check: () => void): void {
  state.pages++;
  for (let start = 0; start < page.runs.length; start += SLICE) {
    state.tally.add(start === 0 && page.runs.length <= SLICE ? page.runs : page.runs.slice(start, start + SLICE), now);
    check();
  }
  if (page.issues.length > 0 || page.incomplete !== undefined) state.complete = false;
  for (const issue of page.issues) addIssue(state, issue);
  if (page.incomplete !== undefined) state.issues.push({ id: undefined, reason: page.incomplete });
  if (page.note !== undefined) state.notes.push(page.note);
}

/** The clock to judge by: that of the source, unless the time is fixed. */
function clockOf(state: SourceState, options: ReadOptions): Instant {
  return options.at ?? options.now() + state.clock.offsetMs;
}

/** Looks again at the runs of a source that would fail the check, so that one which has ended since does not. */
async function confirm(state: SourceState, options: ReadOptions): Promise<void> {
  const { secondLook, query } = options;
  const { source, connection } = state.opened;
  if (secondLook === undefined || connection === undefined) return;
  try {
    const alarms = state.tally.kept().filter((seen) => secondLook.alarms(seen));
    const holds = state.tally.holds().filter((seen) => !secondLook.alarms(seen));
    if (alarms.length + holds.length === 0) return;
    const { findings, requests } = await lookAgain(
      {
        source,
        fetch: connection.fetch,
        query,
        listRequests: state.listRequests,
        alarms: alarms.sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort)),
        holds: holds.sort((a, b) => (b.freshness.ageMs ?? Infinity) - (a.freshness.ageMs ?? Infinity)),
        judge: (run) => state.tally.judge(run, clockOf(state, options)),
      },
      secondLook,
    );
    state.requests = requests;
    addFindings(state, findings, secondLook.alarms);
  } catch (error) {
    state.complete = false;
    state.error ??= describeError(error);
  }
}

function addFindings(state: SourceState, findings: ReadonlyMap<SeenRun, Finding>, alarms: Keep): void {
  const { tally } = state;
  const unchecked: string[] = [];
  let looked = false;
  for (const [first, finding] of findings) {
    const alarmed = alarms(first);
    if (finding.kind === 'unconfirmed') {
      const standing = finding.seen ?? first;
      if (!alarms(standing)) unchecked.push(finding.reason);
      else {
        state.unconfirmed++;
        tally.replace(confirmed(standing, false));
        addIssue(state, { id: first.run.id, reason: `not confirmed by a second look: ${finding.reason}` });
      }
      continue;
    }
    looked = true;
    const failing = finding.kind === 'seen' && alarms(finding.seen);
    if (alarmed) state.rechecked++;
    if (alarmed && !failing) state.dropped++;
    if (finding.kind === 'gone') tally.remove(first);
    else tally.replace(failing ? confirmed(finding.seen, true) : finding.seen);
  }
  const [reason] = unchecked;
  if (reason !== undefined) {
    const holds = unchecked.length === 1 ? '1 hold' : `${unchecked.length} holds`;
    state.notes.push(`${holds} could not be checked: ${reason}`);
  }
  if (!looked && findings.size > 0) {
    state.complete = false;
    addIssue(state, { id: undefined, reason: 'No second look at its runs succeeded, so none of them is confirmed.' });
  }
}

function confirmed(seen: SeenRun, by: boolean): SeenRun {
  return { ...seen, freshness: { ...seen.freshness, confirmed: by } };
}

function addIssue(state: SourceState, issue: RunIssue): void {
  if (state.issues.length < ISSUE_LIMIT) state.issues.push(issue);
}

function reportSource(state: SourceState): ReportSource {
  const measured = state.opened.connection?.clock();
  const offset = state.clock.apparentMs ?? measured?.offsetMs;
  const notes = judgesNothing(state.policy) ? [...state.notes, JUDGES_NOTHING] : state.notes;
  return {
    name: state.opened.source.name,
    kind: state.opened.source.kind,
    complete: state.complete,
    runs: state.tally.read,
    pages: state.pages,
    clock_offset_ms: offset === undefined ? null : Math.round(offset),
    clock_uncertainty_ms: measured === undefined ? null : Math.round(measured.uncertaintyMs),
    rechecked: state.rechecked,
    dropped: state.dropped,
    unconfirmed: state.unconfirmed,
    requests: state.requests,
    policy_digest: policyDigest(state.policy),
    issues: reportIssues([...state.issues, ...notes.map((reason) => ({ id: undefined, reason }))]),
    error: state.error,
  };
}
