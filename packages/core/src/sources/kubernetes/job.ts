import {
  hasNumber,
  hasText,
  isObject,
  isTrue,
  listField,
  memberOf,
  objectField,
  type JsonObject,
} from '../reading/body.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { conditionsOf, countIn, deadlineOf, labelsOf, typeOf } from '../reading/cluster/object.js';
import { JOB_SHAPE } from './shapes.js';
import { checkedWire } from '../reading/read-rows.js';

const SYSTEM = 'the Kubernetes API';

/** How a Job is, in the words that kubectl shows: the type of the condition that counts, or what the counts of its pods say. */
const STATUSES: Vocabulary = {
  Complete: { status: 'completed', outcome: 'succeeded' },
  Failed: { status: 'completed', outcome: 'failed' },
  // Settled, but pods still end.
  SuccessCriteriaMet: { status: 'running' },
  FailureTarget: { status: 'running' },
  Suspended: { status: 'queued', hold: 'paused' },
  Pending: { status: 'queued' },
  Running: { status: 'running' },
};

/** The condition types of Kubernetes, the one that counts most first. */
export const JOB_CONDITIONS = ['Complete', 'Failed', 'SuccessCriteriaMet', 'FailureTarget', 'Suspended'] as const;

/** Put on by Kueue, which suspends Jobs until there is room for them. */
export const KUEUE_QUEUE = 'kueue.x-k8s.io/queue-name';

/** Labels that only repeat what the run says anyway. */
const OWN_LABELS = new Set(['controller-uid', 'job-name'].flatMap((name) => [name, `batch.kubernetes.io/${name}`]));

/**
 * A Job as the API server lists it, in the wire form of a run.
 *
 * A pod that is not ready may never have begun, which the counts do not tell from one that is lost; `inspect` does.
 */
export function kubernetesJobToWire(row: JsonObject): Record<string, unknown> {
  const metadata = objectField(row, 'metadata', SYSTEM) ?? {};
  const spec = objectField(row, 'spec', SYSTEM) ?? {};
  const status = objectField(row, 'status', SYSTEM) ?? {};
  const { namespace, name } = metadata;
  const named = hasText(namespace) && hasText(name);
  const conditions = conditionsOf(status);
  const word = wordOf(spec, status, conditions);
  const decisive = conditions.get(word);
  const meaning = meaningOf(STATUSES, word);
  const labels = memberOf(metadata, 'labels');
  const cronJob = cronJobOf(metadata);
  const ended = meaning.status === 'completed';
  const succeeded = countIn(status, 'succeeded');
  const suspended = word === 'Suspended';
  const partly = word === 'Failed' && decisive?.['reason'] === 'FailedIndexes' && succeeded > 0;
  return checkedWire(row, JOB_SHAPE, SYSTEM, {
    id: named ? `${namespace}/${name}` : undefined,
    type: cronJob ?? typeOf(metadata),
    title: name,
    workspace: { id: namespace },
    status: meaning.status,
    outcome: partly ? 'partially_succeeded' : meaning.outcome,
    hold: suspended && hasText(labels[KUEUE_QUEUE]) ? 'limit' : meaning.hold,
    waits_for:
      suspended && hasText(labels[KUEUE_QUEUE]) ? { kind: 'queue of Kueue', name: labels[KUEUE_QUEUE] } : undefined,
    hold_since: suspended ? (decisive?.['lastTransitionTime'] ?? metadata['creationTimestamp']) : undefined,
    queued_at: metadata['creationTimestamp'],
    started_at: suspended ? undefined : status['startTime'],
    phase_at: phaseOf(word, decisive, status),
    ended_at: ended ? (status['completionTime'] ?? decisive?.['lastTransitionTime']) : undefined,
    deadline_at: suspended ? undefined : deadlineOf(spec, status['startTime']),
    progress: progressOf(spec, succeeded),
    failure:
      meaning.outcome === 'failed'
        ? { code: decisive?.['reason'], message: shortText(decisive?.['message']) }
        : undefined,
    initiator: initiatorOf(metadata, cronJob),
    labels: labelsOf(labels, (label) => OWN_LABELS.has(label), cronJob === undefined ? {} : { cronjob: cronJob }),
    native: { status: word, outcome: ended ? decisive?.['reason'] : undefined },
  });
}

/** A settled Job ends its pods since its condition; a pending one waits since it was last resumed. */
function phaseOf(word: string, decisive: JsonObject | undefined, status: JsonObject): unknown {
  if (word === 'SuccessCriteriaMet' || word === 'FailureTarget') return decisive?.['lastTransitionTime'];
  return word === 'Pending' ? (status['startTime'] ?? undefined) : undefined;
}

function wordOf(spec: JsonObject, status: JsonObject, conditions: ReadonlyMap<string, JsonObject>): string {
  const known = JOB_CONDITIONS.find((type) => conditions.has(type));
  if (known !== undefined) return known;
  if (isTrue(spec['suspend'])) return 'Suspended';
  if (status['startTime'] === undefined || status['startTime'] === null) return 'Pending';
  const active = countIn(status, 'active');
  // A condition of tomorrow may well be one of the end, as long as no pod is at work.
  const [unknown] = conditions.keys();
  if (active === 0 && unknown !== undefined) return unknown;
  // Servers before 1.24 do not count the ready ones.
  const ready = active > 0 && status['ready'] !== 0;
  const counted = ['succeeded', 'failed', 'terminating'].some((name) => countIn(status, name) > 0);
  return ready || counted || hasUncounted(status) ? 'Running' : 'Pending';
}

/** Pods that have ended are kept here until they are counted. */
function hasUncounted(status: JsonObject): boolean {
  const uncounted = memberOf(status, 'uncountedTerminatedPods');
  return ['succeeded', 'failed'].some((name) => (listField(uncounted, name, SYSTEM) ?? []).length > 0);
}

/** Pods that failed are tried again, so they are no progress. */
function progressOf(spec: JsonObject, succeeded: number): Record<string, unknown> | undefined {
  const total = spec['completions'];
  if (!hasNumber(total) || total < 2) return undefined;
  return { processed: Math.min(succeeded, total), total, unit: 'completions' };
}

function cronJobOf(metadata: JsonObject): string | undefined {
  const owners = metadata['ownerReferences'];
  const owner = Array.isArray(owners) ? owners.filter(isObject).find(({ kind }) => kind === 'CronJob') : undefined;
  return hasText(owner?.['name']) ? owner['name'] : undefined;
}

function initiatorOf(metadata: JsonObject, cronJob: string | undefined): Record<string, unknown> | undefined {
  if (memberOf(metadata, 'annotations')['cronjob.kubernetes.io/instantiate'] === 'manual') return { kind: 'user' };
  return cronJob === undefined ? undefined : { kind: 'schedule', name: cronJob };
}
