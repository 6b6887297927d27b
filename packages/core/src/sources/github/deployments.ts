import type { Instant, Run } from '../../run.js';
import { isObject } from '../reading/body.js';
import { GITHUB_HEADERS } from './api.js';
import type { SourceFetch } from '../source.js';
import { instantIn, serverClock } from '../reading/wire-time.js';

/**
 * Looks at what a run that waits for an environment waits for. Where only timers run it waits for the last of them to end, and for
 * nobody; with a reviewer or a rule of an app it stays one that waits for an approval.
 *
 * @param address of the run in the API
 */
export async function behindDeployments(run: Run, address: string, fetch: SourceFetch): Promise<Run> {
  const url = `${address}/pending_deployments`;
  const response = await fetch({ url, headers: GITHUB_HEADERS, accept: [403, 404] });
  const { body } = response;
  const now = serverClock(response);
  if (!Array.isArray(body) || body.length === 0 || now === undefined) return run;
  const ends = (body as readonly unknown[]).map(endOfTimer);
  const last = Math.max(...ends);
  return ends.every((end) => end > now) && last < Infinity ? { ...run, hold: 'schedule', notBefore: last } : run;
}

/** When the timer of an environment ends; -∞ where something else is waited for, so that no timer explains the wait. */
function endOfTimer(deployment: unknown): Instant {
  if (!isObject(deployment)) return -Infinity;
  const { wait_timer: minutes, wait_timer_started_at: startedAt, reviewers } = deployment;
  const start = instantIn(startedAt);
  const isTimer =
    typeof minutes === 'number' && start !== undefined && Array.isArray(reviewers) && reviewers.length === 0;
  return isTimer ? start + minutes * 60_000 : -Infinity;
}
