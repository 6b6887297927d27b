import type { Run } from '../../run.js';
import { isText, type JsonObject } from '../reading/body.js';
import { worksOnNodes } from './job.js';

/** Limits on what all jobs of a QOS use at once. Those on minutes count what ended jobs have used, too. */
const TOGETHER = { start: 'QOSGrp', end: 'Limit', except: 'Minutes' };

/** Whether a pending reason is a limit on what all jobs of a QOS use at once. */
export function ofQosTogether(reason: string): boolean {
  const { start, end, except } = TOGETHER;
  return reason.startsWith(start) && reason.endsWith(end) && !reason.includes(except);
}

/**
 * A job that waits for what the jobs of its QOS use together, flagged if none of them uses anything: it asks for more than all of them
 * may have. Unchanged where the token may see only the jobs of one user, since others may use it up unseen.
 *
 * @param jobs all jobs of the controller.
 */
export function withoutRoom(run: Run, reason: string, jobs: readonly JsonObject[]): Run {
  const own = jobs.find((job) => String(job['job_id']) === run.id);
  const qos = own?.['qos'];
  const users = new Set(jobs.map((job) => job['user_name']));
  if (!isText(qos) || users.size < 2 || jobs.some((job) => job['qos'] === qos && occupies(job))) return run;
  const text = `${reason}: no job of the QOS ${qos} runs, so it asks for more than all of them may have together.`;
  return { ...run, flag: { kind: 'cannot_start', by: 'tardy', text } };
}

/** A suspended job keeps what it was given. */
function occupies(job: JsonObject): boolean {
  return worksOnNodes(job) || JSON.stringify(job['job_state'] ?? '').includes('SUSPENDED');
}
