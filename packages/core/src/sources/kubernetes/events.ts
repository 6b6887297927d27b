import type { Run } from '../../run.js';
import { hasText, memberOf, objectsField, queryText, type JsonObject } from '../reading/body.js';
import { because } from '../reading/vocabulary.js';
import { instantIn } from '../reading/wire-time.js';
import type { SourceFetch } from '../source.js';
import { unfinishedPods } from './pods.js';
import { quotaRefusal } from './quota.js';

/** The reasons of events that say why the containers of a pod are not created. */
const POD_REASONS: readonly string[] = [
  'FailedMount',
  'FailedAttachVolume',
  'FailedCreatePodSandBox',
  'NetworkNotReady',
];

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

/** A run whose pods have a node and no containers yet, with a flag if an event says what the first of them lacks. */
export async function withPodEvents(
  run: Run,
  pods: readonly JsonObject[],
  address: string,
  fetch: SourceFetch,
): Promise<Run> {
  const waiting = unfinishedPods(pods).find((pod) => hasText(memberOf(pod, 'spec')['nodeName']));
  const name = memberOf(waiting, 'metadata')['name'];
  if (!hasText(name)) return run;
  const event = await eventOf(run, 'Pod', name, POD_REASONS, address, fetch);
  if (event === undefined) return run;
  const text = `Its pod ${name} does not start (${String(event['reason'])})${because(event['message'])}`;
  return { ...run, flag: { kind: 'stuck', by: 'source', text, since: startOf(event) } };
}

async function eventOf(
  run: Run,
  kind: string,
  name: string,
  reasons: readonly string[],
  address: string,
  fetch: SourceFetch,
): Promise<JsonObject | undefined> {
  const namespace = encodeURIComponent(run.workspace?.id ?? '');
  const query = queryText([['fieldSelector', `involvedObject.kind=${kind},involvedObject.name=${name}`]]);
  const { status, body } = await fetch({
    url: `${address}api/v1/namespaces/${namespace}/events?${query}`,
    accept: [403, 404],
  });
  if (status >= 400) return undefined;
  const events = objectsField(body, 'items', 'the Kubernetes API');
  return events.find(
    (event) => reasons.includes(String(event['reason'])) && memberOf(event, 'involvedObject')['name'] === name,
  );
}

function startOf(event: JsonObject) {
  return instantIn(event['firstTimestamp']) ?? instantIn(event['eventTime']);
}
