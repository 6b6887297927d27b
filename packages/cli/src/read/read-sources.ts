import {
  compareRuns,
  DEFAULT_FILTER,
  en,
  formatSpan,
  trustPolicy,
  type Instant,
  type Policy,
  type ReportSource,
  type Totals,
} from '@tardy/core';
import { SourceError, type SourceFetch, type SourcePage, type SourceQuery } from '@tardy/core/sources';
import { confirm, isHoldToCheck } from './confirm.js';
import type { ReadingProgress } from '../output/progress-line.js';
import { describeError } from './describe-error.js';
import { followUp, type Follow } from './follow.js';
import type { Followed } from './followed.js';
import { unreachable, type OpenedSource } from './opened-source.js';
import { publishedPolicy } from './published-policy.js';
import type { SecondLook } from './second-look.js';
import type { Selection } from './selectors.js';
import { sourceClock } from './source-clock.js';
import { addIssue, reportSource, type SourceState } from './source-state.js';
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
  /** The runs to judge; the others are only read. Without it, all. */
  readonly selection?: Selection | undefined;
  /** How runs that would fail the check are confirmed. Without it, nothing is read twice. */
  readonly secondLook: SecondLook | undefined;
  /** Runs to ask after although a list may not have them any more. */
  readonly follow?: Follow | undefined;
  /** Reports progress. */
  readonly onProgress?: ((progress: ReadingProgress) => void) | undefined;
};

/** What was read. */
export type Reading = {
  readonly sources: readonly ReportSource[];
  readonly totals: Totals;
  /** The kept runs of all sources, worst first. */
  readonly runs: readonly SeenRun[];
  /** What reports do not say of each source. */
  readonly basis: readonly ReadingBasis[];
  /** By the index of the source. */
  readonly evidence: readonly SourceEvidence[];
};

/** How the runs of one source were read and judged. */
export type ReadingBasis = {
  readonly policy: Policy;
  /** Added to the local clock to judge, in milliseconds. */
  readonly clockOffsetMs: number;
  /** Requests of the list and of the second look together. */
  readonly requests: number;
};

/** What a source gives to go by when runs seem to have recovered. */
export type SourceEvidence = {
  /** It was read to its end, and its clock can be trusted. */
  readonly reliable: boolean;
  /** What became of the runs asked after that its list does not have, by `runKey`. */
  readonly followed: ReadonlyMap<string, Followed>;
};

/** How many rows are judged before the time limit is checked: by a policy from outside, a single one may take a while. */
const SLICE = 50;

/** How many sources are read at once; the number of connections limits the load on one host. */
const SOURCE_CONCURRENCY = 64;

/** Reads all sources in parallel; one that fails does not affect the others. */
export async function readSources(opened: readonly OpenedSource[], options: ReadOptions): Promise<Reading> {
  const { default: pLimit } = await import('p-limit');
  const general = options.policy ?? trustPolicy({ version: 1 });
  const states = opened.map((one, index): SourceState => ({
    opened: one,
    tally: tallyFor(one, index, general, options),
    policy: general,
    pages: 0,
    read: false,
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
    maxRequests: one.connection === undefined ? null : (options.secondLook?.maxRequests ?? null),
    followed: new Map(),
  }));
  const limit = pLimit(SOURCE_CONCURRENCY);
  await Promise.all(
    states.map((state, index) =>
      limit(async () => {
        await readSource(state, index, states, options);
        state.read = true;
        reportProgress(states, options);
        const { secondLook, query } = options;
        if (secondLook !== undefined) await confirm(state, secondLook, query, () => clockOf(state, options));
        if (options.follow !== undefined) await followUp(state, options.follow, () => clockOf(state, options));
        complainOfJump(state, options);
      }),
    ),
  );
  return {
    sources: states.map(reportSource),
    totals: addTotals(states.map(({ tally }) => tally.totals())),
    runs: states.flatMap(({ tally }) => tally.kept()).sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort)),
    basis: states.map(({ policy, clock, listRequests, requests }) => ({
      policy,
      clockOffsetMs: clock.offsetMs,
      requests: listRequests + requests,
    })),
    evidence: states.map(({ error, clock, followed }) => ({
      reliable: error === null && clock.complaint === undefined,
      followed,
    })),
  };
}

async function readSource(
  state: SourceState,
  index: number,
  states: readonly SourceState[],
  options: ReadOptions,
): Promise<void> {
  const { source, connection } = state.opened;
  // First, for the policy to share its time limit: a connection may have been used before.
  const listing = connection?.listing() ?? unreachable;
  try {
    if (options.policy === undefined && connection !== undefined) {
      const published = await publishedPolicy(source, connection.fetch);
      if (published !== undefined) {
        state.policy = published;
        state.tally = tallyFor(state.opened, index, state.policy, options);
      }
    }
    const counting: SourceFetch = (request) => {
      state.listRequests++;
      return listing(request);
    };
    const deadline = performance.now() + options.timeoutMs;
    for await (const page of source.list(options.query, counting)) {
      setClock(state, page, options);
      addPage(state, page, clockOf(state, options), () => enforce(deadline, options.timeoutMs));
      reportProgress(states, options);
      enforce(deadline, options.timeoutMs);
    }
    complainOfFuture(state);
  } catch (error) {
    state.complete = false;
    state.error = describeError(error, state.opened);
  }
}

/** Names the sources that are still being read as soon as others are not: a slow one would else look like a slow Tardy. */
function reportProgress(states: readonly SourceState[], { onProgress }: ReadOptions): void {
  const waiting = states.filter(({ read }) => !read).map(({ opened }) => opened.source.name);
  onProgress?.({
    runs: states.reduce((sum, { tally }) => sum + tally.read, 0),
    pages: states.reduce((sum, { pages }) => sum + pages, 0),
    waiting: waiting.length === states.length ? [] : waiting,
  });
}

/** Holds are checked where there is something to look at. */
function tallyFor({ source, connection }: OpenedSource, index: number, policy: Policy, options: ReadOptions): Tally {
  const looks = options.secondLook !== undefined && source.inspect !== undefined && connection !== undefined;
  return new Tally(index, policy, options.keep, looks ? isHoldToCheck : undefined, options.selection);
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

/** What a run waits for is judged by the time of the response that shows it. */
function complainOfJump(state: SourceState, { maxClockOffsetMs }: ReadOptions): void {
  const { jumpMs = 0 } = state.opened.connection?.clock() ?? {};
  if (jumpMs <= maxClockOffsetMs || state.clock.complaint !== undefined) return;
  state.complete = false;
  const span = formatSpan(jumpMs, en.units);
  const reason = `Its responses contradict each other about the time, by ${span}. Fix its clock, or the cache or proxy in front of it.`;
  state.issues.unshift({ id: undefined, reason });
}

/** A time in the future is no evidence, and a clock that is that wrong may hide a stuck run. */
function complainOfFuture(state: SourceState): void {
  const { ahead } = state.tally;
  if (ahead === undefined || state.clock.complaint !== undefined) return;
  state.complete = false;
  const reason = 'It has a time in the future: the clock that wrote it is wrong, or the one that it is judged by.';
  state.issues.unshift({ id: ahead.run.id, reason });
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
  const odd = page.runs.find(({ id }) => HALF_OF_A_PAIR.test(id));
  if (odd === undefined) return;
  state.complete = false;
  const message = `${state.opened.source.name} sent a run whose id holds half of a surrogate pair: no URL can, so it cannot be requested.`;
  state.error ??= { code: 'shape', message };
}

const HALF_OF_A_PAIR = /\p{Surrogate}/u;

/** The clock to judge by: that of the source, unless the time is fixed. */
function clockOf(state: SourceState, options: ReadOptions): Instant {
  return options.at ?? options.now() + state.clock.offsetMs;
}
