import type { Flag, Instant, Run, WaitsFor } from '../../run.js';
import { hasText, memberOf, type JsonObject } from '../reading/body.js';
import { because, wordIn } from '../reading/vocabulary.js';
import { firstOf, instantIn } from '../reading/wire-time.js';
import { SourceError } from '../source.js';

/** What a Nexus operation does, by Temporal's `PendingNexusOperationState`. */
export const TEMPORAL_NEXUS_STATES: Readonly<Record<string, 'waits' | 'backs off' | 'works' | 'blocked'>> = {
  PENDING_NEXUS_OPERATION_STATE_UNSPECIFIED: 'works',
  PENDING_NEXUS_OPERATION_STATE_SCHEDULED: 'waits',
  PENDING_NEXUS_OPERATION_STATE_BACKING_OFF: 'backs off',
  PENDING_NEXUS_OPERATION_STATE_STARTED: 'works',
  PENDING_NEXUS_OPERATION_STATE_BLOCKED: 'blocked',
};

/**
 * A workflow that waits for Nexus operations only: flagged if one is blocked, on hold until the next attempt if all are between two
 * attempts, else on hold for what they do in another namespace.
 */
export function withNexus(run: Run, operations: readonly JsonObject[], now: Instant | undefined): Run {
  const phaseAt = firstOf(operations.flatMap((one) => instantIn(one['scheduledTime']) ?? []));
  const blocked = operations.find((one) => stateOf(one) === 'blocked');
  if (blocked !== undefined) return { ...run, phaseAt, flag: blockedFlag(blocked) };
  const ahead = operations.flatMap((one) => {
    const until = stateOf(one) === 'backs off' ? instantIn(one['nextAttemptScheduleTime']) : undefined;
    return until !== undefined && now !== undefined && until > now ? [until] : [];
  });
  const [first] = operations;
  const waitsFor: WaitsFor = { kind: 'Nexus operation', name: first === undefined ? undefined : nameOf(first) };
  if (ahead.length < operations.length) return { ...run, hold: 'dependency', holdSince: phaseAt, waitsFor };
  return { ...run, hold: 'retry', holdSince: phaseAt, waitsFor: { ...waitsFor, until: firstOf(ahead) } };
}

function blockedFlag(operation: JsonObject): Flag {
  const failure = memberOf(operation, 'lastAttemptFailure')['message'];
  const said = [operation['blockedReason'], failure].filter(hasText).join(' ');
  const text = `Its Nexus operation ${nameOf(operation)} is blocked${because(said)}`;
  return { kind: 'stuck', by: 'source', text, since: instantIn(operation['lastAttemptCompleteTime']) };
}

function nameOf({ endpoint, service, operation }: JsonObject): string {
  return [endpoint, service, operation].filter(hasText).join('/');
}

/** An unknown state may well be work. */
function stateOf(operation: JsonObject): 'waits' | 'backs off' | 'works' | 'blocked' {
  return wordIn(TEMPORAL_NEXUS_STATES, requiredState(operation)) ?? 'works';
}

/**
 * The state of what is pending, which Temporal always sends.
 *
 * @throws {SourceError} `shape` if there is none: it could be the one that holds everything up.
 */
export function requiredState(pending: JsonObject): string {
  const { state } = pending;
  if (hasText(state)) return state;
  throw new SourceError('shape', 'Temporal sent something pending without its state.');
}
