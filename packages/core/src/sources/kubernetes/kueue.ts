import type { Flag, Instant, Run } from '../../run.js';
import { hasText, memberOf, objectsField, objectsIn, type JsonObject } from '../reading/body.js';
import { instantIn, serverClock } from '../reading/wire-time.js';
import { SourceError, type SourceFetch } from '../source.js';
import { readObjects } from '../reading/cluster/list.js';

const SYSTEM = 'Kueue';

/** How long Kueue may take to resume a Job that it has admitted. */
const RESUMING_MS = 5 * 60_000;

/**
 * A Job that Kueue suspends, with what its Workload says: admitted but not resumed, in a queue that does not exist, stopped by a
 * person. One list serves all Jobs of a namespace. Without the right to read Workloads the hold is believed.
 */
export async function withKueue(run: Run, address: string, fetch: SourceFetch): Promise<Run> {
  const found = await workloads(run, address, fetch);
  const workload = found?.rows.find((row) => isOf(row, run.title));
  if (found === undefined || workload === undefined) return run;
  const conditions = objectsField(memberOf(workload, 'status'), 'conditions', SYSTEM);
  const condition = (type: string) => conditions.find((one) => one['type'] === type);
  const admitted = condition('Admitted');
  if (admitted?.['status'] === 'True') return withAdmission(run, instantIn(admitted['lastTransitionTime']), found.now);
  if (memberOf(workload, 'spec')['active'] === false) return stopped(run, 'The workload is deactivated');
  const quota = condition('QuotaReserved');
  const message = quota?.['status'] === 'False' ? quota['message'] : undefined;
  if (!hasText(message)) return run;
  if (saysOfQueue(message, INACTIVE)) return stopped(run, message);
  if (!saysOfQueue(message, MISSING)) return run;
  const flag: Flag = { kind: 'orphaned', by: 'source', text: message, since: instantIn(quota?.['lastTransitionTime']) };
  return { ...run, flag };
}

/** What Kueue says of a LocalQueue or a ClusterQueue, which it names before that. */
const MISSING = "doesn't exist";
const INACTIVE = 'is inactive';

function saysOfQueue(message: string, what: string): boolean {
  const queue = message.indexOf('Queue ');
  return queue >= 0 && message.includes(what, queue);
}

function withAdmission(run: Run, since: Instant | undefined, now: Instant | undefined): Run {
  if (since === undefined || now === undefined || now - since <= RESUMING_MS) return run;
  const text = 'Kueue has admitted it, but it is still suspended.';
  return { ...run, flag: { kind: 'cannot_start', by: 'tardy', text, since } };
}

function stopped(run: Run, state: string): Run {
  return { ...run, hold: 'paused', waitsFor: { kind: 'queue of Kueue', ...run.waitsFor, state } };
}

function isOf(workload: JsonObject, job: string): boolean {
  const owners = objectsField(memberOf(workload, 'metadata'), 'ownerReferences', SYSTEM);
  return owners.some((owner) => owner['kind'] === 'Job' && owner['name'] === job);
}

async function workloads(
  run: Run,
  address: string,
  fetch: SourceFetch,
): Promise<{ readonly rows: readonly JsonObject[]; readonly now: Instant | undefined } | undefined> {
  let now: Instant | undefined;
  let refused = false;
  const watching: SourceFetch = async (request) => {
    const response = await fetch({ ...request, accept: [...(request.accept ?? []), 403, 404] });
    now = serverClock(response);
    refused ||= [403, 404].includes(response.status);
    return refused ? { ...response, body: { metadata: {}, items: [] } } : response;
  };
  const list = {
    address: `${address}apis/kueue.x-k8s.io/v1beta1/namespaces/${encodeURIComponent(run.workspace?.id ?? '')}/workloads`,
    query: [],
    pageSize: 500,
    system: SYSTEM,
  };
  const rows: JsonObject[] = [];
  for await (const { objects, incomplete } of readObjects(list, watching)) {
    rows.push(...objectsIn(objects, 'items', SYSTEM));
    if (incomplete !== undefined) throw new SourceError('truncated', incomplete);
  }
  return refused ? undefined : { rows, now };
}
