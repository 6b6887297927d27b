import type { Flag, Hold, WaitsFor } from '../../run.js';
import { quotaRefusal } from '../reading/cluster/quota.js';

/** What a message of Argo's controller says about a workflow or a node that does not start: a legitimate wait, or one without end. */
export type Wait = { readonly hold?: Hold; readonly waitsFor?: WaitsFor; readonly flag?: Flag };

/** The kinds of `waitsFor` whose holders other workflows show. */
export const LOCK = 'lock';
export const RUNNING_LIMIT = 'limit on running workflows';

const LOCKED = /^Waiting for (\S+) lock\b/;
const TOO_MANY = /too many workflows are already running/;
const RATE_LIMITED = /resource creation rate-limit reached/;
const NO_SEMAPHORE = /^Failed to get semaphore limit for /;
const LOCK_FAILS = /^Waiting to acquire the synchronization lock\./;

/** What a message means; empty if it says nothing of a wait. */
export function waitOf(message: string): Wait {
  const lock = LOCKED.exec(message)?.[1];
  if (lock !== undefined) return { hold: 'limit', waitsFor: { kind: LOCK, name: lock } };
  if (TOO_MANY.test(message)) return { hold: 'limit', waitsFor: { kind: RUNNING_LIMIT } };
  if (RATE_LIMITED.test(message)) return { hold: 'limit', waitsFor: { kind: 'rate limit on new pods' } };
  const quota = quotaRefusal(message);
  if (quota?.mayFit === true) return { hold: 'limit', waitsFor: { kind: 'quota', name: quota.name } };
  if (quota !== undefined || NO_SEMAPHORE.test(message)) {
    return { flag: { kind: 'cannot_start', by: 'source', text: message } };
  }
  return LOCK_FAILS.test(message) ? { flag: { kind: 'stuck', by: 'source', text: message } } : {};
}
