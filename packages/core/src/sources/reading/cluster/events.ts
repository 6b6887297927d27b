import type { Run } from '../../../run.js';
import { hasText, memberOf, objectsField, queryText, type JsonObject } from '../body.js';
import { because } from '../vocabulary.js';
import { instantIn } from '../wire-time.js';
import type { SourceFetch } from '../../source.js';
import { unfinishedPods } from './pods.js';

/** The reasons of events that say why the containers of a pod are not created. */
const POD_REASONS: readonly string[] = [
  'FailedMount',
  'FailedAttachVolume',
  'FailedCreatePodSandBox',
  'NetworkNotReady',
];

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

/** The first event of an object with one of some reasons; `undefined` if there is none, or none may be seen. */
export async function eventOf(
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

/** When what an event says began. */
export function startOf(event: JsonObject) {
  return instantIn(event['firstTimestamp']) ?? instantIn(event['eventTime']);
}
