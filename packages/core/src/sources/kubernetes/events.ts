import type { Run } from '../../run.js';
import { hasText } from '../reading/body.js';
import { because } from '../reading/vocabulary.js';
import type { SourceFetch } from '../source.js';
import { eventOf, startOf } from '../reading/cluster/events.js';
import { quotaRefusal } from '../reading/cluster/quota.js';

/**
 * A run without any pod, with why the controller does not create one: on hold while a quota is used up, flagged if a quota, a webhook
 * or a missing service account refuses every pod. Its events say so for an hour.
 */
export async function withCreationEvents(run: Run, address: string, fetch: SourceFetch): Promise<Run> {
  const refused = await eventOf(run, 'Job', run.title, ['FailedCreate'], address, fetch);
  if (refused === undefined) return run;
  const { message } = refused;
  const quota = hasText(message) ? quotaRefusal(message) : undefined;
  const since = startOf(refused);
  if (quota?.mayFit === true) {
    return { ...run, hold: 'limit', holdSince: since, waitsFor: { kind: 'quota', name: quota.name } };
  }
  const text = `Kubernetes cannot create its pods${because(message)}`;
  return { ...run, flag: { kind: 'cannot_start', by: 'source', text, since } };
}
