import { compareRuns, DEFAULT_FILTER, isActive, type Instant, type JudgedRun } from '@tardy/core';
import type { SourceQuery } from '@tardy/core/sources';
import { describeError } from './describe-error.js';
import { lookAgain, type Finding, type SecondLook } from './second-look.js';
import { addIssue, type SourceState } from './source-state.js';
import type { Keep, SeenRun } from './tally.js';

/** How old a hold is before it is checked, in milliseconds: as old as most flags are before a run counts as stuck. */
const HOLD_CHECK_MS = 5 * 60_000;

/** A hold is checked, not believed: what it waits for may be gone. */
export function isHoldToCheck({ run, freshness }: JudgedRun): boolean {
  if (run.hold === undefined || !isActive(run)) return false;
  return freshness.clock !== 'hold' || freshness.ageMs === undefined || freshness.ageMs >= HOLD_CHECK_MS;
}

/** Looks again at the runs of a source that would fail the check, so that one which has ended since does not. */
export async function confirm(
  state: SourceState,
  secondLook: SecondLook,
  query: SourceQuery,
  now: () => Instant,
): Promise<void> {
  const { source, connection } = state.opened;
  if (connection === undefined) return;
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
        judge: (run) => state.tally.judge(run, now()),
      },
      secondLook,
    );
    state.requests = requests;
    addFindings(state, findings, secondLook.alarms);
  } catch (error) {
    state.complete = false;
    state.error ??= describeError(error, state.opened);
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
      if (!alarms(standing)) {
        unchecked.push(finding.reason);
        if (finding.damaged === true) state.complete = false;
      } else {
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
