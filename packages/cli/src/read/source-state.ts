import { reportIssues, type Policy, type ReportSource, type RunIssue } from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { judgesNothing, JUDGES_NOTHING } from './judges-nothing.js';
import type { Followed } from './followed.js';
import type { OpenedSource } from './opened-source.js';
import type { SourceClock } from './source-clock.js';
import type { Tally } from './tally.js';

/** What is known so far about one source. */
export type SourceState = {
  readonly opened: OpenedSource;
  tally: Tally;
  policy: Policy;
  pages: number;
  /** Its list is read, or has failed. */
  read: boolean;
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
  maxRequests: number | null;
  /** What became of runs that alarmed before and are not in the list now, by `runKey`. */
  readonly followed: Map<string, Followed>;
};

/** How many unreadable rows of a source are listed; the rest are counted. */
const ISSUE_LIMIT = 100;

/** Adds something that makes the source incomplete, or that its reader should know of. */
export function addIssue(state: SourceState, issue: RunIssue): void {
  if (state.issues.length < ISSUE_LIMIT) state.issues.push(issue);
}

/** A source as a report gives it. */
export function reportSource(state: SourceState): ReportSource {
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
    max_requests: state.maxRequests,
    policy_digest: policyDigest(state.policy),
    issues: reportIssues([...state.issues, ...notes.map((reason) => ({ id: undefined, reason }))]),
    error: state.error,
  };
}
